import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { encodeRtpPacket } from '../../src/protocol/rtp/packet.ts';
import { createMediaClock } from '../../src/switch/rtp/clock.ts';
import { randomRtpIds } from '../../src/switch/rtp/ids.ts';
import { createRtpPorts } from '../../src/switch/rtp/ports.ts';
import { openRtpSession } from '../../src/switch/rtp/session.ts';
import { createSoundStore } from '../../src/switch/rtp/sounds.ts';
import { createLocalStreams } from '../../src/switch/rtp/sources/local-stream.ts';
import { createAudioSources } from '../../src/switch/rtp/sources/open.ts';

/**
 * The gap between the packets of each of 100 sessions, as another process receives them, while every
 * session plays a tone, receives sound and listens for tones in it.
 * `npx tsx test/bench/rtp-gap.ts [sessions] [seconds]`
 */
const [, , first = '100', second = '10', role] = process.argv;
const sessionCount = Number(first);
const seconds = Number(second);
const localhost = '127.0.0.1';

if (role === 'phones') await runPhones();
else await runSwitch();

async function runSwitch(): Promise<void> {
  const clock = createMediaClock({
    onError: (error) => {
      throw error;
    },
  });
  const sounds = createSoundStore();
  const localStreams = createLocalStreams({ clock, sounds, directories: {}, onError: () => {} });
  const sources = createAudioSources({ sounds, localStreams, soundsDirectory: '/' });
  const ports = createRtpPorts({ address: localhost, minPort: 0, maxPort: 0 });
  const phones = fork(fileURLToPath(import.meta.url), [first, second, 'phones']);
  const [phonesPort] = (await once(phones, 'message')) as [number];
  const sessions = await Promise.all(
    Array.from({ length: sessionCount }, async () => {
      const session = await openRtpSession({ ports, clock, ids: randomRtpIds });
      const remote = { address: localhost, port: phonesPort };
      session.configure({ remote, codec: 'PCMU', payloadType: 0, direction: 'sendrecv' });
      session.detectInband(true);
      return { session, source: await sources.open('tone_stream://%(1000,0,440,480);loops=-1') };
    }),
  );
  clock.subscribe('process', () => {
    for (const { session, source } of sessions) session.send(source.next());
  });
  const cpuBefore = process.cpuUsage();
  phones.send(sessions.map(({ session }) => session.localPort));
  const [gaps] = (await once(phones, 'message')) as [unknown];
  const cpu = process.cpuUsage(cpuBefore);
  const statistics = sessions[0]?.session.statistics();
  for (const { session } of sessions) session.close();
  const cpuShare = (cpu.user + cpu.system) / 1e6 / seconds;
  console.log({ sessions: sessionCount, gaps, cpuShare, lateness: clock.lateness(), statistics });
  clock.stop();
}

async function runPhones(): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(0, localhost);
  await once(socket, 'listening');
  process.send?.(socket.address().port);
  const [ports] = (await once(process, 'message')) as [number[]];
  const lastMs = new Map<number, number>();
  const gapsMs: number[] = [];
  socket.on('message', (bytes, from) => {
    const nowMs = performance.now();
    const beforeMs = lastMs.get(from.port);
    if (beforeMs !== undefined && bytes.length === 172) gapsMs.push(nowMs - beforeMs);
    lastMs.set(from.port, nowMs);
  });
  let sequence = 0;
  const speech = new Uint8Array(160).fill(0x7a);
  const talk = setInterval(() => {
    sequence++;
    const fields = { marker: false, payloadType: 0, sequence, timestamp: sequence * 160, ssrc: 7 };
    const packet = encodeRtpPacket(fields, speech);
    for (const port of ports) socket.send(packet, port, localhost);
  }, 20);
  await new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
  clearInterval(talk);
  socket.close();
  gapsMs.sort((a, b) => a - b);
  const at = (share: number): number | undefined => gapsMs[Math.floor(gapsMs.length * share)];
  process.send?.({ packets: gapsMs.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: gapsMs.at(-1) });
  process.disconnect();
}
