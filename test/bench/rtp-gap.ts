import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Findings, remark, under } from './figure.ts';
import { cpuSeconds } from './machine.ts';
import type { Report, Task } from './rtp-phones.ts';
import { makePlace, type Server, startServer } from './server.ts';

const PHONES = fileURLToPath(new URL('./rtp-phones.ts', import.meta.url));
const CALLS = 100;
const SECONDS = 20;
const BASELINE_SECONDS = 10;

/**
 * `switch_100_calls_rtp_gap_p99_ms`: 100 calls at once through the whole system, half in the menu,
 * half on hold; the time between RTP packets as another process receives them. One call alone,
 * before, tells what the machine does to packets by itself.
 */
export async function measureRtpGap(): Promise<Findings> {
  const place = await makePlace();
  try {
    const server = await startServer(place);
    try {
      const one = await callAll(server, {
        server: place.server,
        calls: 1,
        seconds: BASELINE_SECONDS,
      });
      const many = await callAll(server, { server: place.server, calls: CALLS, seconds: SECONDS });
      return findings(one.result, many);
    } finally {
      await server.stop();
    }
  } finally {
    await place.remove();
  }
}

type Measured = Extract<Report, { what: 'measured' }>;
type CpuShares = Readonly<Record<'application' | 'switch' | 'phones', number>>;

async function callAll(
  server: Server,
  task: Task,
): Promise<{ readonly result: Measured; readonly shares: CpuShares }> {
  const phones = fork(PHONES);
  const pids = {
    application: server.applicationPid,
    switch: server.switchPid,
    phones: phones.pid ?? 0,
  };
  phones.send(task);
  await nextReport(phones);
  const before = cpuOf(pids);
  const startedAt = performance.now();
  const result = await nextReport(phones);
  const after = cpuOf(pids);
  const seconds = (performance.now() - startedAt) / 1000;
  if (result.what !== 'measured') throw new Error('the phones did not measure');
  await once(phones, 'exit');
  const share = (name: keyof CpuShares) => (100 * (after[name] - before[name])) / seconds;
  return {
    result,
    shares: { application: share('application'), switch: share('switch'), phones: share('phones') },
  };
}

function cpuOf(pids: CpuShares): CpuShares {
  return {
    application: cpuSeconds(pids.application),
    switch: cpuSeconds(pids.switch),
    phones: cpuSeconds(pids.phones),
  };
}

function nextReport(phones: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => {
      reject(new Error(`the phones ended with ${code}`));
    };
    phones.once('exit', died);
    phones.once('message', (report: Report) => {
      phones.off('exit', died);
      resolve(report);
    });
  });
}

function findings(
  one: Measured,
  { result, shares }: { readonly result: Measured; readonly shares: CpuShares },
): Findings {
  return {
    figures: [under('switch_100_calls_rtp_gap_p99_ms', result.p99Ms, 'ms', 30)],
    remarks: [
      remark('1 call: p99', one.p99Ms, 'ms'),
      remark('1 call: longest', one.maxMs, 'ms'),
      remark('ratio of 100 calls to 1 call, p99', result.p99Ms / one.p99Ms, 'x'),
      remark('100 calls: median', result.p50Ms, 'ms'),
      remark('100 calls: longest', result.maxMs, 'ms'),
      remark('100 calls: packets', result.packets, ''),
      remark('100 calls: packets lost', result.lost, ''),
      remark('100 calls: INVITE to answer, p99', result.answerP99Ms, 'ms'),
      remark('application, share of one core', shares.application, '%'),
      remark('switch, share of one core', shares.switch, '%'),
      remark('phones, share of one core', shares.phones, '%'),
    ],
  };
}
