import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../../src/engine/ports.ts';
import { type DrachtioLink, openLink } from '../../../src/telephony/drachtio/link.ts';
import { systemClock } from '../../support/system-clock.ts';
import { Inbox, until } from '../../support/waiting.ts';

/** A server that speaks just enough of drachtio's control protocol to say wrong things. */
class FakeDrachtio {
  readonly connections = new Inbox<Socket>();
  readonly #server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => this.#answer(socket, bytes.toString()));
    this.connections.put(socket);
  });
  silent = false;

  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return address.port;
  }

  close(): void {
    this.#server.close();
  }

  send(socket: Socket, payload: string): void {
    socket.write(`${Buffer.byteLength(payload)}#${payload}`);
  }

  #answer(socket: Socket, text: string): void {
    if (this.silent) return;
    const ping = /#([^|]+)\|ping/u.exec(text)?.[1];
    if (ping !== undefined) this.send(socket, `x|response|${ping}|OK|pong`);
    const id = /#([^|]+)\|authenticate/u.exec(text)?.[1];
    if (id === undefined) return;
    this.send(
      socket,
      `x|response|${id}|OK|tcp/127.0.0.1:5070,udp/127.0.0.1:5060|v0.9.10|udp/127.0.0.1:5060`,
    );
  }
}

describe('the link to drachtio', () => {
  let drachtio: FakeDrachtio;
  let link: DrachtioLink;
  const errors: string[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (message) => errors.push(message),
  };

  beforeEach(async () => {
    errors.length = 0;
    drachtio = new FakeDrachtio();
    const server = { host: '127.0.0.1', port: await drachtio.open(), secret: 'x' };
    link = openLink({ server, clock: systemClock, log, install: () => undefined });
  });

  afterEach(() => {
    link.close();
    drachtio.close();
  });

  it('is up once authenticated, and knows where SIP is spoken', async () => {
    await until(() => link.state === 'up', 'up');
    expect(link.sipAddress).toBe('127.0.0.1:5060');
    expect(link.lost.aborted).toBe(false);
  });

  it.each([
    ['an unknown frame', 'id|nonsense|x'],
    ['a request that is no SIP', 'id|sip|network|9|udp|127.0.0.1|5060|0|t|\r\nnonsense'],
    ['an empty frame', '|'],
  ])('passes over %s', async (_case, payload) => {
    const socket = await drachtio.connections.take('a connection');
    await until(() => link.state === 'up', 'up');
    drachtio.send(socket, payload);
    drachtio.send(socket, 'id|another|x');
    await until(() => errors.length > 0, 'the second was read');
    expect(link.state).toBe('up');
  });

  it('drops a connection whose frames have no length, and makes another', async () => {
    const socket = await drachtio.connections.take('a connection');
    await until(() => link.state === 'up', 'up');
    const { lost } = link;
    socket.write('many bytes#of nothing');
    await drachtio.connections.take('another connection');
    expect(lost.aborted).toBe(true);
    await until(() => link.state === 'up', 'up again');
  });

  it('drops a connection on which nobody answers, and makes another', async () => {
    const socket = await drachtio.connections.take('a connection');
    await until(() => link.state === 'up', 'up');
    drachtio.silent = true;
    socket.destroy();
    const mute = await drachtio.connections.take('a connection without answers');
    await once(mute, 'close');
    drachtio.silent = false;
    await until(() => link.state === 'up', 'up again');
    expect(errors).toContain('drachtio does not answer; connection dropped');
  });
});
