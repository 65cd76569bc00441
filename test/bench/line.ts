import { countAhead, leaveLine, nextInLine } from '../../src/domain/queue/line.ts';
import { type Findings, percentile, remark, under } from './figure.ts';
import { entryAt, longLine } from './long-line.ts';

const ENTRIES = 50_000;
const TIMES = 20_000;
const NO_SKILLS: ReadonlySet<string> = new Set();

/**
 * `line_place_ms`: the place of somebody in a line of 50,000. `line_next_ms`: finding who is next and
 * taking them out of it. Both at the median.
 */
export function measureLine(): Findings {
  const placeMs = placeTimesMs(ENTRIES);
  const nextMs = nextTimesMs(ENTRIES);
  const median = (times: readonly number[]): number => percentile(times, 0.5);
  return {
    figures: [
      under('line_place_ms', median(placeMs), 'ms', 0.1),
      under('line_next_ms', median(nextMs), 'ms', 0.1),
    ],
    remarks: [
      remark('next, 99th percentile', percentile(nextMs, 0.99), 'ms'),
      remark('place, ratio to a line of 500', median(placeMs) / median(placeTimesMs(500)), 'x'),
    ],
  };
}

function placeTimesMs(entries: number): readonly number[] {
  const line = longLine(entries);
  return Array.from({ length: TIMES }, (_, index) => {
    const entry = entryAt((index * 7919) % entries);
    return timeMs(() => countAhead(line, entry));
  });
}

function nextTimesMs(entries: number): readonly number[] {
  let line = longLine(entries);
  return Array.from({ length: TIMES }, () =>
    timeMs(() => {
      const next = nextInLine(line, NO_SKILLS);
      if (next === undefined) throw new Error('nobody is in line any more');
      line = leaveLine(line, next);
    }),
  );
}

function timeMs(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
