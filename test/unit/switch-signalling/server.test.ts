import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  encodeFrame,
  FrameReader,
  MAX_COMMAND_BYTES,
  MAX_EVENT_BYTES,
} from '../../../src/protocol/drachtio/frame.ts';
import { ControlPortError } from '../../../src/switch/signalling/control/control-server.ts';
import { DEFAULT_LIMITS, type SignallingOptions } from '../../../src/switch/signalling/options.ts';
import type { LogEntry } from '../../../src/switch/signalling/runtime.ts';
import {
  createSignallingServer,
  type SignallingServer,
} from '../../../src/switch/signalling/server.ts';
import { PortInUseError } from '../../../src/switch/sip/errors.ts';
import { field, writeRequest } from './messages.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

const log: LogEntry[] = [];

async function open(options: Partial<SignallingOptions> = {}): Promise<SignallingServer> {
  log.length = 0;
  const server = await createSignallingServer({
    control: { address: '127.0.0.1', port: 0, secret: 'secret' },
    sip: [{ protocol: 'udp', address: '127.0.0.1', port: 0 }],
    log: (entry) => log.push(entry),
    ...options,
  });
  opened.push(server);
  return server;
}

/** An application by hand. */
async function attach(
  server: SignallingServer,
): Promise<{ socket: Socket; frames: string[]; closed: Promise<void> }> {
  const socket = connect(server.controlPort, '127.0.0.1');
  const frames: string[] = [];
  const reader = new FrameReader(MAX_EVENT_BYTES);
  socket.on('data', (chunk) => frames.push(...reader.push(chunk).map(String)));
  socket.on('error', () => undefined); // a reset is one way to be hung up on
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  opened.push({ close: () => socket.destroy() });
  await once(socket, 'connect');
  return { socket, frames, closed };
}

/** A SIP peer by hand. */
async function attachPeer(): Promise<{
  port: number;
  send: (text: string, port: number) => void;
  got: string[];
}> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const got: string[] = [];
  socket.on('message', (bytes) => got.push(bytes.toString()));
  opened.push(socket);
  return {
    port: socket.address().port,
    send: (text, port) => socket.send(text, port, '127.0.0.1'),
    got,
  };
}

describe('the control port', () => {
  it.each([
    ['a frame over the limit', `${MAX_COMMAND_BYTES + 1}#`],
    ['no length', '#m|ping'],
    ['binary', Buffer.from([0xff, 0x00, 0x23])],
  ])('hangs up on %s, and serves the next client', async (_what, bytes) => {
    const server = await open();
    const bad = await attach(server);
    bad.socket.write(bytes);
    await bad.closed;
    expect(bad.frames).toEqual([]);
    expect(log).toContainEqual(expect.objectContaining({ event: 'control-frame-refused' }));
    const good = await attach(server);
    good.socket.write(encodeFrame('m|ping'));
    await expect.poll(() => good.frames).toEqual([expect.stringContaining('|OK|pong')]);
  });

  it('turns clients away beyond its limit', async () => {
    const server = await open({ limits: { ...DEFAULT_LIMITS, clients: 1 } });
    await attach(server);
    const second = await attach(server);
    await second.closed;
    expect(server.counts().clients).toBe(1);
  });

  it('cuts off a client that does not read', async () => {
    const server = await open({ limits: { ...DEFAULT_LIMITS, clientBacklogBytes: 200_000 } });
    const { socket, closed } = await attach(server);
    socket.pause();
    const flood = Buffer.concat(
      Array.from({ length: 3_000 }, () => encodeFrame(`${'x'.repeat(8_000)}|ping`)),
    );
    socket.write(flood);
    await expect
      .poll(() => log.map(({ event }) => event), { timeout: 10_000 })
      .toContain('control-client-too-slow');
    socket.resume();
    await closed;
    expect(server.counts().clients).toBe(0);
  }, 20_000);

  it('says which port is taken', async () => {
    const blocker = createServer();
    blocker.listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    opened.push(blocker);
    const address = blocker.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const control = { address: '127.0.0.1', port, secret: 's' };
    await expect(open({ control })).rejects.toThrow(ControlPortError);
    await expect(open({ control })).rejects.toThrow(`tcp/127.0.0.1:${port}`);
    await expect(open({ sip: [{ protocol: 'tcp', address: '127.0.0.1', port }] })).rejects.toThrow(
      PortInUseError,
    );
  });
});

describe('bad SIP', () => {
  it('does not keep the next call out', async () => {
    const server = await open();
    const sip = server.sip[0]?.port ?? 0;
    const application = await attach(server);
    application.socket.write(encodeFrame('m|route|options'));
    await expect.poll(() => application.frames.length).toBe(1);
    const peer = await attachPeer();
    const request = writeRequest({
      method: 'OPTIONS',
      callId: 'good',
      sequence: 1,
      port: peer.port,
    });
    const bad = [
      'garbage',
      '\0'.repeat(2_000),
      request.replace('CSeq: 1 OPTIONS', 'CSeq: 1 INVITE'),
      request.replace('Call-ID: good', `Call-ID: good\r\nX-Long: ${'x'.repeat(9_000)}`),
      request.replace('<sip:caller', '<<sip:caller'),
      request.replace(/^OPTIONS \S+/, 'OPTIONS nonsense'),
      'SIP/2.0 200 OK\r\n\r\n',
    ];
    for (const text of bad) peer.send(text, sip);
    peer.send(request.replace('z9hG4bKpeer', 'z9hG4bKgood'), sip);
    await expect.poll(() => application.frames.length).toBe(2);
    expect(application.frames[1]).toContain('OPTIONS sip:1000@127.0.0.1:5060 SIP/2.0');
    expect(peer.got.map((text) => text.split('\r\n')[0]?.slice(0, 11))).toEqual(
      expect.arrayContaining(['SIP/2.0 400']),
    );
  });
});

describe('an advertised address', () => {
  it('stands in Contact, Via and in the greeting', async () => {
    const server = await open({
      sip: [{ protocol: 'udp', address: '127.0.0.1', port: 0, advertise: '192.0.2.7' }],
    });
    const sip = server.sip[0]?.port ?? 0;
    const application = await attach(server);
    application.socket.write(encodeFrame('m|authenticate|secret|'));
    await expect.poll(() => application.frames.length).toBe(1);
    expect(application.frames[0]).toMatch(
      new RegExp(
        `\\|OK\\|udp/192\\.0\\.2\\.7:${sip}\\|v0\\.9\\.\\d+-[^|]+\\|udp/127\\.0\\.0\\.1:${sip}$`,
      ),
    );
    const peer = await attachPeer();
    const text = `m|sip||\r\nINVITE sip:x@127.0.0.1:${peer.port} SIP/2.0\r\nFrom: sip:app@localhost\r\n\r\n`;
    application.socket.write(encodeFrame(text));
    await expect.poll(() => peer.got.length).toBe(1);
    const [invite] = peer.got;
    expect(field(invite, 'Contact')).toBe(`<sip:192.0.2.7:${sip}>`);
    expect(field(invite, 'Via')).toContain(`UDP 192.0.2.7:${sip};`);
    expect(field(invite, 'From')).toContain(`<sip:app@192.0.2.7:${sip}>`);
  });
});
