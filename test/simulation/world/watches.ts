import type { CallId, E164 } from '../../../src/domain/ids.ts';
import type { Floor } from '../../../src/domain/queue/floor.ts';
import type { Happening } from '../../../src/engine/observer.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Change, IncomingCall, Leg } from '../../../src/engine/ports.ts';
import { BrokenPromise, Diary } from './diary.ts';
import { BrokenInvariant } from './invariants.ts';
import type { MemoryStore } from './memory-store.ts';
import { SaidWatch } from './said-watch.ts';
import type { SimulatedLeg } from './simulated-leg.ts';
import { SlotWatch } from './slot-watch.ts';
import { TicketWatch } from './ticket-watch.ts';

const MOST_HISTORY_LINES = 60;
/** Ids as they stand in the words of a rule. */
const IDS = /(?:ticket|call|rec)-\d+-\d+|agent\d+/gu;

/** What the watches look at. */
interface Watched {
  readonly store: MemoryStore;
  readonly floor: () => Floor;
  readonly plan: () => Plan;
  readonly now: () => number;
  readonly leaves: (callId: CallId) => void;
  readonly handleSeconds: (queue: string) => number;
}

/** All that follow a simulated day with books of their own: tickets, slots, and what is said. */
export class Watches {
  readonly said: SaidWatch;
  readonly tickets: TicketWatch;
  readonly slots: SlotWatch;
  readonly #watched: Watched;
  readonly #diary = new Diary();
  #broken: BrokenPromise | undefined;
  /** The caller whose call the engine is just being told of. */
  #arriving: { callId?: CallId } | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
    const { store, plan, floor } = watched;
    const breaks = (rule: string, about: readonly string[]): void => {
      this.rule(false, rule, about);
    };
    const graceMs = (queue: string): number =>
      (plan().queues.get(queue)?.callback.retry.graceMinutes ?? 30) * 60_000;
    this.said = new SaidWatch(store, floor, watched.leaves, breaks);
    this.tickets = new TicketWatch(store, this.said.toldCancelled, graceMs, breaks);
    this.slots = new SlotWatch(plan, breaks);
  }

  /** Ends the day after this step if a rule does not hold. */
  rule(holds: boolean, rule: string, about: readonly string[]): void {
    if (!holds) this.#broken ??= this.#breaking(rule, about);
  }

  /** @throws BrokenPromise if a rule broke in the last step */
  check(floor: Floor, steps: number): void {
    if (steps % 20 === 0) this.tickets.checkPlaces(floor);
    if (this.#broken !== undefined) throw this.#broken;
    for (const [queue, { callback }] of this.#watched.plan().queues) {
      if (callback.slots === undefined) continue;
      this.slots.handleTime(queue, this.#watched.handleSeconds(queue), this.#watched.now());
    }
  }

  /** A broken rule tells what happened to those whom it names. */
  withHistory(error: unknown): unknown {
    if (!(error instanceof BrokenInvariant)) return error;
    return this.#breaking(error.message.replace(IDS, 'somebody'), error.message.match(IDS) ?? []);
  }

  #breaking(rule: string, about: readonly string[]): BrokenPromise {
    return new BrokenPromise(rule, about, this.#diary.lastOf(about, MOST_HISTORY_LINES));
  }

  /** The process died: the next knows what the store holds. */
  restarted(): void {
    this.tickets.restarted();
    this.slots.restarted(this.#watched.store.tickets.values());
  }

  /** Tells of a call, and listens to it from its answer on. */
  incoming(call: IncomingCall, tell: (call: IncomingCall) => void): void {
    const arriving: { callId?: CallId } = {};
    this.#arriving = arriving;
    tell({
      ...call,
      answer: async () => {
        const known = this.tickets.ofNumber(call.ani);
        const leg = await call.answer();
        const { callId } = arriving;
        if (callId !== undefined)
          this.said.caller({ callId, ani: call.ani, known }, leg as SimulatedLeg);
        return leg;
      },
    });
    this.#arriving = undefined;
  }

  /** A customer's telephone rings, and is listened to. */
  async customer(number: E164, dial: () => Promise<Leg>): Promise<Leg> {
    this.tickets.rings(number);
    try {
      const leg = await dial();
      (leg as SimulatedLeg).overhearing = this.said.customer(number);
      return leg;
    } finally {
      this.tickets.ringsNoMore(number);
    }
  }

  observed(happening: Happening): void {
    const now = this.#watched.now();
    this.tickets.observed(happening, now);
    const { what } = happening;
    if (what === 'ticketMoved') this.slots.moved(happening.ticket);
    if (what === 'callArrived' && this.#arriving !== undefined) {
      this.#arriving.callId = happening.callId;
    }
    if (what === 'dialling' || what === 'joinedLine' || what === 'talking') {
      this.#diary.write(now, JSON.stringify(happening));
    }
  }

  committed(changes: readonly Change[]): void {
    for (const change of changes) if (change.kind === 'fact') this.#diary.fact(change.fact);
    this.said.committed(changes);
    this.tickets.committed(changes);
  }
}
