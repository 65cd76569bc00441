import { createSocket, type Socket } from 'node:dgram';
import { PortsExhaustedError } from './errors.ts';
import type { PortPair, RtpPorts } from './types.ts';

/** How often a pair of ports is tried that the system chose, with a range of 0. */
const EPHEMERAL_TRIES = 100;

/** Pairs that a range of 0 gives out at most. */
const EPHEMERAL_CAPACITY = 2000;

export interface RtpPortsOptions {
  readonly address: string;
  /** Both bounds are included and rounded to whole pairs; both 0 lets the system choose. */
  readonly minPort: number;
  readonly maxPort: number;
}

/**
 * Gives out pairs of bound UDP sockets, RTP on the even port and RTCP on the next. Ports in use by
 * others are passed over. Throws RangeError for a range that is none.
 */
export function createRtpPorts(options: RtpPortsOptions): RtpPorts {
  const { address, minPort, maxPort } = options;
  if (minPort === 0 && maxPort === 0) return new EphemeralPorts(address);
  const first = minPort + (minPort % 2);
  const capacity = Math.floor((maxPort + 1 - first) / 2);
  const whole = Number.isInteger(minPort) && Number.isInteger(maxPort);
  if (!whole || minPort < 1 || maxPort > 65535 || capacity < 1) {
    throw new RangeError(`not a range of RTP ports: ${minPort} to ${maxPort}`);
  }
  return new RangePorts(address, first, capacity);
}

class RangePorts implements RtpPorts {
  readonly address: string;
  readonly capacity: number;
  readonly #first: number;
  readonly #taken = new Set<number>();
  /** Where the search goes on, so that a port just freed rests for as long as possible. */
  #next = 0;

  constructor(address: string, first: number, capacity: number) {
    this.address = address;
    this.#first = first;
    this.capacity = capacity;
  }

  get inUse(): number {
    return this.#taken.size;
  }

  async acquire(): Promise<PortPair> {
    for (let tries = 0; tries < this.capacity; tries++) {
      const port = this.#first + this.#next * 2;
      this.#next = (this.#next + 1) % this.capacity;
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      const pair = await bindPair(this.address, port, () => this.#taken.delete(port)).catch(
        (error: unknown) => {
          this.#taken.delete(port);
          throw error;
        },
      );
      if (pair) return pair;
      this.#taken.delete(port);
    }
    throw new PortsExhaustedError(this.address, this.capacity);
  }
}

class EphemeralPorts implements RtpPorts {
  readonly address: string;
  readonly capacity = EPHEMERAL_CAPACITY;
  #inUse = 0;

  constructor(address: string) {
    this.address = address;
  }

  get inUse(): number {
    return this.#inUse;
  }

  async acquire(): Promise<PortPair> {
    if (this.#inUse >= this.capacity) throw new PortsExhaustedError(this.address, this.capacity);
    this.#inUse++;
    try {
      for (let tries = 0; tries < EPHEMERAL_TRIES; tries++) {
        const pair = await bindPair(this.address, await freePort(this.address), () => {
          this.#inUse--;
        });
        if (pair) return pair;
      }
    } catch (error) {
      this.#inUse--;
      throw error;
    }
    this.#inUse--;
    throw new PortsExhaustedError(this.address, this.capacity);
  }
}

/** An even port that was free a moment ago. */
async function freePort(address: string): Promise<number> {
  const probe = newSocket(address);
  await bind(probe, address, 0);
  const { port } = probe.address();
  await new Promise<void>((resolve) => {
    probe.close(resolve);
  });
  return port - (port % 2);
}

/** Both sockets of a pair, or undefined when another program has one of the ports. */
async function bindPair(
  address: string,
  port: number,
  onRelease: () => void,
): Promise<PortPair | undefined> {
  const rtp = newSocket(address);
  const rtcp = newSocket(address);
  const closeBoth = (): void => {
    rtp.close();
    rtcp.close();
  };
  try {
    await bind(rtp, address, port);
    await bind(rtcp, address, port + 1);
  } catch (error) {
    closeBoth();
    if (isInUse(error)) return undefined;
    throw error;
  }
  let released = false;
  const release = (): void => {
    if (released) return;
    released = true;
    closeBoth();
    onRelease();
  };
  return { port, rtp, rtcp, release };
}

/** Destinations are always addresses, so looking them up is left out; it would cost two turns each. */
function newSocket(address: string): Socket {
  const family = address.includes(':') ? 6 : 4;
  return createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    lookup: (hostname, _options, callback) => {
      callback(null, hostname, family);
    },
  });
}

function bind(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

function isInUse(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE' || code === 'EACCES';
}
