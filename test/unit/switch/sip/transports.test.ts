import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { header } from '../../../../src/protocol/sip/headers.ts';
import { DEFAULT_SIP_LIMITS } from '../../../../src/protocol/sip/limits.ts';
import type { SipMessage } from '../../../../src/protocol/sip/message.ts';
import { parseSipMessage } from '../../../../src/protocol/sip/parse.ts';
import { serializeSipMessage } from '../../../../src/protocol/sip/serialize.ts';
import { SipStreamReader } from '../../../../src/protocol/sip/stream.ts';
import { PortInUseError, TransportError } from '../../../../src/switch/sip/errors.ts';
import type { Hop, Received } from '../../../../src/switch/sip/hop.ts';
import {
  createTransports,
  type Transports,
  type TransportsOptions,
} from '../../../../src/switch/sip/transports.ts';
import { answer, ownRequest, request } from './bench.ts';

/** What comes in, in order, for whoever waits for it. */
class Inbox<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#items.push(item);
    else waiting(item);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get size(): number {
    return this.#items.length;
  }
}

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Opened {
  readonly transports: Transports;
  readonly received: Inbox<Received>;
  readonly errors: Inbox<TransportError>;
  readonly udp: Hop;
  readonly tcp: Hop;
}

async function open(options: Partial<TransportsOptions> = {}): Promise<Opened> {
  const received = new Inbox<Received>();
  const errors = new Inbox<TransportError>();
  const transports = await createTransports({
    listen: (['udp', 'tcp'] as const).map((protocol) => ({
      protocol,
      address: '127.0.0.1',
      port: 0,
    })),
    onMessage: (message) => received.put(message),
    onError: (error) => errors.put(error),
    ...options,
  });
  cleanUps.push(() => transports.close());
  const [udp, tcp] = transports.bound;
  if (udp === undefined || tcp === undefined) throw new Error('not bound');
  return { transports, received, errors, udp, tcp };
}

async function udpPeer(to: Hop): Promise<{
  readonly socket: UdpSocket;
  readonly port: number;
  readonly inbox: Inbox<SipMessage>;
  send(bytes: Buffer | string): void;
}> {
  const socket: UdpSocket = createSocket('udp4');
  const inbox = new Inbox<SipMessage>();
  // A refusal repeats the overlong field, so whoever caused it must be able to read it.
  const limits = { ...DEFAULT_SIP_LIMITS, addressLineBytes: DEFAULT_SIP_LIMITS.lineBytes };
  socket.on('message', (bytes) => inbox.put(parseSipMessage(bytes, limits)));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  cleanUps.push(() => socket.close());
  return {
    socket,
    port: socket.address().port,
    inbox,
    send: (bytes) => socket.send(bytes, to.port, to.address),
  };
}

interface TcpPeer {
  readonly socket: Socket;
  readonly inbox: Inbox<SipMessage>;
  readonly closed: Promise<unknown>;
}

function tcpEnd(socket: Socket): TcpPeer {
  const inbox = new Inbox<SipMessage>();
  const reader = new SipStreamReader();
  socket.on('data', (chunk: Buffer) => {
    for (const item of reader.push(chunk)) if (item.kind === 'message') inbox.put(item.message);
  });
  cleanUps.push(() => socket.destroy());
  return { socket, inbox, closed: once(socket, 'close') };
}

async function tcpPeer(to: Hop): Promise<TcpPeer> {
  const socket = connect(to.port, to.address);
  await once(socket, 'connect');
  return tcpEnd(socket);
}

function isRequest(
  received: Received,
): received is Received<Extract<SipMessage, { kind: 'request' }>> {
  return received.message.kind === 'request';
}

/** Answers what came in with this status. */
async function respond({ transports, received }: Opened, status: number): Promise<Received> {
  const came = await received.next();
  if (!isRequest(came)) throw new Error('not a request');
  transports.respond(answer(came.message, status), came, (error) => {
    throw error;
  });
  return came;
}

function options(changes: Readonly<Record<string, string>> = {}): Buffer {
  return serializeSipMessage(request('OPTIONS', changes));
}

const forgotten = (): void => undefined;

