import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServerAddress } from '../../../src/telephony/settings.ts';
import { soon } from '../../support/waiting.ts';

/** Where a drachtio-server and a FreeSWITCH listen, real or embedded. */
export interface SwitchAddresses {
  readonly drachtio: ServerAddress;
  readonly freeswitch: ServerAddress;
}

/** Real servers are named by the environment (LINEKEEPER_SWITCH=external and addresses). */
const external = process.env['LINEKEEPER_SWITCH'] === 'external';

const SECRET = 'a secret of tests';

let embedded: Promise<SwitchAddresses> | undefined;
let child: ChildProcess | undefined;

/** The switch of this test file: started at the first call unless real servers are named. */
export function findSwitch(): Promise<SwitchAddresses> {
  if (external) {
    return Promise.resolve({
      drachtio: fromEnvironment('DRACHTIO', 'cymru'),
      freeswitch: fromEnvironment('FREESWITCH', 'ClueCon'),
    });
  }
  embedded ??= startEmbedded();
  return embedded;
}

function fromEnvironment(name: string, defaultSecret: string): ServerAddress {
  const [host = '', port = ''] = (process.env[`LINEKEEPER_${name}`] ?? '').split(':');
  const secret = process.env[`LINEKEEPER_${name}_SECRET`] ?? defaultSecret;
  return { host, port: Number(port), secret };
}

async function startEmbedded(): Promise<SwitchAddresses> {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const options = {
    drachtio: { port: 0 },
    freeswitch: { port: 0 },
    mediaSip: { port: 0 },
    sip: [
      { protocol: 'udp', port: 0 },
      { protocol: 'tcp', port: 0 },
    ],
    rtp: { minPort: 26_000, maxPort: 27_999 },
    musicDirectories: { music: `${root}freeswitch/sounds/music` },
  };
  const verbose = process.env['LINEKEEPER_TEST_LOG'] === '1';
  child = spawn(
    process.execPath,
    ['--import', 'tsx', `${root}src/switch/main.ts`, JSON.stringify(options)],
    {
      cwd: root,
      env: {
        ...process.env,
        LINEKEEPER_DRACHTIO_SECRET: SECRET,
        LINEKEEPER_FREESWITCH_SECRET: SECRET,
      },
      stdio: ['pipe', 'pipe', verbose ? 'inherit' : 'ignore'],
    },
  );
  if (child.stdout === null) throw new Error('no output of the switch');
  const [line] = (await soon(
    once(createInterface(child.stdout), 'line'),
    'the switch',
    20_000,
  )) as [string];
  const ready = JSON.parse(line) as Record<
    'drachtio' | 'freeswitch',
    { address: string; port: number }
  >;
  const server = ({ address, port }: { address: string; port: number }): ServerAddress => ({
    host: address,
    port,
    secret: SECRET,
  });
  return { drachtio: server(ready.drachtio), freeswitch: server(ready.freeswitch) };
}

/** The switch ends when its input does, so none outlives its tests. */
process.once('exit', () => child?.stdin?.end());
