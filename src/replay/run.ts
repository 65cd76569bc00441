import type { EpochMs } from '../domain/ids.ts';
import type { Place } from '../domain/queue/line.ts';
import type { Plan } from '../engine/plan.ts';
import { Agenda } from './agenda.ts';
import type { Day } from './day.ts';
import { Tally } from './tally.ts';
import type { Witness } from './witness.ts';

/** What all parts of one run share: the clock, the plan, the counts, who watches. */
export class Run {
  readonly day: Day;
  readonly plan: Plan;
  readonly witness: Witness;
  readonly tally = new Tally();
  now: EpochMs;
  /** Calls get in and out. */
  trunkUp = true;
  /** The process runs; while it is down nobody is answered. */
  processUp = true;
  readonly #agenda = new Agenda();
  #lastArrival = 0;
  #lastId = 0;

  constructor(day: Day, witness: Witness) {
    this.day = day;
    this.plan = day.plan;
    this.witness = witness;
    this.now = Math.min(
      day.callers[0]?.dialsAt ?? day.endsAt,
      ...day.agents.map(({ shifts }) => shifts[0]?.from ?? day.endsAt),
    );
  }

  /** Has something happen at a time, or at once if that has passed. */
  at(time: EpochMs, action: () => void): void {
    this.#agenda.add(Math.max(this.now, Math.round(time)), action);
  }

  after(ms: number, action: () => void): void {
    this.at(this.now + ms, action);
  }

  /** Goes to the next thing that is due at or before `until`, and does it. @returns false: nothing is */
  step(until: EpochMs): boolean {
    const at = this.#agenda.nextAt();
    if (at === undefined || at > until) return false;
    this.now = at;
    this.#agenda.take()?.();
    return true;
  }

  /** A place behind everybody who has arrived so far. */
  endOfLine(): Place {
    this.#lastArrival += 1;
    return { arrivedAt: this.now, arrivalSequence: this.#lastArrival };
  }

  newId<Kind extends string>(kind: Kind): `${Kind}-${string}` {
    this.#lastId += 1;
    return `${kind}-${this.#lastId.toString(36)}`;
  }
}
