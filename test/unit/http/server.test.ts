import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttp } from '../../../src/http/server/start.ts';
import { FORM, freshKey, SECRETS, settingsOf, stage } from './stage.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './tls-pair.ts';

const { server: USUAL } = settingsOf();

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('a client that is slow', () => {
  it.each([
    ['with its headers', 'POST /v1/tickets HTTP/1.1\r\nHost: a\r\nX-Slow: '],
    [
      'with its body',
      `POST /v1/tickets HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${SECRETS.everything}\r\n` +
        'Content-Type: application/json\r\nIdempotency-Key: slow\r\nContent-Length: 500\r\n\r\n{',
    ],
  ])('%s is hung up on, with 408', async (_, begun) => {
    const { port, office } = await stage({ server: { ...USUAL, requestSeconds: 1 } });
    const socket = await opened(port);
    socket.write(begun);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /u);
    expect(answer).toContain('/v1/problems/too-slow');
    expect(office.asked).toEqual([]);
  });

  it('does not keep others waiting', async () => {
    const { port, ask } = await stage();
    for (let count = 0; count < 20; count += 1) {
      (await opened(port)).write('GET / HTTP/1.1\r\nX-Slow: ');
    }
    expect(await ask('GET', '/v1/queues')).toMatchObject({ status: 200 });
  });
});

describe('connections', () => {
  it('above the limit are dropped, and the log says so once', async () => {
    const { port, log } = await stage({ server: { ...USUAL, maxConnections: 3 } });
    for (let count = 0; count < 3; count += 1) await opened(port);
    for (let count = 0; count < 4; count += 1) {
      const tooMany = await opened(port);
      if (!tooMany.closed) await once(tooMany, 'close');
    }
    const told = log.lines.filter(({ message }) => message.includes('above the limit'));
    expect(told).toHaveLength(1);
  });
});

describe('closing', () => {
  it('lets a request that is being carried out end, and takes no more', async () => {
    const { ask, office, server } = await stage();
    let letGo: () => void = () => undefined;
    office.holdUp = new Promise((resolve) => {
      letGo = resolve;
    });
    const last = ask('POST', '/v1/tickets', { body: FORM, headers: freshKey() });
    await expect.poll(() => office.asked.length).toBe(1);
    const closing = server.close();
    letGo();
    expect(await last).toMatchObject({ status: 201 });
    await closing;
    await expect(ask('GET', '/v1/queues')).rejects.toThrow();
  });

  it('does not wait for a client that has gone to sleep', async () => {
    const timers: (() => void)[] = [];
    const clock = {
      now: () => Date.now(),
      startTimer: (_: number, action: () => void) => {
        timers.push(action);
        return () => undefined;
      },
    };
    const { port, server } = await stage({}, { clock });
    const asleep = await opened(port);
    asleep.write('GET / HTTP/1.1\r\nX-Slow: ');
    await expect.poll(() => asleep.bytesWritten).toBeGreaterThan(0);
    const closing = server.close();
    for (const action of timers) action();
    await closing;
  });
});

describe('starting', () => {
  it('fails with the reason if the port is taken', async () => {
    const { needs, port } = await stage();
    const settings = settingsOf({ server: { ...USUAL, port } });
    await expect(startHttp({ ...needs, settings: () => settings })).rejects.toThrow('EADDRINUSE');
  });

  it('fails with the reason if a key file is missing', async () => {
    const { needs } = await stage();
    const tls = { keyFile: '/nonexistent/key.pem', certificateFile: '/nonexistent/cert.pem' };
    const settings = settingsOf({ server: { ...USUAL, tls } });
    await expect(startHttp({ ...needs, settings: () => settings })).rejects.toThrow('ENOENT');
  });
});

describe('with a certificate', () => {
  it('TLS is spoken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'linekeeper-tls-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const tls = { keyFile: join(folder, 'key.pem'), certificateFile: join(folder, 'cert.pem') };
    await writeFile(tls.keyFile, TEST_KEY);
    await writeFile(tls.certificateFile, TEST_CERTIFICATE);
    const { port } = await stage({ server: { ...USUAL, tls } });
    const status = await new Promise((resolve, reject) => {
      const target = { host: '127.0.0.1', port, path: '/health', ca: TEST_CERTIFICATE };
      request({ ...target, servername: 'localhost' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});
