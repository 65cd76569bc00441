import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/config/environment.ts';
import { loadConfiguration } from '../../../src/config/load.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import { FILE_NAMES } from '../../../src/config/schema/files.ts';
import { isInRange } from '../../../src/domain/trunk/address-range.ts';
import { configFolder, ENVIRONMENT, load, problems, SAMPLE } from './folder.ts';

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

  it('callbacks that are offered without slots, so that many of them leave others without any', async () => {
    const folder = await configFolder();
    const text = await warnings(ENVIRONMENT, folder);
    expect(text).toContain('refunds offers callbacks without slots: with 1000 of them open');
    expect(text).not.toContain('general offers');
    await cp(join(SAMPLE, 'queues.yaml'), join(folder, 'queues.yaml'));
    expect(await warnings(ENVIRONMENT, folder)).not.toContain('without slots');
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
