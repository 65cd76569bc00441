import { DialFailure } from '../../../src/domain/call/failure.ts';
import type { E164, TicketId } from '../../../src/domain/ids.ts';
import type { Floor } from '../../../src/domain/queue/floor.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { Happening } from '../../../src/engine/observer.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Ids, IncomingCall, Leg, Log, Store } from '../../../src/engine/ports.ts';
import type { Services } from '../../../src/engine/services.ts';
import { Random } from '../../../src/replay/random.ts';
import {
  checkAgents,
  checkBridges,
  checkFloor,
  checkLines,
  checkNobodyIsBlamed,
  checkNobodyIsStuck,
  checkNoOvertaking,
  checkTicketsStandInLine,
} from './invariants.ts';
import { MemoryStore } from './memory-store.ts';
import { People, type Temper } from './people.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Watches } from './watches.ts';
import { Witness } from './witness.ts';

/** How the disk is: the chance that a commit fails, and how long one takes. */
interface Disk {
  readonly fails: number;
  readonly commitMs: number;
}
const PERFECT_DISK: Disk = { fails: 0, commitMs: 0 };

/** A whole simulated help line: the real engine, a virtual clock, people who behave by chance. */
export class World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly people: People;
  readonly store: MemoryStore;
  /** The configuration in force; `reload` replaces it. */
  plan: Plan;
  /** drachtio or FreeSWITCH is away: nobody can be called, and nobody comes in. */
  telephonyDown = false;
  readonly happenings: Happening[] = [];
  readonly errors: string[] = [];
  engine: Engine;
  customersInFlight = 0;
  steps = 0;
  witness = new Witness();
  readonly watches: Watches;
  readonly #disk: Disk;
  #generation = 0;
  #floorBefore: Floor | undefined;
  /** Since when customers have talked with an agent. */
  readonly #served = new Map<TicketId, number>();

  constructor(seed: number, plan: Plan, temper: Temper, disk: Disk = PERFECT_DISK) {
    this.random = new Random(seed);
    this.clock = new VirtualClock(START_OF_DAY);
    this.people = new People(this.random, this.clock, temper);
    this.store = new MemoryStore(() => this.random.chance(disk.fails));
    this.#disk = disk;
    this.plan = plan;
    this.watches = new Watches({
      store: this.store,
      floor: () => this.engine.floor,
      plan: () => this.plan,
      now: () => this.clock.now(),
      leaves: (callId) => {
        this.witness.leaves(callId);
      },
      handleSeconds: (queue) => this.engine.waits.handleSeconds(queue),
    });
    this.engine = this.#newEngine();
  }

  /** Starts, or after `crash` starts again on the same store. */
  async start(): Promise<void> {
    while (!(await this.#engineStarts())) this.engine = this.#newEngine();
    for (const agentId of this.plan.agents.keys()) this.engine.agentReachable(agentId, true);
  }

  /** @returns false if the disk did not let it start. */
  async #engineStarts(): Promise<boolean> {
    let started: boolean | undefined;
    this.engine.start().then(
      () => {
        started = true;
      },
      () => {
        this.#generation += 1;
        started = false;
      },
    );
    for (;;) {
      await settled();
      if (started !== undefined) return started;
      this.clock.step();
    }
  }

  /** Somebody dials; while telephony is down the engine hears nothing of it. */
  incoming(call: IncomingCall): void {
    if (this.telephonyDown) return;
    this.watches.incoming(call, (watched) => {
      this.engine.incoming(watched);
    });
  }

  /** Operators change the configuration. */
  reload(plan: Plan): void {
    this.plan = plan;
    this.engine.planChanged();
  }

  /** drachtio or FreeSWITCH dies, and is back after a while. */
  loseTelephony(forMs: number): void {
    this.telephonyDown = true;
    this.people.loseAllLegs();
    this.clock.startTimer(forMs, () => {
      this.telephonyDown = false;
    });
  }

  /** The process dies: every leg is lost, nothing of the engine is left but the store. */
  async crash(): Promise<void> {
    this.#generation += 1;
    this.people.loseAllLegs();
    await settled();
    this.customersInFlight = 0;
    this.witness = new Witness();
    this.watches.restarted();
    this.#forgetTalksNotKept();
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
      try {
        this.#check();
      } catch (error) {
        throw this.watches.withHistory(error);
      }
    }
  }

  #check(): void {
    const { floor } = this.engine;
    if (floor !== this.#floorBefore) checkFloor(floor);
    if (floor.agents !== this.#floorBefore?.agents) {
      checkAgents(floor);
      if (this.telephonyDown) checkNobodyIsBlamed(this.#floorBefore ?? floor, floor);
      checkNoOvertaking(this.#floorBefore ?? floor, floor, this.clock.now());
      this.witness.checkAgents(floor, this.customersInFlight, this.clock.now());
    }
    if (this.steps % 200 === 0) {
      checkLines(floor);
      checkBridges(this.people.live);
      checkNobodyIsStuck(floor, this.clock.now());
      this.witness.checkHolders(floor);
    }
    this.watches.check(floor, this.steps);
    if (this.steps % 2_000 === 0) {
      checkTicketsStandInLine(this.store, (id) => this.watches.tickets.now(id), floor);
    }
  }

  #observed(happening: Happening): void {
    this.happenings.push(happening);
    this.witness.observe(happening);
    this.#rememberTalk(happening);
    this.watches.observed(happening);
  }

  async #customer(number: E164, ringSeconds: number, signal: AbortSignal): Promise<Leg> {
    this.customersInFlight += 1;
    try {
      return await this.watches.customer(number, () =>
        this.people.customer(number, signal, ringSeconds),
      );
    } finally {
      this.customersInFlight -= 1;
    }
  }

  #rememberTalk(happening: Happening): void {
    if (happening.what === 'talking' && happening.ticketId !== undefined) {
      this.#served.set(happening.ticketId, this.clock.now());
    }
    if (happening.what === 'dialling' && this.#served.has(happening.ticketId)) {
      this.errors.push(`${happening.ticketId} was served and is called again`);
    }
  }

  /** A talk that began just before the process died may not be on disk. */
  #forgetTalksNotKept(): void {
    for (const [ticketId, at] of this.#served) {
      if (this.clock.now() - at < KEPT_WITHIN_MS) this.#served.delete(ticketId);
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
      log: this.#log(alive),
      store: this.#storeOf(alive),
      telephony: {
        dial: async (target, ringSeconds, signal) => {
          if (!alive() || this.telephonyDown) throw new DialFailure('ourFailure');
          if (target.kind === 'agent') return this.people.agent(signal, ringSeconds);
          return this.#customer(target.number, ringSeconds, signal);
        },
        outgoingCapacity: () => Number.POSITIVE_INFINITY,
      },
      observe: (happening) => {
        if (alive()) this.#observed(happening);
      },
      repairRecording: () => Promise.resolve(),
      keyOfNumber: (number) => number,
      plan: () => this.plan,
    };
    return new Engine(services);
  }

  /** The store as a process reaches it: once dead, it commits nothing more. */
  #storeOf(alive: () => boolean): Store {
    const { store } = this;
    const { commitMs } = this.#disk;
    return {
      commit: async (changes) => {
        if (commitMs > 0) {
          await new Promise<void>((resolve) => {
            this.clock.startTimer(commitMs, resolve);
          });
        }
        if (!alive()) throw new Error('the process is dead');
        await store.commit(changes);
        this.watches.committed(changes);
      },
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
    };
  }

  #log(alive: () => boolean): Log {
    const ignore = () => undefined;
    return {
      debug: ignore,
      info: ignore,
      warn: ignore,
      error: (message, fields) => {
        if (alive()) this.errors.push(`${message} ${JSON.stringify(fields ?? {})}`);
      },
    };
  }
}

/** A store that refuses is asked again; this is enough for several times. */
const KEPT_WITHIN_MS = 60_000;

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
