import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfiguration } from '../../../src/config/load.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import { watchConfiguration } from '../../../src/config/watch.ts';
import { WEEKDAYS } from '../../../src/domain/hours/hours.ts';
import type { NumberPolicy } from '../../../src/domain/numbering/policy.ts';
import { configFolder, ENVIRONMENT, problems } from './folder.ts';

async function loaded(folder: string): Promise<NumberPolicy> {
  const result = await loadConfiguration(folder, ENVIRONMENT);
  if (!result.ok) expect.fail(formatProblems(result.problems));
  return result.configuration.numbers;
}

/** The good files with other settings of callbacks. */
async function withSettings(settings: string): Promise<NumberPolicy> {
  const folder = await configFolder();
  const path = join(folder, 'numbers.yaml');
  const [numbers = ''] = (await readFile(path, 'utf8')).split('callbackNumbers:');
  await writeFile(path, `${numbers}callbackNumbers:\n${settings}`);
  return loaded(folder);
}

const AREA_CODES = 'numbering/area-codes.yaml';

async function edit(folder: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, AREA_CODES);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

const EVENING = { fromMinute: 480, toMinute: 1260 };

describe('the tables of the numbering plan', () => {
  it('are held as plain maps', async () => {
    const { plan } = await loaded(await configFolder());
    expect(plan.areaCodes).toEqual(
      new Map([
        ['202', { region: 'US-DC', timeZones: ['America/New_York'] }],
        ['305', { region: 'US-FL', timeZones: ['America/New_York'] }],
        ['850', { region: 'US-FL', timeZones: ['America/New_York', 'America/Chicago'] }],
        ['876', { region: 'JM', timeZones: ['America/Jamaica'] }],
      ]),
    );
    expect(plan.regions.get('JM')).toEqual({ highCost: true });
    expect(plan.regions.get('US-FL')).toEqual({ highCost: false });
    expect(plan.special).toEqual([
      { rule: 'premium', beginning: '900' },
      { rule: 'premium', beginning: 'NXX976' },
      { rule: 'fictional', beginning: 'NXX55501' },
      { rule: 'serviceCode', beginning: 'N11' },
      { rule: 'tollFree', beginning: '800' },
      { rule: 'personal', beginning: '500' },
    ]);
  });

  it('are taken up while running, without anybody asking', async () => {
    const folder = await configFolder();
    const initial = await loadConfiguration(folder, ENVIRONMENT);
    if (!initial.ok) expect.fail(formatProblems(initial.problems));
    const quiet = () => undefined;
    const holder = watchConfiguration({
      folder,
      environment: ENVIRONMENT,
      initial: initial.configuration,
      log: { info: quiet, warn: quiet, error: quiet },
    });
    onTestFinished(() => holder.close());
    const next = new Promise<NumberPolicy>((resolve) => {
      holder.subscribe(({ numbers }) => resolve(numbers));
    });
    await edit(folder, (text) => text.replace('202:', '202: America/New_York\n      771:'));
    expect((await next).plan.areaCodes.get('771')?.region).toBe('US-DC');
  });

  it.each<[what: string, damage: (folder: string) => Promise<void>, message: string]>([
    ['missing', (folder) => rm(join(folder, AREA_CODES)), 'this file is missing'],
    [
      'missing with its folder',
      (folder) => rm(join(folder, 'numbering'), { recursive: true }),
      'this file is missing',
    ],
    ['a folder', makeFolder, 'cannot be read: EISDIR'],
    ['empty', (folder) => edit(folder, () => ''), 'updated is missing'],
    ['without regions', (folder) => edit(folder, withoutRegions), 'not allowed here'],
    ['cut off', (folder) => edit(folder, (text) => text.slice(0, 200)), 'not YAML'],
    ['bytes of another kind', garble, 'cannot be read: not UTF-8'],
  ])('that are %s never replace good ones', async (_, damage, message) => {
    const folder = await configFolder();
    const initial = await loadConfiguration(folder, ENVIRONMENT);
    if (!initial.ok) expect.fail(formatProblems(initial.problems));
    const told: string[] = [];
    const tell = (text: string) => told.push(text);
    const holder = watchConfiguration({
      folder,
      environment: ENVIRONMENT,
      initial: initial.configuration,
      log: { info: tell, warn: tell, error: tell },
    });
    onTestFinished(() => holder.close());
    await damage(folder);
    expect((await holder.reload()).ok).toBe(false);
    expect(holder.current()).toBe(initial.configuration);
    expect(told.join('\n')).toContain(message);
  });

  it.each<[table: string, what: string, damage: (text: string) => string, message: string]>([
    ['special-numbers', 'a kind taken out', withoutPremium, 'would be called: premium'],
    [
      'special-numbers',
      'its end cut off',
      cutAfter('- rule: premium\n    numbers: [900, NXX-976]\n'),
      'complete is missing',
    ],
    ['area-codes', 'its end cut off', cutAfter('305: America/New_York\n'), 'complete is missing'],
    ['calling-hours', 'its end cut off', cutAfter('sun: closed }\n'), 'complete is missing'],
    ['calling-hours', 'something after its end', endFirst, 'this is not the last line'],
  ])('are refused: %s with %s', async (table, _, damage, message) => {
    const folder = await configFolder();
    const path = join(folder, 'numbering', `${table}.yaml`);
    await writeFile(path, damage(await readFile(path, 'utf8')));
    expect(formatProblems(await problems(folder))).toContain(message);
  });

  it('may say that there are no numbers of a kind', async () => {
    const folder = await configFolder();
    const path = join(folder, 'numbering', 'special-numbers.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('numbers: [900, NXX-976]', 'numbers: []'));
    expect((await loaded(folder)).plan.special.map(({ rule }) => rule)).not.toContain('premium');
  });

  it('that nobody reads are warned of', async () => {
    const folder = await configFolder();
    await writeFile(join(folder, 'numbering', 'area-code.yaml'), 'regions: {}\n');
    const result = await loadConfiguration(folder, ENVIRONMENT);
    if (!result.ok) expect.fail(formatProblems(result.problems));
    expect(result.warnings.join('\n')).toContain('did you mean numbering/area-codes.yaml?');
  });
});

function withoutPremium(text: string): string {
  return text.replace('  - rule: premium\n    numbers: [900, NXX-976]\n', '');
}

function cutAfter(part: string): (text: string) => string {
  return (text) => text.slice(0, text.indexOf(part) + part.length);
}

function endFirst(text: string): string {
  return `complete: true\n${text.replace('complete: true\n', '')}`;
}

async function makeFolder(folder: string): Promise<void> {
  await rm(join(folder, AREA_CODES));
  await mkdir(join(folder, AREA_CODES));
}

function withoutRegions(text: string): string {
  return `${text.slice(0, text.indexOf('regions:'))}regions: {}\n`;
}

function garble(folder: string): Promise<void> {
  return writeFile(join(folder, AREA_CODES), Buffer.from([0x66, 0x6f, 0xff, 0xfe]));
}

describe('what numbers.yaml says of callbacks', () => {
  it('is cautious where it says nothing', async () => {
    const policy = await loaded(await configFolder());
    expect(policy.allowFictional).toBe(false);
    expect(policy.callingHours?.usual).toEqual(
      Object.fromEntries(WEEKDAYS.map((day) => [day, [EVENING]])),
    );
    expect(policy.callingHours?.byRegion.get('US-FL')?.sun).toEqual([]);
    expect(policy.ceilings.attemptsPerNumberPerDay).toBe(20);
    expect(policy.ceilings.cost).toBeUndefined();
  });

  it('holds numbers and their beginnings without what stands between digits', async () => {
    const policy = await withSettings(
      '  allow: ["+1 (809) 555"]\n  deny: [+1 202-555-0100]\n  only: ["+1"]\n',
    );
    expect([policy.allow, policy.deny, policy.only]).toEqual([
      ['+1809555'],
      ['+12025550100'],
      ['+1'],
    ]);
  });

  it('allows regions, and countries with their zones', async () => {
    const policy = await withSettings(
      '  allowRegions: [JM]\n  allowCountries: { GB: { timeZones: Europe/London } }\n',
    );
    expect(policy.allowRegions).toEqual(new Set(['JM']));
    expect(policy.allowCountries).toEqual(new Map([['GB', { timeZones: ['Europe/London'] }]]));
  });

  it('may have people called at any hour', async () => {
    expect((await withSettings('  callingHours: always\n')).callingHours).toBeUndefined();
  });

  it('warns of calls at any hour once phones elsewhere can reach us', async () => {
    const folder = await configFolder();
    const path = join(folder, 'numbers.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}  callingHours: always\n`);
    const warnings = async (sip: string) => {
      const result = await loadConfiguration(folder, { ...ENVIRONMENT, LINEKEEPER_SIP: sip });
      return result.ok ? result.warnings.join('\n') : expect.fail(formatProblems(result.problems));
    };
    expect(await warnings('192.0.2.10:5060')).toContain('callingHours is always');
    expect(await warnings('127.0.0.1:5060')).not.toContain('callingHours');
  });

  it.each<[hours: string, apart: string | undefined, closed: string | undefined]>([
    ['{ everyDay: 08:00-21:00 }', undefined, undefined],
    ['{ everyDay: 09:00-10:00, byRegion: false }', '850', undefined],
    // Florida opens at eight.
    ['{ everyDay: 07:00-08:00 }', undefined, '305, 850'],
    ['{ everyDay: 08:00-08:30 }', '850', undefined],
    ['{ everyDay: closed }', undefined, '202, 305, 850, 876'],
    ['{ everyDay: 08:00-21:00, holidays: [2026-06-01, 2026-06-02] }', undefined, undefined],
  ])(
    'with hours %s are never called for zones apart: %s, for closed days: %s',
    async (hours, apart, closed) => {
      const folder = await configFolder();
      const path = join(folder, 'numbers.yaml');
      const text = await readFile(path, 'utf8');
      await writeFile(path, `${text}  callingHours: ${hours}\n`);
      const result = await loadConfiguration(folder, ENVIRONMENT);
      if (!result.ok) expect.fail(formatProblems(result.problems));
      const named = (why: string) =>
        result.warnings
          .map(
            (one) =>
              new RegExp(`ever called in the area codes ([\\d, ]+): .*${why}`, 'u').exec(one)?.[1],
          )
          .find((codes) => codes !== undefined);
      expect(named('their time zones')).toBe(apart);
      expect(named('closed all week')).toBe(closed);
    },
  );

  it('may differ by day and do without the hours of states', async () => {
    const { callingHours } = await withSettings(
      '  callingHours: { everyDay: 09:00-17:00, sun: closed, byRegion: false, holidays: [2026-12-25] }\n',
    );
    expect(callingHours).toEqual({
      usual: {
        ...Object.fromEntries(WEEKDAYS.map((day) => [day, [{ fromMinute: 540, toMinute: 1020 }]])),
        sun: [],
      },
      byRegion: new Map(),
      holidays: new Set(['2026-12-25']),
      unplacedTimeZones: ['America/New_York', 'America/Los_Angeles'],
    });
  });

  it('prices calls by region', async () => {
    const { ceilings } = await withSettings(
      '  ceilings: { cost: { perDay: 50, usual: { perMinute: 0.01 }, regions: { JM: { perMinute: 0.5 } } } }\n',
    );
    expect(ceilings.cost).toEqual({
      perDay: 50,
      usualMinutes: 15,
      usual: { perAttempt: 0, perMinute: 0.01 },
      byRegion: new Map([['JM', { perAttempt: 0, perMinute: 0.5 }]]),
    });
  });
});
