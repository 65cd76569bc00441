import { DialFailure } from '../../../src/domain/call/failure.ts';
import type { Key } from '../../../src/domain/ivr/keys.ts';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { Happening } from '../../../src/engine/observer.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { DialTarget, IncomingCall, Leg, Log, Store } from '../../../src/engine/ports.ts';
import { MemoryStore } from '../../simulation/world/memory-store.ts';
import { samplePlan } from '../../simulation/world/sample-plan.ts';
import { SimulatedLeg } from '../../simulation/world/simulated-leg.ts';
import { VirtualClock } from '../../simulation/world/virtual-clock.ts';

/** Somebody on a leg, who remembers what was heard. */
export class Party {
  readonly leg: SimulatedLeg;
  readonly heard: string[] = [];

  constructor(leg: SimulatedLeg) {
    this.leg = leg;
    leg.ear = {
      heard: (sound) => this.heard.push(sound),
      bridged: () => this.heard.push('talk'),
      ended: () => this.heard.push('hung up'),
    };
  }
}

/** A real engine among stage props: a clock that is moved by hand, phones that answer as told. */
export class Stage {
  readonly clock = new VirtualClock(1_000_000);
  readonly store = new MemoryStore(() => false);
  readonly happenings: Happening[] = [];
  readonly errors: string[] = [];
  readonly dialled: DialTarget[] = [];
  /** What happens to the next calls that go out; by default they are answered. */
  readonly answers: ('answer' | DialFailure | Promise<never>)[] = [];
  readonly parties: Party[] = [];
  mediaFails = false;
  /** Calls that the trunks can carry. */
  capacity = Number.POSITIVE_INFINITY;
  engine: Engine;
  /** The configuration in force; `reload` replaces it. */
  plan: Plan;
  readonly #storePort: Store;
  #ids = 0;

  constructor(
    agents: number,
    queue: Partial<QueueSettings> = {},
    store: (real: MemoryStore) => Partial<Store> = () => ({}),
  ) {
    this.plan = samplePlan(agents, { wrapUpSeconds: 0, ...queue });
    this.#storePort = overlaid(this.store, store(this.store));
    this.engine = this.#newEngine();
  }

  /** Operators change the configuration. */
  async reload(change: Partial<Plan>): Promise<void> {
    this.plan = { ...this.plan, ...change };
    this.engine.planChanged();
    await this.settle();
  }

  /** A second engine on the same store, as after a kill. */
  restart(): Promise<void> {
    this.engine = this.#newEngine();
    return this.engine.start();
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets time pass, timer by timer. */
  async pass(seconds: number): Promise<void> {
    const end = this.clock.now() + seconds * 1000;
    let over = false;
    this.clock.startTimer(end - this.clock.now(), () => {
      over = true;
    });
    while (!over) {
      this.clock.step();
      await this.settle();
    }
  }

  /** An agent who serves every queue and has a phone. */
  async agentReady(agentId: string): Promise<void> {
    this.engine.agentReachable(agentId, true);
    await this.shortCode(agentId, '*70');
  }

  /** An agent's phone dials a short code; its party is there if it was answered. */
  async shortCode(agentId: string, code: string): Promise<Party | undefined> {
    const parties = this.parties.length;
    this.engine.incoming(this.#call({ kind: 'agent', agentId }, code, undefined));
    await this.settle();
    return this.parties[parties];
  }

  /** A caller who dials the help line. */
  async caller(ani = '+12025550123'): Promise<Party> {
    const call = this.#call({ kind: 'trunk', trunk: 'carrier' }, '+18005550100', ani);
    this.engine.incoming(call);
    await this.settle();
    return this.lastParty();
  }

  /** A caller who has chosen the first queue. */
  async callerInLine(ani?: string): Promise<Party> {
    const caller = await this.caller(ani);
    await this.press(caller, '1');
    return caller;
  }

  async press(party: Party, keys: string): Promise<void> {
    for (const key of keys) party.leg.press(key as Key);
    await this.settle();
  }

  lastParty(): Party {
    const party = this.parties.at(-1);
    if (party === undefined) throw new Error('nobody is on the stage');
    return party;
  }

  what(): readonly string[] {
    return this.happenings.map(({ what }) => what);
  }

  readonly rejected: number[] = [];

  #call(origin: IncomingCall['origin'], dialled: string, ani: string | undefined): IncomingCall {
    return {
      origin,
      dialled,
      ani,
      cancelled: new AbortController().signal,
      answer: () => Promise.resolve(this.#party('caller').leg),
      reject: (status) => {
        this.rejected.push(status);
        return Promise.resolve();
      },
    };
  }

  #party(kind: 'caller' | 'customer' | 'agent'): Party {
    const leg = new SimulatedLeg({ kind, isMachine: false }, this.clock, () => this.mediaFails);
    const party = new Party(leg);
    this.parties.push(party);
    return party;
  }

  #dial(target: DialTarget, signal: AbortSignal): Promise<Leg> {
    this.dialled.push(target);
    const answer = this.answers.shift() ?? 'answer';
    if (answer instanceof DialFailure) return Promise.reject(answer);
    if (answer === 'answer') {
      return Promise.resolve(this.#party(target.kind === 'agent' ? 'agent' : 'customer').leg);
    }
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new DialFailure('withdrawn'));
      });
    });
  }

  #newEngine(): Engine {
    return new Engine({
      clock: this.clock,
      ids: {
        next: (kind) => {
          this.#ids += 1;
          return `${kind}-${this.#ids}`;
        },
      },
      log: logTo(this.errors),
      store: this.#storePort,
      telephony: {
        dial: (target, _ringSeconds, signal) => this.#dial(target, signal),
        outgoingCapacity: () => this.capacity,
      },
      observe: (happening) => this.happenings.push(happening),
      repairRecording: () => Promise.resolve(),
      keyOfNumber: (number) => number,
      plan: () => this.plan,
    });
  }
}

/** Never answered: rings until withdrawn. */
export const RINGS: Promise<never> = new Promise(() => undefined);

function logTo(errors: string[]): Log {
  const ignore = () => undefined;
  return { debug: ignore, info: ignore, warn: ignore, error: (message) => errors.push(message) };
}

function overlaid(store: MemoryStore, over: Partial<Store>): Store {
  return {
    commit: (changes) => store.commit(changes),
    openTickets: () => store.openTickets(),
    ticket: (id) => store.ticket(id),
    recentTicketOf: (number, endedSince) => store.recentTicketOf(number, endedSince),
    turnedSwitches: () => store.turnedSwitches(),
    numbersUsedSince: (at) => store.numbersUsedSince(at),
    memories: () => store.memories(),
    agentPresences: () => store.agentPresences(),
    runningRecordings: () => store.runningRecordings(),
    openCalls: () => store.openCalls(),
    lastArrival: () => store.lastArrival(),
    close: () => store.close(),
    ...over,
  };
}
