import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { SipPhone } from '../support/sip-phone.ts';
import { childrenOf } from './machine.ts';

/** The number that callers dial, and the queues behind its keys 1 and 2. */
export const DNIS = '+18005550100';
/** Keys of the sample's menu. */
export const QUEUE_KEYS = { refunds: '1', general: '2' } as const;
/** One agent for each queue. */
export const AGENTS = {
  refunds: { user: 'bob', secret: 'bench-bob-secret' },
  general: { user: 'carol', secret: 'bench-carol-secret' },
} as const;
export const READY_CODE = '*11';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_LIMIT_MS = 20_000;
const PORT_TRIES = 20;

/** A folder with a configuration, and the ports in it. */
export interface Place {
  readonly folder: string;
  /** `host:port` of SIP. */
  readonly server: string;
  /** Where the database is. */
  readonly data: string;
  /** Lets calls to customers go to this port of loopback; before the start. */
  useCarrier(port: number): Promise<void>;
  remove(): Promise<void>;
}

/** Linekeeper as its users start it: compiled, in processes of its own. */
export interface Server {
  /** From the start of the process to the first request answered. */
  readonly startMs: number;
  readonly applicationPid: number;
  readonly switchPid: number;
  stop(): Promise<void>;
}

/** The sample configuration without rests and offers, on free ports. */
export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-bench-'));
  const config = join(folder, 'config');
  await cp(join(ROOT, 'config'), config, { recursive: true });
  const port = await freePort();
  await change(join(config, 'system.yaml'), (system) => ({
    ...system,
    sip: { address: '127.0.0.1', port },
    drachtio: { port: 0, secret: 'bench' },
    freeswitch: { port: 0, secret: 'bench' },
    rtpPorts: { first: 30_000, last: 39_999 },
    folders: {
      data: join(folder, 'data'),
      recordings: join(folder, 'recordings'),
      sounds: join(ROOT, 'freeswitch/sounds'),
    },
    logLevel: 'warn',
  }));
  const queue = {
    hours: 'always',
    wrapUpSeconds: 0,
    hold: { maxWaiting: 100_000, fullPrompts: ['queue-full'] },
    callback: { offering: false, offer: { maxOpenTickets: 100_000 } },
  };
  await change(join(config, 'queues.yaml'), () => ({
    queues: {
      refunds: { ...queue, namePrompt: 'queue-refunds' },
      general: { ...queue, namePrompt: 'queue-general' },
    },
  }));
  await change(join(config, 'agents.yaml'), (agents) => ({
    ...agents,
    agents: Object.fromEntries(
      Object.entries(AGENTS).map(([name, { user, secret }]) => [
        user,
        { name: user, queues: [name], secret },
      ]),
    ),
  }));
  return {
    folder: config,
    server: `127.0.0.1:${port}`,
    data: join(folder, 'data'),
    useCarrier: (carrierPort) =>
      change(join(config, 'trunks.yaml'), () => ({
        trunks: {
          carrier: {
            inbound: { sources: ['127.0.0.1'], trustAssertedIdentity: true },
            outbound: { host: '127.0.0.1', port: carrierPort },
          },
        },
      })),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Starts it and waits until it answers OPTIONS. Rejects with what it said if it does not. */
export async function startServer(place: Place): Promise<Server> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['dist/cli.js', 'start', '--config', place.folder], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('Linekeeper can not be started');
  try {
    await readiness(child);
    await answersOptions(place.server);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const startMs = performance.now() - startedAt;
  const [switchPid] = childrenOf(pid);
  if (switchPid === undefined) throw new Error('the switch does not run');
  return { startMs, applicationPid: pid, switchPid, stop: () => stop(child) };
}

function readiness(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }) {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Linekeeper is not ready')), READY_LIMIT_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('Linekeeper is ready')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`Linekeeper ended with ${code}`)));
    child.once('exit', () => clearTimeout(timer));
  });
}

async function answersOptions(server: string): Promise<void> {
  const phone = await SipPhone.open(server, 'probe');
  try {
    const { status } = await phone.begin(`sip:${server}`).ask('OPTIONS');
    if (status !== 200) throw new Error(`OPTIONS was answered with ${status}`);
  } finally {
    phone.close();
  }
}

/** The second signal ends calls that are still up. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const second = setTimeout(() => child.kill('SIGTERM'), 200);
  const last = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(second);
  clearTimeout(last);
}

async function change(
  file: string,
  edit: (content: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): Promise<void> {
  const content: unknown = parse(await readFile(file, 'utf8'));
  const edited = edit(content as Readonly<Record<string, unknown>>);
  await writeFile(file, stringify(edited, { aliasDuplicateObjects: false }));
}

/** A port that was free a moment ago for UDP and TCP, below those that the kernel gives away. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const port = 25_000 + Math.floor(Math.random() * 5_000);
    const datagrams = createSocket('udp4').bind(port, '127.0.0.1');
    const streams = createServer().listen(port, '127.0.0.1');
    try {
      await Promise.all([once(datagrams, 'listening'), once(streams, 'listening')]);
      return port;
    } catch {
      // In use: another is tried.
    } finally {
      datagrams.close();
      streams.close();
    }
  }
  throw new Error('no free port was found');
}