describe('listening', () => {
  it.each(['udp', 'tcp'] as const)('names a %s port in use', async (protocol) => {
    const opened = await open();
    const taken = opened[protocol];
    const second = open({ listen: [{ protocol: 'udp', address: '127.0.0.1', port: 0 }, taken] });
    await expect(second).rejects.toThrow(PortInUseError);
    await expect(second).rejects.toMatchObject({ ...taken });
  });

  it('tells why else it cannot', async () => {
    const elsewhere = { protocol: 'udp', address: '192.0.2.1', port: 0 } as const;
    await expect(open({ listen: [elsewhere] })).rejects.toThrow(TransportError);
  });

  it('tells peers what it is told to advertise', async () => {
    const listen = {
      protocol: 'udp',
      address: '127.0.0.1',
      port: 0,
      advertise: 'sip.example',
    } as const;
    const { transports, udp } = await open({ listen: [listen, { ...listen, protocol: 'tcp' }] });
    expect(transports.localFor(udp)).toEqual({ host: 'sip.example', port: udp.port });
  });

  it('tells peers an address they can reach when bound to all', async () => {
    const listen = { protocol: 'udp', address: '0.0.0.0', port: 0 } as const;
    const { transports } = await open({ listen: [listen, { ...listen, protocol: 'tcp' }] });
    const peer = { protocol: 'udp', address: '127.0.0.1', port: 5060 } as const;
    expect(transports.localFor(peer).host).toBe('127.0.0.1');
  });

  it('cannot send over what is not open', async () => {
    const listen = { protocol: 'udp', address: '127.0.0.1', port: 0 } as const;
    const { transports } = await open({ listen: [listen, listen] });
    const target = { protocol: 'tcp', address: '127.0.0.1', port: 5060 } as const;
    expect(() => transports.send(ownRequest('OPTIONS'), target, forgotten)).toThrow(TransportError);
  });
});

