import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../src/config/configuration.ts';
import type { Environment } from '../../../src/config/environment.ts';
import { loadConfiguration } from '../../../src/config/load.ts';
import { formatProblems, type Problem } from '../../../src/config/problem.ts';
import { FILE_NAMES } from '../../../src/config/schema/files.ts';
import { isInRange } from '../../../src/domain/trunk/address-range.ts';
import { configFolder, ENVIRONMENT, SAMPLE } from './folder.ts';

async function load(folder: string, environment: Environment = {}): Promise<Configuration> {
  const result = await loadConfiguration(folder, { ...ENVIRONMENT, ...environment });
  if (!result.ok) expect.fail(formatProblems(result.problems));
  return result.configuration;
}

async function problems(
  folder: string,
  environment: Environment = {},
): Promise<readonly Problem[]> {
  const result = await loadConfiguration(folder, { ...ENVIRONMENT, ...environment });
  return result.ok ? expect.fail('the configuration was taken') : result.problems;
}

describe('the sample configuration', () => {
  it('is good as it is, without anything in the environment', async () => {
    const result = await loadConfiguration(SAMPLE, {});
    expect(result).toMatchObject({ ok: true, warnings: [] });
  });

  it('serves the toll-free number with two queues and three agents', async () => {
    const configuration = await load(SAMPLE);
    expect([...configuration.entryPoints.keys()]).toEqual(['+18005550100']);
    expect([...configuration.queues.keys()]).toEqual(['refunds', 'general']);
    expect([...configuration.agents.keys()]).toEqual(['alice', 'bob', 'carol']);
    expect(configuration.menus.get('main')?.keys).toEqual({
      '1': { to: 'queue', queue: 'refunds' },
      '2': { to: 'queue', queue: 'general' },
      '8': { to: 'menu', menu: 'main-spanish', language: 'es' },
      '9': { to: 'repeat' },
    });
    const inbound = configuration.trunks.get('loopback')?.inbound;
    expect(inbound?.sources.some((range) => isInRange(range, '127.0.0.1'))).toBe(true);
  });

  it('shows for "refunds" the values that "general" gets by leaving them out', async () => {
    const { queues } = await load(SAMPLE);
    const own = { id: 'same', namePrompt: 'same' };
    expect({ ...queues.get('general'), ...own }).toEqual({ ...queues.get('refunds'), ...own });
  });
});

