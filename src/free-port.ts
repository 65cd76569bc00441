import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const TRIES = 50;

/**
 * A port that was free a moment ago for UDP and TCP alike, as SIP wants it.
 * @throws Error if none was found in fifty tries
 */
export async function freePort(address: string): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = await freeUdpPort(address);
    if (await isFreeForTcp(address, port)) return port;
  }
  throw new Error(`no port is free on ${address}`);
}

async function freeUdpPort(address: string): Promise<number> {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

function isFreeForTcp(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, address, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
