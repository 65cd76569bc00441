import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/config/environment.ts';
import { loadConfiguration } from '../../../src/config/load.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import { configFolder, ENVIRONMENT, SAMPLE } from './folder.ts';

async function load(folder: string, environment: Environment = {}) {
  const result = await loadConfiguration(folder, { ...ENVIRONMENT, ...environment });
  return result.ok ? result : expect.fail(formatProblems(result.problems));
}

describe('api.yaml', () => {
  it('lets nobody in as it is shipped, and listens on this machine alone', async () => {
    const { api } = (await load(SAMPLE)).configuration;
    expect(api.server).toMatchObject({ enabled: true, address: '127.0.0.1', tls: undefined });
    expect([api.keys.size, api.webhooks.size, api.messages.provider]).toEqual([0, 0, 'off']);
    for (const wording of Object.values(api.messages.texts)) {
      expect([...wording.keys()]).toEqual(['en', 'es']);
    }
  });

  it('holds keys, receivers and wording by name, secrets in their places', async () => {
    const { api } = (await load(await configFolder())).configuration;
    expect(api.keys.get('website')).toEqual({
      secret: 'secret-of-website-0123456789',
      scopes: ['tickets:write', 'tickets:read'],
    });
    expect(api.webhooks.get('cases')).toMatchObject({
      states: ['connected', 'cancelled'],
      numbers: false,
      keepHours: 24,
    });
    expect(api.messages.http?.headers).toEqual({ Authorization: ENVIRONMENT.BOB_SECRET });
    expect(api.messages.texts.registered.get('en')).toBe('Call {number}.');
    expect(api.messages.texts.missed.size).toBe(0);
  });

  it('finds the files of TLS from where it lies', async () => {
    const folder = await configFolder();
    await writeFile(
      join(folder, 'api.yaml'),
      'server: { tls: { keyFile: secrets/key.pem, certificateFile: /etc/api.pem } }\n',
    );
    const { api } = (await load(folder)).configuration;
    expect(api.server.tls).toEqual({
      keyFile: join(folder, 'secrets', 'key.pem'),
      certificateFile: '/etc/api.pem',
    });
  });

  it('yields to the environment, which is named where it is wrong', async () => {
    const folder = await configFolder();
    const good = await load(folder, { LINEKEEPER_API: '192.0.2.10:8443' });
    expect(good.configuration.api.server).toMatchObject({ address: '192.0.2.10', port: 8443 });
    expect(good.warnings.join('\n')).toContain('unencrypted (192.0.2.10, no tls)');
    const wrong = await loadConfiguration(folder, { ...ENVIRONMENT, LINEKEEPER_API: 'a:99999' });
    if (wrong.ok) expect.fail('the configuration was taken');
    expect(formatProblems(wrong.problems)).toContain('environment: LINEKEEPER_API: too large');
  });
});