describe('a good configuration', () => {
  it('holds numbers in E.164 however they were written', async () => {
    const { entryPoints, numbers, trunks } = await load(await configFolder());
    expect([...entryPoints.keys()]).toEqual(['+18005550100', '+18005550101']);
    expect(entryPoints.get('+18005550101')).toEqual({
      dnis: '+18005550101',
      namePrompt: 'name-tax-help',
      greeting: ['greeting'],
      menu: 'other',
      hours: 'office',
      closedPrompts: ['closed'],
      language: 'en',
      person: undefined,
    });
    expect([...numbers.ownNumbers]).toEqual(['+18005550100', '+18005550101', '+12025550190']);
    expect(numbers.allowFictional).toBe(false);
    expect(trunks.get('carrier')?.outbound?.callerId).toBe('+12025550190');
  });

  it('holds menus as the caller meets them', async () => {
    const { menus } = await load(await configFolder());
    expect(menus.get('main')).toEqual({
      id: 'main',
      prompts: ['main-menu'],
      keys: {
        '1': { to: 'queue', queue: 'refunds' },
        '2': { to: 'menu', menu: 'other' },
        '9': { to: 'repeat' },
        '8': { to: 'hangUp', prompts: ['goodbye'] },
      },
      universalKeys: { repeat: '*', person: '0', slower: '#' },
      person: undefined,
      timeoutSeconds: 6,
      timeoutPrompt: 'timeout',
      invalidPrompt: 'invalid-key',
      maxTries: 3,
      exhausted: { to: 'queue', queue: 'general' },
    });
    expect(menus.get('other')?.person).toBe('refunds');
  });

  it('holds hours in minutes, in order', async () => {
    const office = (await load(await configFolder())).hours.get('office');
    expect(office?.week.mon).toEqual([
      { fromMinute: 480, toMinute: 750 },
      { fromMinute: 780, toMinute: 1080 },
    ]);
    expect(office?.week.sat).toEqual([]);
    expect(office?.week.tue).toEqual([]);
    expect(office?.holidays).toEqual(new Set(['2026-12-25']));
  });

  it('holds secrets from the file, the environment, and another file', async () => {
    const { agents } = await load(await configFolder());
    expect(agents.get('alice')?.secret).toBe('secret-of-alice');
    expect(agents.get('bob')?.secret).toBe('secret-of-bob-from-outside');
    expect(agents.get('7001')?.secret).toBe('secret-of-room-7');
  });

  it('holds trunks with their addresses, in the order of the file', async () => {
    const { trunks } = await load(await configFolder());
    expect([...trunks.keys()]).toEqual(['carrier', 'inbound-only']);
    const carrier = trunks.get('carrier');
    const sources = carrier?.inbound?.sources ?? [];
    const known = (address: string) => sources.some((range) => isInRange(range, address));
    expect(known('192.0.2.15')).toBe(true);
    expect(known('192.0.2.16')).toBe(false);
    expect(known('2001:db8::7')).toBe(true);
    expect(carrier?.outbound).toEqual({
      host: 'sip.carrier.example',
      port: 5060,
      transport: 'tcp',
      credentials: { user: 'linekeeper', secret: 'secret-of-linekeeper' },
      callerId: '+12025550190',
      numberFormat: 'national',
      callerIdFormat: 'e164',
      callerIdHost: undefined,
      assertIdentity: true,
      privacy: 'none',
      maxCalls: 2_000,
    });
    expect(trunks.get('inbound-only')?.outbound).toBeUndefined();
  });

  it('takes its folders from where its files lie', async () => {
    const folder = await configFolder();
    const { system } = await load(folder);
    expect(system.folders.data).toBe(join(folder, '..', 'data'));
    expect(system.freeswitch.recordingsFolder).toBe(system.folders.recordings);
    expect(system.freeswitch.soundsFolder).toBe(ENVIRONMENT.LINEKEEPER_SOUNDS);
  });
});

