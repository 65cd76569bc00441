import type { EpochMs, QueueId } from '../../domain/ids.ts';
import type { EntryId } from '../../domain/queue/floor.ts';
import { type HourAccuracy, wholeDay } from '../../domain/wait/accuracy.ts';
import { handleTimeQuantile, meanHandleSeconds } from '../../domain/wait/handle-times.ts';
import { type KeptWaits, readWaits } from '../../domain/wait/kept-waits.ts';
import {
  afterAttempt,
  afterConversation,
  afterHold,
  afterTurn,
  type QueueWait,
  unmeasuredQueue,
} from '../../domain/wait/queue-wait.ts';
import { type AttemptOutcome, chanceReached } from '../../domain/wait/reach.ts';
import {
  estimateWait,
  type LineAhead,
  NEVER_SERVED,
  type WaitEstimate,
} from '../../domain/wait/wait-estimate.ts';

/** How good the estimates of a queue were, by hour of the day and in all; and what they stand on. */
export interface WaitRecord {
  readonly day: HourAccuracy;
  readonly hours: readonly HourAccuracy[];
  /** Of the newest hundred conversations; undefined before the first. */
  readonly medianHandleSeconds: number | undefined;
  readonly highHandleSeconds: number | undefined;
  /** Chance in 0..1 that a ticket is reached when its turn comes. */
  readonly chanceReached: number;
}

/** Somebody in line whose end is awaited. */
interface Waiting {
  readonly queueId: QueueId;
  /** Since when they are on hold; undefined for a ticket. */
  readonly heldSince: EpochMs | undefined;
  /** The first estimate they were given; the later ones are not compared. */
  readonly quote: Quote | undefined;
}

interface Quote {
  readonly estimate: WaitEstimate;
  readonly at: EpochMs;
  readonly hour: number;
}

/** Whoever comes when as many are waited for is served as ever, but not measured. */
const MOST_WAITING = 100_000;

/** Of a queue that does not exist. */
const EXPECTED_HANDLE_SECONDS = 300;

/** Queues that left the configuration are kept up to here. */
const MOST_QUEUES = 1000;

/**
 * Measures the queues and estimates their waits. It is told what happened; times come from outside.
 * Whatever it does not know (a queue, an entry) it takes for nothing to learn from.
 */
export class WaitKeeper {
  readonly #queues: Map<QueueId, QueueWait>;
  readonly #waiting = new Map<EntryId, Waiting>();
  readonly #hourOf: (queueId: QueueId, at: EpochMs) => number;

  /**
   * `hourOf` gives the hour of the day (0 to 23) where the queue is; `kept` is an earlier `snapshot`,
   * read by `readWaits`.
   */
  constructor(hourOf: (queueId: QueueId, at: EpochMs) => number, kept: KeptWaits = {}) {
    this.#hourOf = hourOf;
    this.#queues = new Map(Object.entries(kept).slice(0, MOST_QUEUES));
  }

