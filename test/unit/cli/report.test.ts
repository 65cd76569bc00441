import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/cli/command.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { type ReportFormat, report, writeReport } from '../../../src/cli/report.ts';
import type { ReportRequest } from '../../../src/domain/report/compile.ts';
import { NINE, siteWith, TICKET_LIFE } from './site.ts';
import { listen } from './terminal.ts';

const DAY = Math.floor(NINE / 86_400_000);

async function write(format: ReportFormat, request: Partial<ReportRequest> = {}) {
  const { heard, terminal } = listen('');
  const { site } = await siteWith(TICKET_LIFE);
  const whole = { fromDay: DAY, toDay: DAY, queue: undefined, by: 'day', ...request } as const;
  const code = await writeReport(site, whole, format, terminal);
  return { code, ...heard };
}

/** RFC 4180, as far as a report goes. */
function parseCsv(text: string): Record<string, string>[] {
  const [head = '', ...lines] = text.split('\r\n').slice(0, -1);
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, index) => [names[index], value])),
  );
}

describe('linekeeper report', () => {
  it('prints a table beside a running server', async () => {
    const { code, out } = await write('table');
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.trimEnd().split(/ {2,}/u))).toEqual([
      expect.arrayContaining(['queue', 'period', 'joined', 'ASA s', 'connected', 'unexplained']),
      expect.arrayContaining(['refunds', '2026-11-25']),
      [''],
    ]);
  });

  it('gives the same numbers as CSV and as JSON', async () => {
    const csv = parseCsv((await write('csv', { by: 'hour' })).out);
    const json: unknown = JSON.parse((await write('json', { by: 'hour' })).out);
    expect(json).toMatchObject({ from: '2026-11-25', to: '2026-11-25', by: 'hour', givenUp: 0 });
    const { rows } = json as { readonly rows: readonly Record<string, string | number | null>[] };
    const asText = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value ?? '')])),
    );
    expect(csv).toEqual(asText);
    expect(rows).toMatchObject([{ joined: 2, registered: 1, connected: 1, overtakes: 1 }]);
    expect(rows[0]?.['holdAsaSeconds']).toBe(null);
    expect(csv[0]?.['holdAsaSeconds']).toBe('');
  });

  it('says that there is nothing, and names the queues when asked for another', async () => {
    const empty = { fromDay: DAY + 1, toDay: DAY + 1 };
    expect((await write('table', empty)).out).toBe('Nobody joined a line on these days.\n');
    await expect(write('csv', { queue: 'refnds' })).rejects.toThrow(
      'there is no queue "refnds"; there are refunds',
    );
  });

  it.each([
    [[], '--from is missing'],
    [['--from', 'yesterday'], '"yesterday" is no date such as 2026-11-25'],
    [['--from', '2026-02-30'], '"2026-02-30" is no date'],
    [['--from', '2026-11-25', '--to', '2026-11-24'], '--to is before --from'],
    [['--from', '2020-01-01', '--to', '2026-01-01'], 'at most 400 days'],
    [['--from', '2026-11-25', '--by', 'minute'], '--by: "minute" is not one of hour, day, queue'],
    [['--from', '2026-11-25', '--format', 'xls'], '--format: "xls" is not one of'],
    [['--from', '2026-11-25', 'more'], '"more" is one argument too many'],
  ])('refuses wrong usage with 2: %j', async (args, why) => {
    const { heard, terminal } = listen('/nowhere');
    const commands = new Map<string, Command>([['report', report]]);
    const code = await runProgram({ commands, version: '' }, ['report', ...args], terminal);
    expect(code).toBe(2);
    expect(heard.err).toContain(why);
  });
});