describe('languages', () => {
  const menus = (keys: string, everywhere = '') => `
${everywhere}
menus:
  main:
    prompts: [main-menu]
    keys: { ${keys} }
    timeoutPrompt: timeout
    invalidPrompt: invalid-key
    exhausted: { queue: general }
`;
  const TO_SPANISH = '"8": { menu: other, language: es }';

  /** The sample, which speaks both, with other menus. */
  async function sampleWith(text: string): Promise<string> {
    const folder = await configFolder();
    for (const file of ['prompts', 'numbers']) {
      await cp(join(SAMPLE, `${file}.yaml`), join(folder, `${file}.yaml`));
    }
    await writeFile(join(folder, 'menus.yaml'), text);
    return folder;
  }

  it('are English unless a number says otherwise', async () => {
    const folder = await sampleWith(menus('"1": { queue: refunds }'));
    expect((await load(folder)).entryPoints.get('+18005550100')?.language).toBe('en');
    const numbers = await readFile(join(folder, 'numbers.yaml'), 'utf8');
    const spanish = numbers.replace('# language: es', 'language: es');
    await writeFile(join(folder, 'numbers.yaml'), spanish);
    const configuration = await load(folder);
    expect(configuration.entryPoints.get('+18005550100')?.language).toBe('es');
    expect(configuration.language).toBe('en');
    expect(configuration.languages).toEqual(['en', 'es']);
  });

  it('are those of texts, said by the speaker of another one where told so', async () => {
    const { prompts } = await load(await sampleWith(menus('"1": { queue: refunds }')));
    expect(prompts.get('goodbye')?.texts.get('es')).toBe('Gracias por llamar. Adiós.');
    expect(prompts.get('other-language')?.texts.get('en')).toBe('Para español, oprima 8.');
  });

  it('in use need a text in each prompt', async () => {
    const folder = await sampleWith(menus(TO_SPANISH.replace('other', 'main')));
    const path = join(folder, 'prompts.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('    es: Gracias por llamar. Adiós.\n', ''));
    expect(formatProblems(await problems(folder)).replaceAll(folder, 'config')).toMatch(
      /prompts\.goodbye: has no text in es, a language in use\n .*\n {2}allowed: es: TEXT$/u,
    );
  });

  it('nobody wrote for are told in one sentence', async () => {
    const folder = await configFolder();
    await writeFile(join(folder, 'menus.yaml'), menus(TO_SPANISH.replace('other', 'main')));
    expect(formatProblems(await problems(folder))).toMatch(
      /prompts: \d+ prompts have no text in es, a language in use: greeting, .* more\n/u,
    );
  });

  it('need their sounds at both paces', async () => {
    const folder = await sampleWith(menus(TO_SPANISH.replace('other', 'main')));
    const sounds = join(folder, 'sounds');
    await mkdir(sounds);
    for (const voice of ['en', 'en-slow', 'es']) {
      await symlink(join(ENVIRONMENT.LINEKEEPER_SOUNDS, voice), join(sounds, voice));
    }
    const found = await problems(folder, { LINEKEEPER_SOUNDS: sounds });
    const messages = found.map(({ message }) => message.replace(sounds, 'sounds'));
    const missing = (sound: string) => `its sound sounds/es-slow/${sound} cannot be read (ENOENT)`;
    expect(messages).toContain(missing('prompts/goodbye.wav'));
    expect(messages).toContain(missing('weekdays/mon.wav'));
    expect(messages.filter((message) => !message.includes('/es-slow/'))).toEqual([]);
  });
});

describe('the keys that mean the same everywhere', () => {
  const MENU = `
    prompts: [main-menu]
    timeoutPrompt: timeout
    invalidPrompt: invalid-key
`;

  async function problemsOf(menus: string): Promise<string> {
    const folder = await configFolder();
    const numbers = await readFile(join(folder, 'numbers.yaml'), 'utf8');
    await writeFile(join(folder, 'numbers.yaml'), numbers.replace('menu: other', 'menu: main'));
    await writeFile(join(folder, 'menus.yaml'), menus);
    const result = await loadConfiguration(folder, ENVIRONMENT);
    return result.ok ? '' : formatProblems(result.problems).replaceAll(folder, 'config');
  }

  it.each<[string, string, RegExp | '']>([
    ['"*": repeat, "0": { queue: refunds }', '', ''],
    ['"*": { queue: refunds }', '', /keys\.\*: this key means "say it again" in every menu/u],
    ['"#": repeat', '', /keys\.#: this key means "speak more slowly" in every menu/u],
    ['"0": { menu: main }', '', /keys\.0: this key means "a person" in every menu/u],
    ['"#": repeat', 'everywhere: { slower: "*", repeat: "#" }', ''],
    [
      '"1": repeat',
      'everywhere: { slower: "*" }',
      /everywhere: .*\n(?:.*\n)?.*another key for each/u,
    ],
  ])('with keys { %s } and "%s"', async (keys, everywhere, expected) => {
    const text = `${everywhere}\nmenus:\n  main:${MENU}    keys: { ${keys} }\n    exhausted: { queue: general }\n`;
    const found = await problemsOf(text);
    if (expected === '') expect(found).toBe('');
    else expect(found).toMatch(expected);
  });

  it('lead to a person from every menu', async () => {
    const text = `menus:\n  main:${MENU}    keys: {}\n    exhausted: { hangUp: [goodbye] }\n`;
    expect(await problemsOf(text)).toMatch(
      /menus\.main: nobody can tell which queue leads to a person from here/u,
    );
    expect(await problemsOf(text.replace('keys:', 'person: general\n    keys:'))).toBe('');
    expect(await problemsOf(text.replace('keys:', 'person: nobody\n    keys:'))).toMatch(
      /menus\.main\.person: no queue has this name/u,
    );
  });
});

describe('the environment', () => {
  it('wins over system.yaml', async () => {
    const { system } = await load(await configFolder(), {
      LINEKEEPER_SWITCH: 'external',
      LINEKEEPER_SIP: '[::1]:5080',
      LINEKEEPER_DRACHTIO: 'drachtio.example:9023',
      LINEKEEPER_DRACHTIO_SECRET: 'another-secret',
      LINEKEEPER_FREESWITCH: '192.0.2.9:8022',
      LINEKEEPER_FREESWITCH_SECRET: 'third-secret',
      LINEKEEPER_FREESWITCH_LISTEN: '0.0.0.0:9999',
      LINEKEEPER_FREESWITCH_ADVERTISED: 'linekeeper',
      LINEKEEPER_FREESWITCH_SOUNDS: '/sounds',
      LINEKEEPER_FREESWITCH_RECORDINGS: '/recordings',
      LINEKEEPER_DATA: '/var/lib/linekeeper',
      LINEKEEPER_RECORDINGS: 'here',
      LINEKEEPER_LOG: 'debug',
    });
    expect(system).toMatchObject({
      switch: 'external',
      sip: { address: '::1', port: 5080 },
      drachtio: { host: 'drachtio.example', port: 9023, secret: 'another-secret' },
      freeswitch: {
        host: '192.0.2.9',
        port: 8022,
        secret: 'third-secret',
        listenAddress: '0.0.0.0',
        listenPort: 9999,
        advertisedAddress: 'linekeeper',
        soundsFolder: '/sounds',
        recordingsFolder: '/recordings',
      },
      folders: { data: '/var/lib/linekeeper', recordings: join(process.cwd(), 'here') },
      logLevel: 'debug',
    });
  });

  it('may give what system.yaml lacks', async () => {
    const folder = await configFolder();
    await writeFile(join(folder, 'system.yaml'), '# all from the environment\n');
    const { system } = await load(folder, {
      LINEKEEPER_DRACHTIO_SECRET: 'another-secret',
      LINEKEEPER_FREESWITCH_SECRET: 'third-secret',
    });
    expect(system.drachtio).toEqual({ host: '127.0.0.1', port: 9022, secret: 'another-secret' });
  });

  it('is named when it is wrong, and its secrets are not shown', async () => {
    const found = await problems(await configFolder(), {
      LINEKEEPER_SWITCH: 'extern',
      LINEKEEPER_DRACHTIO: 'nowhere',
      LINEKEEPER_FREESWITCH: 'host:99999',
      LINEKEEPER_FREESWITCH_SECRET: 'a b',
    });
    expect(formatProblems(found)).toBe(
      [
        'environment: LINEKEEPER_DRACHTIO: not an address',
        '  value:   "nowhere"',
        '  allowed: host:port, such as 127.0.0.1:9022',
        'environment: LINEKEEPER_SWITCH: not allowed here',
        '  value:   "extern"',
        '  allowed: one of embedded, external (did you mean external?)',
        'environment: LINEKEEPER_FREESWITCH: too large',
        '  value:   99999',
        '  allowed: a whole number from 0 to 65535',
        'environment: LINEKEEPER_FREESWITCH_SECRET: too short',
        '  value:   (not shown)',
        '  allowed: 4 to 128 visible characters, or ${ENV:NAME}, or ${FILE:path}',
      ].join('\n'),
    );
  });
});

describe('an external switch', () => {
  it('needs ports that are known before it is reached', async () => {
    const ports = { LINEKEEPER_DRACHTIO: '127.0.0.1:0', LINEKEEPER_FREESWITCH: '127.0.0.1:0' };
    expect((await load(SAMPLE, ports)).system.drachtio.port).toBe(0);
    const found = await problems(SAMPLE, { ...ports, LINEKEEPER_SWITCH: 'external' });
    expect(found.map(({ setting }) => setting)).toEqual([
      'LINEKEEPER_DRACHTIO',
      'LINEKEEPER_FREESWITCH',
    ]);
  });
});

describe('what is allowed but should not stay', () => {
  async function warnings(environment: Environment, folder = SAMPLE): Promise<string> {
    const result = await loadConfiguration(folder, environment);
    return result.ok ? result.warnings.join('\n') : expect.fail(formatProblems(result.problems));
  }

  it('sample secrets and fictional numbers once phones elsewhere can reach us', async () => {
    const text = await warnings({ LINEKEEPER_SIP: '192.0.2.10:5060' });
    expect(text).toContain("alice, bob, carol: the sample's secrets are in use");
    expect(text).toContain('allowFictional is true');
    expect(await warnings({ LINEKEEPER_SIP: '127.0.0.5:5060' })).toBe('');
  });

  it('well-known secrets of servers elsewhere', async () => {
    const text = await warnings({ LINEKEEPER_DRACHTIO: '192.0.2.10:9022' });
    expect(text).toContain('drachtio: its well-known default secret is in use on 192.0.2.10');
    expect(text).not.toContain('freeswitch:');
  });

  it('a misspelt variable and a misspelt file', async () => {
    const folder = await configFolder();
    await writeFile(join(folder, 'menu.yaml'), '');
    await writeFile(join(folder, 'notes.txt'), '');
    const text = await warnings({ ...ENVIRONMENT, LINEKEEPER_DRACHTO: '127.0.0.1:9022' }, folder);
    expect(text).toContain('LINEKEEPER_DRACHTO is not read; did you mean LINEKEEPER_DRACHTIO?');
    expect(text).toContain('menu.yaml is not read; did you mean menus.yaml?');
    expect(text).not.toContain('notes.txt');
  });

  it('a queue that nobody serves, and callbacks that could not leave', async () => {
    const folder = await configFolder();
    await writeFile(
      join(folder, 'agents.yaml'),
      'agents: { alice: { name: A, queues: [general], secret: secret-of-alice } }',
    );
    await writeFile(
      join(folder, 'trunks.yaml'),
      'trunks: { in: { inbound: { sources: [127.0.0.1] } } }',
    );
    const text = await warnings(ENVIRONMENT, folder);
    expect(text).toContain('no agent serves the queue refunds');
    expect(text).toContain('no trunk has outbound');
  });

  it('sessions shorter than RFC 4028 allows', async () => {
    const folder = await configFolder();
    const path = join(folder, 'system.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}\nsip: { minSessionExpiresSeconds: 30 }\n`);
    expect(await warnings(ENVIRONMENT, folder)).toContain('RFC 4028');
  });
});

describe('files that cannot be read', () => {
  it('are each told of, beside what is wrong in the others', async () => {
    const folder = await configFolder('hours');
    await rm(join(folder, 'menus.yaml'));
    await rm(join(folder, 'queues.yaml'));
    await mkdir(join(folder, 'queues.yaml'));
    await writeFile(join(folder, 'trunks.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
    const found = await problems(folder);
    expect(found.filter(({ kind }) => kind === 'unreadable').map(({ message }) => message)).toEqual(
      ['this file is missing', 'cannot be read: EISDIR', 'cannot be read: not UTF-8'],
    );
    expect(found.some(({ setting }) => setting === 'hours.always.timeZone')).toBe(true);
  });

  it('include the whole folder', async () => {
    const found = await problems(join(await configFolder(), 'nowhere'));
    expect(found.filter(({ kind }) => kind === 'unreadable')).toHaveLength(FILE_NAMES.length);
  });

  it('include one that is too large', async () => {
    const folder = await configFolder();
    await writeFile(join(folder, 'menus.yaml'), `# ${'x'.repeat(1_100_000)}\n`);
    expect(await problems(folder)).toMatchObject([
      { kind: 'unreadable', message: 'cannot be read: larger than 1048576 bytes' },
    ]);
  });
});
