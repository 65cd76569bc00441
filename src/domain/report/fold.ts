import type { CallRecord } from '../call/call-record.ts';
import type { CallId, EpochMs, QueueId } from '../ids.ts';
import type { EntryId } from '../queue/floor.ts';
import { type LineFact, lineFactOf, type RecordedFact } from '../queue/line-fact.ts';
import { EMPTY_HISTORY, type LineHistory, stepHistory } from '../queue/overtake.ts';
import { abandonedOnHold, answeredOnHold, beginJourney, goOn, type Journey } from './journey.ts';
import { emptyTally, type Tally } from './tally.ts';

/** People followed at once, unless told otherwise. */
const MAX_FOLLOWED = 200_000;
/** Calls whose place in line has not been told yet; old ones that ended never join. */
const MAX_CALLS_KEPT = 10_000;

export interface FoldOptions {
  /**
   * The tally in which somebody counts who joins a queue at that moment; undefined: they are not
   * counted. Whatever comes of them later counts there too.
   */
  tallyFor(queue: QueueId, at: EpochMs): Tally | undefined;
  /** People followed at once; the one who joined first is given up for more. Default 200,000. */
  readonly maxFollowed?: number;
}

/**
 * Adds up what records tell, one by one, keeping in memory only who is in line. Facts come in the
 * order of the ledger; a call comes before the facts about it, as it stands now.
 */
export class ReportFold {
  readonly #options: FoldOptions;
  readonly #calls = new Map<CallId, CallRecord>();
  readonly #journeys = new Map<string, Journey>();
  #history: LineHistory = EMPTY_HISTORY;
  #givenUp = 0;
  #work = 0;

  constructor(options: FoldOptions) {
    this.#options = options;
  }

  /** People who are counted, and whose way has not ended. */
  get followed(): number {
    return this.#journeys.size;
  }

  /** People whose end is not counted, because there were too many at once. */
  get givenUp(): number {
    return this.#givenUp;
  }

  /** Facts and overtakes so far: what the work goes with. */
  get work(): number {
    return this.#work;
  }

  /** Calls that may still join a line. */
  get callsKept(): number {
    return this.#calls.size;
  }

  takeCall(call: CallRecord): void {
    if (call.direction !== 'inbound') return;
    this.#calls.set(call.id, call);
    if (this.#calls.size > MAX_CALLS_KEPT) this.#forgetCallsBefore(call.startedAt);
  }

  takeFact(fact: RecordedFact): void {
    this.#work += 1;
    const lineFact = lineFactOf(fact);
    if (lineFact !== undefined) this.#follow(fact, lineFact);
    const journey = this.#journeys.get(fact.about);
    if (journey !== undefined && goOn(journey, fact)) this.#journeys.delete(fact.about);
    // Whoever is not counted is known by their place when an agent is kept for them: that is enough.
    const isNew = lineFact?.type === 'joined' || lineFact?.type === 'registered';
    if (lineFact !== undefined && (!isNew || journey !== undefined)) this.#step(lineFact);
  }

  /** Somebody new, or a caller who became a ticket. */
  #follow({ detail }: RecordedFact, fact: LineFact): void {
    if (fact.type === 'joined') {
      const tally = this.#options.tallyFor(fact.queue, fact.at);
      const call = this.#calls.get(fact.id as CallId);
      this.#calls.delete(fact.id as CallId);
      if (tally === undefined) return;
      tally.joined += 1;
      const journey = beginJourney(tally, fact.at, detail);
      if (call !== undefined) countEnd(journey, call);
      this.#add(fact.id, journey);
    }
    if (fact.type === 'registered') {
      const { callId } = fact;
      if (callId !== undefined) {
        // Unknown: they joined before the report begins.
        const journey = this.#journeys.get(callId);
        this.#journeys.delete(callId);
        if (journey !== undefined) this.#add(fact.id, journey);
        return;
      }
      const tally = this.#options.tallyFor(fact.queue, fact.at);
      if (tally !== undefined) this.#add(fact.id, beginJourney(tally, fact.at, detail));
    }
  }

  #step(fact: LineFact): void {
    const { history, overtakes } = stepHistory(this.#history, fact);
    this.#history = history;
    this.#work += overtakes.length;
    for (const { overtaken, reason } of overtakes) {
      const journey = this.#journeys.get(overtaken);
      if (journey !== undefined) journey.tally.overtakes[reason ?? 'unexplained'] += 1;
    }
  }

  #add(id: string, journey: Journey): void {
    this.#journeys.set(id, journey);
    if (this.#journeys.size <= (this.#options.maxFollowed ?? MAX_FOLLOWED)) return;
    const [oldest] = this.#journeys.keys();
    if (oldest === undefined) return;
    this.#journeys.delete(oldest);
    this.#givenUp += 1;
    this.#step({ at: journey.joinedAt, id: oldest as EntryId, type: 'left' });
  }

  #forgetCallsBefore(now: EpochMs): void {
    for (const [id, { end }] of this.#calls) {
      if (end !== undefined && end.at < now) this.#calls.delete(id);
    }
  }
}

/** How the call of somebody who joined the line ended, which its row tells already. */
function countEnd(journey: Journey, { connectedAt, end, ticketId }: CallRecord): void {
  if (connectedAt !== undefined) answeredOnHold(journey, connectedAt);
  else if (end?.outcome === 'abandonedOnHold' && ticketId === undefined) {
    abandonedOnHold(journey, end.at);
  }
}

/** A tally for each queue and period, made when it is first asked for. */
export class TallyBook {
  readonly #tallies = new Map<QueueId, Map<string, Tally>>();

  at(queue: QueueId, period: string): Tally {
    const periods = this.#tallies.get(queue) ?? new Map<string, Tally>();
    this.#tallies.set(queue, periods);
    const tally = periods.get(period) ?? emptyTally();
    periods.set(period, tally);
    return tally;
  }

  /** By queue and period. */
  *rows(): Generator<{ readonly queue: QueueId; readonly period: string; readonly tally: Tally }> {
    for (const [queue, periods] of [...this.#tallies].toSorted(byName)) {
      for (const [period, tally] of [...periods].toSorted(byName)) yield { queue, period, tally };
    }
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
