import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { PortsExhaustedError } from '../../../src/switch/rtp/errors.ts';
import { createRtpPorts } from '../../../src/switch/rtp/ports.ts';

const address = '127.0.0.1';

/** The first port of `count` even pairs that are free at this moment. */
async function freeRange(count: number): Promise<number> {
  const ports = createRtpPorts({ address, minPort: 0, maxPort: 0 });
  for (;;) {
    const pair = await ports.acquire();
    pair.release();
    if (pair.port + count * 2 <= 65_535) return pair.port;
  }
}

describe('RTP ports', () => {
  it('gives out RTP on an even port and RTCP on the next', async () => {
    const ports = createRtpPorts({ address, minPort: 0, maxPort: 0 });
    const pair = await ports.acquire();
    expect(pair.port % 2).toBe(0);
    expect(pair.rtp.address().port).toBe(pair.port);
    expect(pair.rtcp.address().port).toBe(pair.port + 1);
    pair.release();
  });

  it('says so when all are taken, and gives a released one out again', async () => {
    const first = await freeRange(1);
    const ports = createRtpPorts({ address, minPort: first, maxPort: first + 1 });
    expect(ports.capacity).toBe(1);
    const pair = await ports.acquire();
    await expect(ports.acquire()).rejects.toBeInstanceOf(PortsExhaustedError);
    pair.release();
    pair.release();
    expect(ports.inUse).toBe(0);
    const again = await ports.acquire();
    expect(again.port).toBe(first);
    again.release();
  });

  it('passes over a port that another program has', async () => {
    const first = await freeRange(2);
    const other = createSocket('udp4');
    other.bind({ port: first + 1, address, exclusive: true });
    await once(other, 'listening');
    const ports = createRtpPorts({ address, minPort: first, maxPort: first + 3 });
    const pair = await ports.acquire();
    expect(pair.port).toBe(first + 2);
    expect(ports.inUse).toBe(1);
    pair.release();
    other.close();
  });

  it.each([
    [0, 10],
    [5000, 5000],
    [5001, 5002],
    [60_000, 70_000],
    [1.5, 20],
  ])('refuses the range %d to %d', (minPort, maxPort) => {
    expect(() => createRtpPorts({ address, minPort, maxPort })).toThrow(RangeError);
  });
});
