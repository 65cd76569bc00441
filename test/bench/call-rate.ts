import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { type Findings, remark } from './figure.ts';
import { cpuSeconds } from './machine.ts';
import { DNIS, freePort, makePlace, startServer } from './server.ts';

const SIPP = 'sipp';
const CALLS = 500;
/** Calls that SIPp keeps open; it starts another as one ends. */
const AT_ONCE = 10;
const UAS_START_MS = 500;

/**
 * How many calls a second are answered and hung up by the whole system, beside SIPp's own UAS, which
 * does nothing but answer. No goal. Left out where there is no `sipp` (Debian: sip-tester).
 */
export async function measureCallRate(): Promise<Findings> {
  if (spawnSync(SIPP, ['-v']).error !== undefined) {
    console.log('\nno sipp here: calls a second are not measured');
    return { figures: [], remarks: [] };
  }
  const uasRate = await rateOfSipp();
  const place = await makePlace();
  try {
    const server = await startServer(place);
    try {
      const pids = [server.applicationPid, server.switchPid] as const;
      const before = pids.map(cpuSeconds);
      const rate = await callRate(place.server);
      const [application = 0, media = 0] = pids.map(
        (pid, index) => ((cpuSeconds(pid) - (before[index] ?? 0)) * 1000) / CALLS,
      );
      return {
        figures: [],
        remarks: [
          remark('calls answered and ended', rate, '/s'),
          remark("the same at SIPp's UAS", uasRate, '/s'),
          remark("ratio to SIPp's UAS", rate / uasRate, 'x'),
          remark('application, CPU for one call', application, 'ms'),
          remark('switch, CPU for one call', media, 'ms'),
        ],
      };
    } finally {
      await server.stop();
    }
  } finally {
    await place.remove();
  }
}

async function rateOfSipp(): Promise<number> {
  const port = await freePort();
  const uas = spawn(SIPP, ['-sn', 'uas', '-i', '127.0.0.1', '-p', String(port), '-nostdin'], {
    cwd: tmpdir(),
    stdio: 'ignore',
  });
  try {
    await once(uas, 'spawn');
    await pause(UAS_START_MS);
    return await callRate(`127.0.0.1:${port}`);
  } finally {
    uas.kill('SIGKILL');
  }
}

/** Calls a second until all have been answered and hung up. */
async function callRate(server: string): Promise<number> {
  const options = [
    ['-sn', 'uac'],
    ['-s', DNIS],
    ['-i', '127.0.0.1'],
    ['-p', String(await freePort())],
    ['-m', String(CALLS)],
    ['-l', String(AT_ONCE)],
    ['-r', '2000'],
  ].flat();
  const startedAt = performance.now();
  const sipp = spawn(SIPP, [server, ...options, '-nostdin'], { cwd: tmpdir(), stdio: 'ignore' });
  const [code] = (await once(sipp, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`SIPp ended with ${code}`);
  return CALLS / ((performance.now() - startedAt) / 1000);
}
