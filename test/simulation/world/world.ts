import type { Floor } from '../../../src/domain/queue/floor.ts';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { Happening } from '../../../src/engine/observer.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Ids, Log, Store } from '../../../src/engine/ports.ts';
import type { Services } from '../../../src/engine/services.ts';
import { checkBridges, checkFloor, checkLines, checkNoOvertaking } from './invariants.ts';
import { MemoryStore } from './memory-store.ts';
import { People, type Temper } from './people.ts';
import { Random } from './random.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A whole simulated help line: the real engine, a virtual clock, people who behave by chance. */
export class World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly people: People;
  readonly store: MemoryStore;
  readonly plan: Plan;
  readonly happenings: Happening[] = [];
  readonly errors: string[] = [];
  engine: Engine;
  customersInFlight = 0;
  steps = 0;
  #generation = 0;
  #floorBefore: Floor | undefined;

  constructor(seed: number, plan: Plan, temper: Temper, storeFails: number) {
    this.random = new Random(seed);
    this.clock = new VirtualClock(START_OF_DAY);
    this.people = new People(this.random, this.clock, temper);
    this.store = new MemoryStore(() => this.random.chance(storeFails));
    this.plan = plan;
    this.engine = this.#newEngine();
  }

  /** Starts, or after `crash` starts again on the same store. */
  async start(): Promise<void> {
    await this.engine.start();
    for (const agentId of this.plan.agents.keys()) this.engine.agentReachable(agentId, true);
  }

  /** The process dies: every leg is lost, nothing of the engine is left but the store. */
  async crash(): Promise<void> {
    this.#generation += 1;
    this.people.loseAllLegs();
    await settled();
    this.customersInFlight = 0;
    this.engine = this.#newEngine();
    await this.start();
  }

  /** Runs until nothing is left to happen, or `until` says so; checks after each step. */
  async run(until: () => boolean): Promise<void> {
    while (!until()) {
      this.#floorBefore = this.engine.floor;
      if (!this.clock.step()) return;
      await settled();
      this.steps += 1;
      this.#check();
    }
  }

  #check(): void {
    const { floor } = this.engine;
    checkFloor(floor);
    if (this.steps % 50 === 0) {
      checkLines(floor);
      checkBridges(this.people.live);
    }
  }

  #newEngine(): Engine {
    const generation = this.#generation;
    // An engine that died must not act any more: its timers and promises may still fire.
    const alive = () => generation === this.#generation;
    const services: Services = {
      clock: {
        now: () => this.clock.now(),
        startTimer: (afterMs, action) =>
          this.clock.startTimer(afterMs, () => {
            if (alive()) action();
          }),
      },
      ids: new CountingIds(generation),
      log: this.#log(),
      store: mortal(this.store, alive),
      telephony: {
        dial: async (target, ringSeconds, signal) => {
          if (target.kind === 'agent') return this.people.agent(signal, ringSeconds);
          this.customersInFlight += 1;
          try {
            return await this.people.customer(signal, ringSeconds);
          } finally {
            this.customersInFlight -= 1;
          }
        },
      },
      observe: (happening) => {
        if (!alive()) return;
        this.happenings.push(happening);
        if (happening.what === 'dialling' && this.#floorBefore !== undefined) {
          checkNoOvertaking(this.#floorBefore, happening.ticketId);
        }
      },
      repairRecording: () => Promise.resolve(),
      plan: () => this.plan,
    };
    return new Engine(services);
  }

  #log(): Log {
    const ignore = () => undefined;
    return {
      debug: ignore,
      info: ignore,
      warn: ignore,
      error: (message, fields) => {
        this.errors.push(`${message} ${JSON.stringify(fields ?? {})}`);
      },
    };
  }
}

/** 9 o'clock in New York on a Tuesday. */
const START_OF_DAY = Date.parse('2026-11-24T14:00:00Z');

/** All promises that could go on have gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

class CountingIds implements Ids {
  #count = 0;
  readonly #generation: number;

  constructor(generation: number) {
    this.#generation = generation;
  }

  next<Kind extends string>(kind: Kind): `${Kind}-${string}` {
    this.#count += 1;
    return `${kind}-${this.#generation}-${this.#count}`;
  }
}

/** The store as a process reaches it: once dead, it commits nothing more. */
function mortal(store: MemoryStore, alive: () => boolean): Store {
  return {
    commit: (changes) =>
      alive() ? store.commit(changes) : Promise.reject(new Error('the process is dead')),
    openTickets: () => store.openTickets(),
    ticket: (id) => store.ticket(id),
    agentPresences: () => store.agentPresences(),
    runningRecordings: () => store.runningRecordings(),
    openCalls: () => store.openCalls(),
    lastArrivalSequence: () => store.lastArrivalSequence(),
    close: () => store.close(),
  };
}

/** A help line with one number, one menu, two queues. */
export function samplePlan(agents: number, queue: Partial<QueueSettings>): Plan {
  const queues = ['refunds', 'general'].map(
    (id) => [id, { ...SAMPLE_QUEUE, id, ...queue }] as const,
  );
  const ids = Array.from({ length: agents }, (_, index) => `agent${index}`);
  return {
    entryPoints: new Map([
      [
        '+18005550100',
        {
          dnis: '+18005550100',
          namePrompt: 'name-tax-help',
          greeting: ['greeting'],
          menu: 'main',
          hours: 'always',
          closedPrompts: ['closed'],
        },
      ],
    ]),
    menus: new Map([
      [
        'main',
        {
          id: 'main',
          prompts: ['main-menu'],
          keys: { '1': { to: 'queue', queue: 'refunds' }, '2': { to: 'queue', queue: 'general' } },
          timeoutSeconds: 5,
          timeoutPrompt: 'timeout',
          invalidPrompt: 'invalid-key',
          maxTries: 3,
          exhausted: { to: 'hangUp', prompts: ['goodbye'] },
        },
      ],
    ]),
    hours: new Map(),
    queues: new Map(queues),
    agents: new Map(ids.map((id, index) => [id, { id, name: id, queues: servedBy(index) }])),
    shortCodes: { ready: '*70', break: '*71', logOut: '*72', openLine: '*73' },
    numbers: { allowFictional: true, ownNumbers: new Set(['+18005550100'] as const) },
  };
}

/** Some serve one queue, some both. */
function servedBy(index: number): readonly string[] {
  if (index % 3 === 0) return ['refunds'];
  return index % 3 === 1 ? ['general'] : ['refunds', 'general'];
}

const SAMPLE_QUEUE: QueueSettings = {
  id: '',
  namePrompt: 'queue-general',
  hours: 'always',
  expectedHandleSeconds: 300,
  agentRingSeconds: 15,
  wrapUpSeconds: 20,
  hold: { announceEverySeconds: 60, maxWaiting: 5000, fullPrompts: ['queue-full'] },
  callback: {
    offered: true,
    offerAboveSeconds: 120,
    maxOpenTickets: 5000,
    ringSeconds: 30,
    confirmSeconds: 8,
    confirmTries: 2,
    maxAttempts: 3,
    retryMinutes: 10,
    laterMinutes: 30,
  },
};
