import type { AgentPresence } from '../domain/agent/agent.ts';
import type { AgentId } from '../domain/ids.ts';
import {
  EMPTY_FLOOR,
  type EntryId,
  type Floor,
  type FloorEffect,
  type FloorEvent,
} from '../domain/queue/floor.ts';
import type { Entry } from '../domain/queue/line.ts';
import { Estimates } from './estimates.ts';
import { stepFloor } from './rules.ts';
import type { Run } from './run.ts';

/** Who is told what the floor decides. */
export interface FloorListener {
  /** An agent is kept for somebody; with `ready` false only once their wrap-up ends. */
  assigned(entry: Entry, agentId: AgentId, ready: boolean): void;
  /** The wrap-up of an agent who was kept ahead is over. */
  agentReady(entryId: EntryId): void;
}

/** Runs the floor of the house, event after event, and lets everybody know. */
export class SimulatedFloor {
  readonly #run: Run;
  readonly #waiting: FloorEvent[] = [];
  /** What agents chose, as it is stored: all that a restart finds of them. */
  readonly #presences = new Map<AgentId, AgentPresence>();
  /** Waits and lead times, measured on the way. */
  readonly estimates: Estimates;
  #listener: FloorListener | undefined;
  #floor: Floor = EMPTY_FLOOR;
  #running = false;

  constructor(run: Run) {
    this.#run = run;
    this.estimates = new Estimates(run, this);
  }

  listen(listener: FloorListener): void {
    this.#listener = listener;
  }

  get floor(): Floor {
    return this.#floor;
  }

  /** Takes up queues and agents, at the start and after each restart of the process. */
  start(): void {
    const { queues, agents } = this.#run.plan;
    this.#floor = EMPTY_FLOOR;
    this.#waiting.length = 0;
    this.post({
      type: 'configured',
      queues: [...queues.values()],
      agents: [...agents.values()],
      presences: this.#presences,
    });
  }

  /** Events are taken one at a time: what one brings about comes after it. A dead process takes none. */
  post(event: FloorEvent): void {
    if (!this.#run.processUp) return;
    this.#waiting.push(event);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.#take(next);
      }
    } finally {
      this.#running = false;
    }
  }

  #take(event: FloorEvent): void {
    const before = this.#floor;
    const { floor, effects } = stepFloor(before, event, this.#run.now);
    this.#floor = floor;
    this.estimates.moved(before, event, this.#run.now);
    this.#run.witness.floorMoved({ before, event, floor, effects, now: this.#run.now });
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: FloorEffect): void {
    switch (effect.type) {
      case 'assigned':
        this.estimates.served(effect.entry, effect.agentId, this.#run.now);
        this.#listener?.assigned(effect.entry, effect.agentId, effect.ready);
        return;
      case 'agentReady':
        this.#listener?.agentReady(effect.entryId);
        return;
      case 'startWrapUp':
        this.#startWrapUp(effect);
        return;
      case 'presenceChanged':
        this.#presences.set(effect.agentId, effect.presence);
        return;
    }
  }

  #startWrapUp({ agentId, until, soonAt }: Extract<FloorEffect, { type: 'startWrapUp' }>): void {
    this.estimates.rests(agentId, until);
    if (until <= this.#run.now) {
      this.post({ type: 'wrapUpEnded', agentId });
      return;
    }
    if (soonAt !== undefined) {
      this.#run.at(soonAt, () => {
        this.post({ type: 'wrapUpEndsSoon', agentId });
      });
    }
    this.#run.at(until, () => {
      this.post({ type: 'wrapUpEnded', agentId });
    });
  }
}