describe('UDP', () => {
  it('tells where a request came from, and its length', async () => {
    const { received, udp } = await open();
    const peer = await udpPeer(udp);
    const bytes = options();
    peer.send(bytes);
    expect(await received.next()).toMatchObject({
      bytes: bytes.length,
      source: { protocol: 'udp', address: '127.0.0.1', port: peer.port },
      local: udp,
    });
  });

  it.each([
    [
      'rport asked for',
      'asked',
      '127.0.0.1:9;branch=z9hG4bK1;rport',
      '127.0.0.1:9;branch=z9hG4bK1;rport=PORT',
    ],
    ['rport not asked for', 'asked', '127.0.0.1:9;branch=z9hG4bK1', '127.0.0.1:9;branch=z9hG4bK1'],
    [
      'rport always',
      'always',
      '127.0.0.1:9;branch=z9hG4bK1',
      '127.0.0.1:9;branch=z9hG4bK1;rport=PORT',
    ],
    [
      'another host',
      'asked',
      'phone.example;branch=z9hG4bK1',
      'phone.example;branch=z9hG4bK1;received=127.0.0.1',
    ],
    [
      'a forged received',
      'asked',
      '127.0.0.1;received=192.0.2.1;branch=z9hG4bK1',
      '127.0.0.1;branch=z9hG4bK1',
    ],
  ] as const)('writes the source into Via: %s', async (_, rport, via, wanted) => {
    const { received, udp } = await open({ rport });
    const peer = await udpPeer(udp);
    peer.send(options({ Via: `SIP/2.0/UDP ${via}` }));
    const { message } = await received.next();
    expect(header(message, 'Via')).toBe(`SIP/2.0/UDP ${wanted.replace('PORT', String(peer.port))}`);
  });

  it('answers to the port it came from with rport, to that of Via without', async () => {
    const opened = await open();
    const [sender, named] = [await udpPeer(opened.udp), await udpPeer(opened.udp)];
    const via = `SIP/2.0/UDP 127.0.0.1:${named.port};branch=z9hG4bK1`;
    sender.send(options({ Via: `${via};rport` }));
    await respond(opened, 200);
    expect(await sender.inbox.next()).toMatchObject({ status: 200 });
    sender.send(options({ Via: via }));
    await respond(opened, 404);
    expect(await named.inbox.next()).toMatchObject({ status: 404 });
  });

  it('answers from the port the request came to', async () => {
    const listen = { protocol: 'udp', address: '127.0.0.1', port: 0 } as const;
    const opened = await open({ listen: [listen, listen] });
    const [, second] = opened.transports.bound;
    if (second === undefined) throw new Error('not bound');
    const peer = await udpPeer(second);
    const answered = once(peer.socket, 'message');
    peer.send(options({ Via: `SIP/2.0/UDP 127.0.0.1:${peer.port};branch=z9hG4bK1` }));
    await respond(opened, 200);
    const [, from] = await answered;
    expect(from).toMatchObject({ port: second.port });
  });

  it('answers a malformed request with 400 and takes the next one', async () => {
    const { transports, received, errors, udp } = await open();
    const peer = await udpPeer(udp);
    const via = `SIP/2.0/UDP 127.0.0.1:${peer.port};branch=z9hG4bK1`;
    peer.send(options({ Via: via, From: `"${'x'.repeat(3000)}" <sip:a@b>` }));
    expect(await peer.inbox.next()).toMatchObject({ status: 400, reason: 'From Too Long' });
    expect((await errors.next()).message).not.toContain('xxx');
    peer.send(options({ Via: via, 'Call-ID': 'next' }));
    expect(header((await received.next()).message, 'Call-ID')).toBe('next');
    expect(transports.counts()).toMatchObject({ malformed: 1, received: 1 });
  });

  it('drops what cannot be answered, counts it, and passes over keep-alives', async () => {
    const { transports, received, errors, udp } = await open();
    const peer = await udpPeer(udp);
    for (const bytes of ['\r\n\r\n', '\0\0\0\0', '', 'nonsense']) peer.send(bytes);
    expect((await errors.next()).message).toContain('malformed');
    peer.send(options());
    await received.next();
    expect(transports.counts()).toMatchObject({ malformed: 1, sent: 0 });
    expect(peer.inbox.size).toBe(0);
  });

  it('survives a handler that throws, and tells of it', async () => {
    const { errors, udp } = await open({
      onMessage: () => {
        throw new Error('mistake');
      },
    });
    const peer = await udpPeer(udp);
    peer.send(options());
    expect((await errors.next()).cause).toMatchObject({ message: 'mistake' });
    peer.send(options());
    expect((await errors.next()).cause).toMatchObject({ message: 'mistake' });
  });

  it('tells of a datagram too long to send', async () => {
    const { transports, udp } = await open();
    const failures = new Inbox<TransportError>();
    const message = { ...request('OPTIONS'), body: Buffer.alloc(70_000) };
    transports.send(message, udp, (error) => failures.put(error));
    expect(await failures.next()).toBeInstanceOf(TransportError);
  });
});

