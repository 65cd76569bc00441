import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** Below the ports that the system gives out by itself, above those of the servers under test. */
const FIRST_UDP_PORT = 29_000;
const LAST_UDP_PORT = 32_000;
/** Ports given out by this process, so that none is given twice before it is bound. */
const given = new Set<number>();

/** A UDP port that was free a moment ago, picked at random so that tests side by side do not meet. */
export async function freeUdpPort(address: string = LOOPBACK): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_UDP_PORT, LAST_UDP_PORT);
    if (given.has(port) || !(await isFree(port, address))) continue;
    given.add(port);
    return port;
  }
}

/** Below the ports that the system gives out by itself, and below those of the servers under test. */
const FIRST_MEDIA_PORT = 10_000;
const LAST_MEDIA_PORT = 16_000;

/** The first of four UDP ports in a row (RTP and RTCP of sound and picture), free a moment ago. */
export async function freeMediaPorts(address: string = LOOPBACK): Promise<number> {
  for (;;) {
    const first = randomInt(FIRST_MEDIA_PORT / 2, LAST_MEDIA_PORT / 2) * 2;
    const free = await Promise.all([0, 1, 2, 3].map((next) => isFree(first + next, address)));
    if (!free.includes(false)) return first;
  }
}

async function isFree(port: number, address: string): Promise<boolean> {
  const socket = createSocket('udp4');
  return await new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, address, () => {
      socket.close(() => resolve(true));
    });
  });
}

/** A TCP port that was free a moment ago. */
export async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
