import type { ServerAddress } from '../../../src/telephony/settings.ts';

/** Where a drachtio-server and a FreeSWITCH listen, real or embedded. */
export interface SwitchAddresses {
  readonly drachtio: ServerAddress;
  readonly freeswitch: ServerAddress;
}

/** Real servers are named by the environment (LINEKEEPER_SWITCH=external and addresses). */
export const external = process.env['LINEKEEPER_SWITCH'] === 'external';

export function findSwitch(): Promise<SwitchAddresses> {
  if (!external) return Promise.reject(new Error('no embedded switch yet'));
  return Promise.resolve({
    drachtio: fromEnvironment('DRACHTIO', 'cymru'),
    freeswitch: fromEnvironment('FREESWITCH', 'ClueCon'),
  });
}

function fromEnvironment(name: string, defaultSecret: string): ServerAddress {
  const [host = '', port = ''] = (process.env[`LINEKEEPER_${name}`] ?? '').split(':');
  return {
    host,
    port: Number(port),
    secret: process.env[`LINEKEEPER_${name}_SECRET`] ?? defaultSecret,
  };
}