describe('TCP', () => {
  it('takes messages split and coalesced, and answers on the same connection', async () => {
    const opened = await open();
    const peer = await tcpPeer(opened.tcp);
    const both = Buffer.concat([options({ 'Call-ID': 'one' }), options({ 'Call-ID': 'two' })]);
    peer.socket.write(both.subarray(0, 50));
    await new Promise<void>((resolve) =>
      peer.socket.write(both.subarray(50, 300), () => resolve()),
    );
    peer.socket.write(both.subarray(300));
    for (const callId of ['one', 'two']) {
      const { source } = await respond(opened, 200);
      expect(source.port).toBe(peer.socket.localPort);
      expect(header(await peer.inbox.next(), 'Call-ID')).toBe(callId);
    }
    expect(opened.transports.counts()).toMatchObject({ connections: 1, received: 2, sent: 2 });
  });

  it('answers a ping', async () => {
    const { tcp } = await open();
    const { socket } = await tcpPeer(tcp);
    socket.write('\r\n\r\n');
    const [bytes] = await once(socket, 'data');
    expect(String(bytes)).toBe('\r\n');
  });

  it('answers 400 to what has no end and hangs up', async () => {
    const { tcp, errors, transports } = await open();
    const peer = await tcpPeer(tcp);
    const text = options().toString().replace('Content-Length: 0\r\n', '');
    peer.socket.write(text);
    expect(await peer.inbox.next()).toMatchObject({
      status: 400,
      reason: 'Missing Content-Length',
    });
    await peer.closed;
    expect((await errors.next()).message).toContain('Missing Content-Length');
    expect(transports.counts().malformed).toBe(1);
  });

  it('opens one connection for many requests, and takes requests back on it', async () => {
    const { transports, received } = await open();
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUps.push(() => server.close());
    const at = server.address();
    if (at === null || typeof at === 'string') throw new Error('no address');
    const target = { protocol: 'tcp', address: '127.0.0.1', port: at.port } as const;
    const accepted = once(server, 'connection');
    for (const callId of ['one', 'two']) {
      transports.send(request('OPTIONS', { 'Call-ID': callId }), target, forgotten);
    }
    const [socket] = await accepted;
    const peer = tcpEnd(socket);
    expect(header(await peer.inbox.next(), 'Call-ID')).toBe('one');
    expect(header(await peer.inbox.next(), 'Call-ID')).toBe('two');
    expect(transports.counts().connections).toBe(1);
    peer.socket.write(options({ 'Call-ID': 'back' }));
    expect(await received.next()).toMatchObject({ source: target });
  });

  it('answers to the port of Via when the connection is gone', async () => {
    const [opened, other] = [await open(), await open()];
    const peer = await tcpPeer(opened.tcp);
    peer.socket.write(options({ Via: `SIP/2.0/TCP 127.0.0.1:${other.tcp.port};branch=z9hG4bK1` }));
    const came = await opened.received.next();
    if (!isRequest(came)) throw new Error('not a request');
    peer.socket.resetAndDestroy();
    await opened.errors.next();
    opened.transports.respond(answer(came.message, 200), came, forgotten);
    expect((await other.received.next()).message).toMatchObject({ status: 200 });
  });

  it('sends a request to whoever connected on that connection', async () => {
    const opened = await open();
    const peer = await tcpPeer(opened.tcp);
    peer.socket.write(options());
    const { source } = await respond(opened, 200);
    await peer.inbox.next();
    opened.transports.send(request('NOTIFY'), source, forgotten);
    expect(await peer.inbox.next()).toMatchObject({ method: 'NOTIFY' });
  });

  it('tells when nobody listens', async () => {
    const { transports, tcp, udp } = await open();
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const at = probe.address();
    if (at === null || typeof at === 'string') throw new Error('no address');
    probe.close();
    await once(probe, 'close');
    const failures = new Inbox<TransportError>();
    const target = { ...tcp, port: at.port };
    transports.send(request('OPTIONS'), target, (error) => failures.put(error));
    expect((await failures.next()).hop).toEqual(target);
    expect(udp.port).not.toBe(0);
  });

  it('turns away more connections than it may have', async () => {
    const { transports, tcp } = await open({ limits: { connections: 1 } });
    const first = await tcpPeer(tcp);
    first.socket.write('\r\n\r\n');
    await once(first.socket, 'data');
    const second = await tcpPeer(tcp);
    await second.closed;
    expect(transports.counts()).toMatchObject({ connections: 1, connectionsRefused: 1 });
    const failures = new Inbox<TransportError>();
    transports.send(request('OPTIONS'), tcp, (error) => failures.put(error));
    expect((await failures.next()).message).toContain('too many connections');
  });

  it('closes a connection that is silent for too long', async () => {
    const { transports, tcp, errors } = await open({ limits: { idleMs: 30 } });
    const peer = await tcpPeer(tcp);
    await peer.closed;
    expect((await errors.next()).message).toContain('idle');
    expect(transports.counts().connections).toBe(0);
  });

  it('gives up on a peer that does not read', async () => {
    const opened = await open({ limits: { writeQueueBytes: 100_000 } });
    const peer = await tcpPeer(opened.tcp);
    peer.socket.pause();
    peer.socket.write(options());
    const came = await opened.received.next();
    if (!isRequest(came)) throw new Error('not a request');
    const failures = new Inbox<TransportError>();
    const long = { ...answer(came.message, 200), body: Buffer.alloc(60_000) };
    for (let count = 0; count < 1000; count += 1) {
      opened.transports.respond(long, came, (error) => failures.put(error));
      if (opened.transports.counts().connections === 0) break;
    }
    expect((await failures.next()).message).toContain('does not read');
  });

  it('closes every connection with itself', async () => {
    const { transports, tcp } = await open();
    const peer = await tcpPeer(tcp);
    await transports.close();
    await peer.closed;
    expect(transports.bound).toEqual([]);
  });
});
