import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { findPortOwner } from '../../../src/observe/port-owner.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function openUdp(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => socket.close());
  return socket.address().port;
}

async function openTcp(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the owner of a port', () => {
  test.each([
    ['udp', openUdp],
    ['tcp', openTcp],
  ] as const)('is found for %s', async (protocol, open) => {
    const owner = await findPortOwner(protocol, await open());
    expect(owner?.pid).toBe(process.pid);
    expect(owner?.name).not.toBe('');
  });

  test('is unknown for a port that nobody has', async () => {
    const port = await openUdp();
    for (const close of closers.splice(0)) close();
    expect(await findPortOwner('tcp', port)).toBeUndefined();
  });
});
