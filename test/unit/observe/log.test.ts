import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, type LogLevel } from '../../../src/observe/log.ts';

function logTo(lines: string[], level: LogLevel = 'debug', pretty = false) {
  return createLog({ level, pretty, destination: { write: (line) => void lines.push(line) } });
}

describe('log', () => {
  test('writes one JSON object a line, with time, level, message and fields', () => {
    const lines: string[] = [];
    logTo(lines).warn('phone refused', { agentId: 'anna', tries: 3, known: true, none: undefined });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    const { time, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(rest).toEqual({
      level: 'warn',
      message: 'phone refused',
      agentId: 'anna',
      tries: 3,
      known: true,
    });
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('leaves out what is below its level', () => {
    const lines: string[] = [];
    const log = logTo(lines, 'warn');
    log.debug('one');
    log.info('two');
    log.warn('three');
    log.error('four');
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'three',
      'four',
    ]);
  });

  test('pretty lines are for people, and cannot be forged', () => {
    const lines: string[] = [];
    logTo(lines, 'debug', true).info('started\n00:00 error forged', { file: 'a b', n: 1 });
    expect(lines.join('')).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} info {2}started�00:00 error forged file="a b" n=1\n$/,
    );
  });

  test('a field cannot take the place of level, time or message', () => {
    const lines: string[] = [];
    logTo(lines).info('real', { level: 'debug', message: 'false' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      message: 'real',
      level_: 'debug',
      message_: 'false',
    });
  });

  test('times, counts and bytes are no telephone numbers', () => {
    const fields = { at: 1_764_019_429_000, waitMs: 3_600_000, bytes: 46_600_192 };
    const lines: string[] = [];
    logTo(lines).info('done', fields);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject(fields);
  });

  test('long texts are cut and fields are limited', () => {
    const lines: string[] = [];
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${n}`, n]));
    logTo(lines).info('x'.repeat(100_000), many);
    expect(lines[0]?.length).toBeLessThan(4_000);
  });

  test('a number is masked wherever it slips in', () => {
    const national = fc
      .tuple(fc.stringMatching(/^[2-9][0-9]{2}$/), fc.stringMatching(/^[2-9][0-9]{6}$/))
      .map(([area, rest]) => `${area}${rest}`);
    const place = fc.constantFrom('message', 'text', 'name', 'value');
    fc.assert(
      fc.property(national, place, fc.boolean(), (number, where, pretty) => {
        const lines: string[] = [];
        const log = logTo(lines, 'debug', pretty);
        if (where === 'message') log.info(`call to +1${number} failed`);
        if (where === 'text') log.info('call', { uri: `sip:1${number}@127.0.0.1` });
        if (where === 'name') log.info('call', { [`+1${number}`]: true });
        if (where === 'value') log.info('call', { number: Number(`1${number}`) });
        expect(lines.join('')).not.toContain(number.slice(3));
        expect(lines.join('')).toContain('•');
      }),
    );
  });
});