  /** There is such a queue; what was measured of it before stays. */
  open(queueId: QueueId, expectedHandleSeconds: number): void {
    if (this.#queues.has(queueId) || this.#queues.size >= MOST_QUEUES) return;
    this.#queues.set(queueId, unmeasuredQueue(expectedHandleSeconds));
  }

  /** An agent is free again after a conversation; see `HandleTimes` for what belongs to it. */
  handled(queueId: QueueId, handleSeconds: number): void {
    this.#change(queueId, (queue) => afterConversation(queue, handleSeconds));
  }

  /** A ticket was dialled; see `AttemptOutcome`. */
  attempted(queueId: QueueId, outcome: AttemptOutcome): void {
    this.#change(queueId, (queue) => afterAttempt(queue, outcome));
  }

  /** Somebody stands in line now: on hold, or by a ticket. */
  joined(queueId: QueueId, entryId: EntryId, kind: 'holder' | 'ticket', at: EpochMs): void {
    if (this.#waiting.size >= MOST_WAITING) return;
    const heldSince = kind === 'holder' ? at : undefined;
    this.#waiting.set(entryId, { queueId, heldSince, quote: undefined });
  }

  /** This wait was said to somebody in line, or was the reason for an offer. */
  quoted(entryId: EntryId, estimate: WaitEstimate, at: EpochMs): void {
    const waiting = this.#waiting.get(entryId);
    if (waiting === undefined || waiting.quote !== undefined) return;
    const hour = this.#hourOf(waiting.queueId, at);
    this.#waiting.set(entryId, { ...waiting, quote: { estimate, at, hour } });
  }

  /** A holder took a ticket, which now waits in their stead for what they were told. */
  replaced(callId: EntryId, ticketId: EntryId, at: EpochMs): void {
    const waiting = this.#end(callId, false, at);
    if (waiting !== undefined) this.#waiting.set(ticketId, { ...waiting, heldSince: undefined });
  }

  /** An agent is kept for somebody for the first time: their turn has come. */
  served(entryId: EntryId, at: EpochMs): void {
    const waiting = this.#end(entryId, false, at);
    if (waiting?.quote === undefined) return;
    const { estimate, at: quotedAt, hour } = waiting.quote;
    const waitSeconds = (at - quotedAt) / 1000;
    this.#change(waiting.queueId, (queue) => afterTurn(queue, estimate, hour, waitSeconds));
  }

  /** Somebody left without having been served: `abandoned` if a holder hung up. */
  left(entryId: EntryId, why: 'abandoned' | 'other', at: EpochMs): void {
    this.#end(entryId, why === 'abandoned', at);
  }

  /** The wait of somebody behind `line`; Infinity in a queue that does not exist. */
  estimate(queueId: QueueId, line: LineAhead): WaitEstimate {
    const queue = this.#queues.get(queueId);
    return queue === undefined ? NEVER_SERVED : estimateWait(queue, line);
  }

  /** How good the estimates were; undefined for a queue that does not exist. */
  record(queueId: QueueId): WaitRecord | undefined {
    const queue = this.#queues.get(queueId);
    if (queue === undefined) return undefined;
    return {
      day: wholeDay(queue.accuracy),
      hours: queue.accuracy.hours,
      medianHandleSeconds: handleTimeQuantile(queue.handleTimes, 0.5),
      highHandleSeconds: handleTimeQuantile(queue.handleTimes, 0.9),
      chanceReached: chanceReached(queue.reach),
    };
  }

  /** Mean time that a conversation takes an agent of the queue. */
  handleSeconds(queueId: QueueId): number {
    const queue = this.#queues.get(queueId);
    return queue === undefined ? EXPECTED_HANDLE_SECONDS : meanHandleSeconds(queue.handleTimes);
  }

  /** Takes up an earlier `snapshot`. @returns the queues whose record is damaged: measured anew */
  recall(kept: unknown): readonly QueueId[] {
    const { waits, damaged } = readWaits(kept);
    for (const [queueId, queue] of Object.entries(waits).slice(0, MOST_QUEUES)) {
      this.#queues.set(queueId, queue);
    }
    return damaged;
  }

  /** All that was measured; what was said to people still in line is not in it. */
  snapshot(): KeptWaits {
    return Object.fromEntries(this.#queues);
  }

  #change(queueId: QueueId, change: (queue: QueueWait) => QueueWait): void {
    const queue = this.#queues.get(queueId);
    if (queue !== undefined) this.#queues.set(queueId, change(queue));
  }

  #end(entryId: EntryId, abandoned: boolean, at: EpochMs): Waiting | undefined {
    const waiting = this.#waiting.get(entryId);
    this.#waiting.delete(entryId);
    if (waiting?.heldSince === undefined) return waiting;
    const heldSeconds = (at - waiting.heldSince) / 1000;
    this.#change(waiting.queueId, (queue) => afterHold(queue, heldSeconds, abandoned));
    return waiting;
  }
}
