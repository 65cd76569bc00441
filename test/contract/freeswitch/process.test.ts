import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { soon } from '../../support/waiting.ts';
import { PeerCall } from '../drachtio/call.ts';
import { answeredCall } from '../drachtio/fixture.ts';
import { SipPeer } from '../drachtio/peer.ts';
import { connectApplication } from '../drachtio/server-under-test.ts';
import { EslClient } from './esl-client.ts';

interface Ready {
  readonly ready: boolean;
  readonly drachtio: { readonly port: number };
  readonly sip: readonly { readonly protocol: string; readonly port: number }[];
  readonly freeswitch: { readonly port: number };
  readonly mediaSip: { readonly port: number };
}

const started = new Set<ChildProcess>();
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

const FREE_PORTS = {
  drachtio: { port: 0 },
  sip: [{ protocol: 'udp', port: 0 }],
  freeswitch: { port: 0 },
  mediaSip: { port: 0 },
  rtp: { minPort: 0, maxPort: 0 },
};

function start(options: unknown, extra: { readonly ipc?: boolean } = {}): ChildProcess {
  const main = new URL('../../../src/switch/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', main, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe', ...(extra.ipc === true ? (['ipc'] as const) : [])],
    env: { ...process.env, LINEKEEPER_DRACHTIO_SECRET: 'one', LINEKEEPER_FREESWITCH_SECRET: 'two' },
  });
  started.add(child);
  return child;
}

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) {
    text += String(chunk);
    if (text.includes('\n')) return text;
  }
  return text;
}

async function ready(child: ChildProcess): Promise<Ready> {
  return JSON.parse(await soon(firstLine(child.stdout), 'the ready line', 20_000)) as Ready;
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  const [code] = await soon(once(child, 'exit'), 'the end', 10_000);
  return code;
}

describe('the switch as a process', () => {
  it('tells its ports, serves both, and ends on SIGTERM', async () => {
    const child = start(FREE_PORTS);
    const { freeswitch, drachtio, sip, mediaSip } = await ready(child);
    expect([drachtio.port, sip[0]?.port, mediaSip.port].every((port) => Number(port) > 0)).toBe(
      true,
    );
    const client = await EslClient.login({
      host: '127.0.0.1',
      port: freeswitch.port,
      secret: 'two',
    });
    expect(await client.api('echo alive')).toBe('alive');
    const ended = exitCode(child);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await client.closed;
  });

  it('ends when the pipe from its parent closes', async () => {
    const child = start(FREE_PORTS);
    await ready(child);
    const ended = exitCode(child);
    child.stdin?.end();
    expect(await ended).toBe(0);
  });

  it('hangs up its calls when its parent is gone with all its pipes', async () => {
    const child = start(FREE_PORTS);
    const { drachtio, sip } = await ready(child);
    const udp = { protocol: 'udp', address: '127.0.0.1', port: sip[0]?.port ?? 0 } as const;
    const control = { host: '127.0.0.1', port: drachtio.port, secret: 'one' };
    const application = await connectApplication({ control });
    const caller = await SipPeer.udp(udp);
    const call = new PeerCall(caller, udp.port);
    await answeredCall(application, caller, call);
    child.stdout?.destroy();
    child.stderr?.destroy();
    // Of which it has something to log, with nobody to read it.
    const stranger = createSocket('udp4');
    stranger.send('INVITE nonsense\r\n\r\n', udp.port, udp.address);
    await caller.request('BYE');
    stranger.close();
    await application.disconnect();
    caller.close();
  });

  it('ends when the channel to its parent closes', async () => {
    const child = start(FREE_PORTS, { ipc: true });
    await ready(child);
    const ended = exitCode(child);
    child.disconnect();
    expect(await ended).toBe(0);
  });

  it('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const child = start({ ...FREE_PORTS, freeswitch: { port } });
    const ended = exitCode(child);
    const log = await firstLine(child.stderr);
    expect(log).toContain(`127.0.0.1:${port}`);
    expect(await ended).toBe(3);
    other.close();
  });

  it('names an option that cannot be used', async () => {
    const child = start({ drachtio: { port: -1 } });
    const ended = exitCode(child);
    expect(await firstLine(child.stderr)).toContain('drachtio.port');
    expect(await ended).toBe(2);
  });
});
