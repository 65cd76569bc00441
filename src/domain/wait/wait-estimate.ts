import { waitAtScore } from './band.ts';
import { correctionFactor } from './bias.ts';
import { type Drain, drainLine, type Stretch } from './drain.ts';
import { handleTimeUncertainty, meanHandleSeconds } from './handle-times.ts';
import { abandonmentRate, abandonmentRateAhead } from './patience.ts';
import type { QueueWait } from './queue-wait.ts';
import { chanceReached, ticketWeight } from './reach.ts';

/** What stands between somebody and an agent. All are counts, so no line is too long. */
export interface LineAhead {
  readonly holdersAhead: number;
  readonly ticketsAhead: number;
  /** Agents signed in for the queue, busy or not. */
  readonly staffed: number;
  /** Of these, agents who are free now. */
  readonly free: number;
  /** For each agent in wrap-up the seconds until free; the others are talking. */
  readonly soonFreeSeconds: readonly number[];
  /** Wrap-up after each conversation, a part of the handle time; 0 when agents set themselves free. */
  readonly wrapUpSeconds: number;
  /** Staffing that is planned, by time; without any, `staffed` is thought to stay. */
  readonly plannedStaff?: readonly PlannedStaff[];
  /** Until the queue closes; Infinity when it does not. */
  readonly secondsToClosing: number;
}

/** How many agents will be signed in from a moment on. */
export interface PlannedStaff {
  readonly afterSeconds: number;
  readonly staffed: number;
}

/** A wait that lies ahead. */
export interface WaitEstimate {
  /** Its mean: 0 when somebody is free and nobody ahead, Infinity when nobody will work. */
  readonly seconds: number;
  /** Eight of ten waits lie from `lowSeconds` to `highSeconds`, these included. */
  readonly lowSeconds: number;
  readonly highSeconds: number;
  /** The wait is longer than the queue is open. */
  readonly beyondClosing: boolean;
  /** What the model said before its own record corrected it; `afterTurn` learns from it. */
  readonly modelSeconds: number;
  /** Of the corrected wait, in square seconds. */
  readonly variance: number;
}

/** The wait where nobody works. */
export const NEVER_SERVED: WaitEstimate = certain(Number.POSITIVE_INFINITY, 0);

/** So many moments are looked at one by one, that the cost is bounded. */
const MOST_SOON_FREE = 64;
const MOST_CHANGES = 48;

/** Who is next when an agent becomes free in this moment does not wait. */
const NO_WAIT_SECONDS = 0.01;

/** A wait is never known better than to this standard deviation. */
const LEAST_DEVIATION_SECONDS = 1;

/**
 * The wait of somebody behind those counted in `line`. A ticket ahead weighs its measured chance of
 * being reached (`reach.ts`); a holder may give up before their turn (`patience.ts`); agents
 * become free once in a measured handle time (`handle-times.ts`), those in wrap-up when it ends;
 * `drain.ts` has the model. What the queue's own record taught then corrects wait and band.
 */
export function estimateWait(queue: QueueWait, line: LineAhead): WaitEstimate {
  // Tickets ahead that leave an agent free are in their pause, and keep nobody from being served.
  if (line.free > line.holdersAhead) return certain(0, line.secondsToClosing);
  const model = modelWait(queue, line);
  if (!Number.isFinite(model.meanSeconds))
    return certain(Number.POSITIVE_INFINITY, line.secondsToClosing);
  if (model.meanSeconds < NO_WAIT_SECONDS) return certain(0, line.secondsToClosing);
  const factor = correctionFactor(queue.bias);
  const seconds = model.meanSeconds * factor;
  const uncertain = seconds * seconds * handleTimeUncertainty(queue.handleTimes);
  const variance = model.variance * factor * factor + uncertain + LEAST_DEVIATION_SECONDS ** 2;
  const corrected: Drain = { meanSeconds: seconds, variance };
  return {
    seconds,
    lowSeconds: Math.min(seconds, waitAtScore(queue.band.lowScore, corrected)),
    highSeconds: Math.max(seconds, waitAtScore(queue.band.highScore, corrected)),
    beyondClosing: seconds > line.secondsToClosing,
    modelSeconds: model.meanSeconds,
    variance,
  };
}

function certain(seconds: number, secondsToClosing: number): WaitEstimate {
  return {
    seconds,
    lowSeconds: seconds,
    highSeconds: seconds,
    beyondClosing: seconds > secondsToClosing,
    modelSeconds: seconds,
    variance: 0,
  };
}

function modelWait(queue: QueueWait, line: LineAhead): Drain {
  const { holdersAhead, ticketsAhead, free } = line;
  const handleSeconds = meanHandleSeconds(queue.handleTimes);
  const tickets = ticketsAhead * ticketWeight(queue.reach, handleSeconds);
  const conversations = holdersAhead + tickets;
  const steps = Math.max(0, conversations - free) + 1;
  const chance = chanceReached(queue.reach);
  const countVariance = ticketsAhead * chance * (1 - chance);
  const holderShare = conversations > 0 ? holdersAhead / conversations : 0;
  const stretches = stretchesOf(line, handleSeconds);
  const drain = (leaving: number): Drain =>
    drainLine(steps, countVariance, leaving * holderShare, stretches);
  const first = drain(abandonmentRate(queue.patience));
  if (holdersAhead === 0 || !Number.isFinite(first.meanSeconds)) return first;
  return drain(abandonmentRateAhead(queue.patience, first.meanSeconds));
}

/**
 * When agents become free. Until a wrap-up has passed it is known for each: only those who are in
 * wrap-up now can become free. After that, and later as planned, by the rate.
 */
function stretchesOf(line: LineAhead, handleSeconds: number): readonly Stretch[] {
  const known = line.wrapUpSeconds > 0 ? knownStretches(line) : [];
  const from = known.length > 0 ? line.wrapUpSeconds : 0;
  const changes = (line.plannedStaff ?? [])
    .slice(0, MOST_CHANGES)
    .toSorted((a, b) => a.afterSeconds - b.afterSeconds);
  const atStart = changes.findLast(({ afterSeconds }) => afterSeconds <= from);
  const later = changes.filter(({ afterSeconds }) => afterSeconds > from);
  const plan = [{ afterSeconds: from, staffed: atStart?.staffed ?? line.staffed }, ...later];
  const planned = plan.map(({ afterSeconds, staffed }, index) => ({
    fromSeconds: afterSeconds,
    // Agents who come are free at once; agents who go end their conversation first.
    freeAtStart: index === 0 ? 0 : Math.max(0, staffed - (plan[index - 1]?.staffed ?? 0)),
    freePerSecond: staffed / handleSeconds,
  }));
  return [...known, ...planned];
}

/** Each end of a wrap-up; of very many, in groups at the middle one's time. */
function knownStretches(line: LineAhead): readonly Stretch[] {
  if (line.staffed === 0) return [];
  const ends = line.soonFreeSeconds
    .map((seconds) => Math.min(Math.max(0, seconds), line.wrapUpSeconds))
    .toSorted((a, b) => a - b);
  const together = Math.ceil(ends.length / MOST_SOON_FREE);
  const stretches: Stretch[] = [{ fromSeconds: 0, freeAtStart: 0, freePerSecond: 0 }];
  for (let first = 0; first < ends.length; first += together) {
    const freeAtStart = Math.min(together, ends.length - first);
    const fromSeconds = ends[first + Math.floor(freeAtStart / 2)] ?? line.wrapUpSeconds;
    stretches.push({ fromSeconds, freeAtStart, freePerSecond: 0 });
  }
  return stretches;
}
