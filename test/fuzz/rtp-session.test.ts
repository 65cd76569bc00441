import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomRtpIds } from '../../src/switch/rtp/ids.ts';
import { createRtpPorts } from '../../src/switch/rtp/ports.ts';
import { openRtpSession } from '../../src/switch/rtp/session.ts';
import { encoded, FarEnd, LOCALHOST, tone } from '../unit/rtp/far-end.ts';
import { ManualClock } from '../unit/rtp/manual-clock.ts';

/** Datagrams with a header that is right more often than not, and anything behind it. */
const datagram = fc
  .tuple(
    fc.constantFrom(0x80, 0x80, 0x80, 0x90, 0xa0, 0x00),
    fc.constantFrom(0, 0x80, 8, 101, 0x80 | 101, 13, 97, 200, 201, 202, 203),
    fc.uint8Array({ minLength: 0, maxLength: 400 }),
  )
  .map(([first, second, rest]) => Uint8Array.from([first, second, ...rest]));

it('an RTP session survives any datagrams and goes on playing what is right', async () => {
  const clock = new ManualClock();
  const ports = createRtpPorts({ address: LOCALHOST, minPort: 0, maxPort: 0 });
  const session = await openRtpSession({ ports, clock, ids: randomRtpIds });
  const far = await FarEnd.open();
  session.configure({
    remote: { address: LOCALHOST, port: far.port },
    codec: 'PCMU',
    payloadType: 0,
    telephoneEventType: 101,
    direction: 'sendrecv',
    symmetric: true,
  });
  session.detectInband(true);
  for (const bytes of fc.sample(datagram, 2000)) {
    await far.raw(session.localPort, bytes);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance();
  }
  let heard = false;
  session.onFrame((frame, silent) => {
    heard ||= !silent && frame.some((sample) => Math.abs(sample) > 7000);
  });
  for (let count = 0; !heard; count++) {
    expect(count).toBeLessThan(1000);
    await far.sound(session.localPort, encoded(tone(1000)));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance();
  }
  const { malformed, foreign } = session.statistics();
  expect(malformed).toBeGreaterThan(0);
  expect(foreign).toBeGreaterThan(0);
  session.close();
  far.close();
});
