import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type Findings, percentile, remark, under } from './figure.ts';
import { residentMb } from './machine.ts';
import { makePlace, startServer } from './server.ts';

const STARTS = 5;
const IDLE_MS = 5_000;

/**
 * `start_ms`: from the start of the process to the answer to OPTIONS, median of several starts.
 * `idle_rss_mb`: memory of application and switch together, five seconds after a start.
 */
export async function measureStart(): Promise<Findings> {
  const place = await makePlace();
  const startsMs: number[] = [];
  const nodeMs: number[] = [];
  let memoryMb = { application: 0, switch: 0 };
  try {
    for (let count = 1; count <= STARTS; count += 1) {
      nodeMs.push(await bareNodeMs());
      const server = await startServer(place);
      startsMs.push(server.startMs);
      if (count === STARTS) {
        await pause(IDLE_MS);
        memoryMb = {
          application: residentMb(server.applicationPid),
          switch: residentMb(server.switchPid),
        };
      }
      await server.stop();
    }
  } finally {
    await place.remove();
  }
  const startMs = percentile(startsMs, 0.5);
  return {
    figures: [
      under('start_ms', startMs, 'ms', 3000),
      under('idle_rss_mb', memoryMb.application + memoryMb.switch, 'MB', 250),
    ],
    remarks: [
      remark(`longest of ${STARTS} starts`, Math.max(...startsMs), 'ms'),
      remark('ratio to two starts of Node alone', startMs / (2 * percentile(nodeMs, 0.5)), 'x'),
      remark('application, idle', memoryMb.application, 'MB'),
      remark('switch, idle', memoryMb.switch, 'MB'),
    ],
  };
}

/** How long Node takes to do nothing. */
async function bareNodeMs(): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['--eval', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedAt;
}
