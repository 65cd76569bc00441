import { valueAt } from '../../domain/collections/ordered-map.ts';
import type { AgentId, QueueId } from '../../domain/ids.ts';
import {
  EMPTY_FLOOR,
  type EntryId,
  type Floor,
  type FloorEffect,
  type FloorEvent,
} from '../../domain/queue/floor.ts';
import { stepFloor } from '../../domain/queue/floor-step.ts';
import { type Entry, lineLength } from '../../domain/queue/line.ts';
import type { QueueSettings } from '../../domain/queue/settings.ts';
import { Mailbox } from '../mailbox.ts';
import type { LedgerFact } from '../ports.ts';
import { keep, type Services } from '../services.ts';
import { lineFacts } from './line-facts.ts';
import type { LineWatcher } from './line-watcher.ts';
import { WrapUpTimers } from './wrap-up-timers.ts';

/** Is told which agent is kept for whom. */
export interface FloorListener {
  /** Not `ready`: the agent is in wrap-up until `agentReady`. */
  assigned(entry: Entry, agentId: AgentId, ready: boolean): void;
  agentReady(entryId: EntryId, agentId: AgentId): void;
}

/** Runs the floor: everybody who waits and everybody who answers. */
export class FloorKeeper {
  readonly #services: Services;
  readonly #mailbox: Mailbox<FloorEvent>;
  readonly #listener: FloorListener;
  readonly #watcher: LineWatcher;
  readonly #wrapUps: WrapUpTimers;
  #floor: Floor = EMPTY_FLOOR;

  constructor(services: Services, watcher: LineWatcher, listener: FloorListener) {
    this.#services = services;
    this.#listener = listener;
    this.#watcher = watcher;
    this.#wrapUps = new WrapUpTimers(services.clock, (event) => {
      this.post(event);
    });
    this.#mailbox = new Mailbox('floor', services.log, (event) => {
      const before = this.#floor;
      const now = services.clock.now();
      const { floor, effects } = stepFloor(before, event, now);
      this.#floor = floor;
      watcher.moved(before, event, now);
      this.#keepFacts(lineFacts(before, floor, event, effects, now));
      for (const effect of effects) this.#run(effect);
    });
  }

  get floor(): Floor {
    return this.#floor;
  }

  post(event: FloorEvent): void {
    this.#mailbox.post(event);
  }

  /** Whether somebody stands in line. */
  has(entryId: EntryId): boolean {
    return valueAt(this.#floor.entries, entryId) !== undefined;
  }

  /** Whether there is such a queue: configured, or no longer but with somebody in its line. */
  hasQueue(queueId: QueueId): boolean {
    return this.#floor.queues.has(queueId);
  }

  /** What operators set for a queue; also for one that only has its line left. */
  settingsOf(queueId: QueueId): QueueSettings | undefined {
    return this.#floor.queues.get(queueId)?.settings;
  }

  /** How many stand in line in a queue; 0 for a queue that does not exist. */
  lengthOf(queueId: QueueId): number {
    const queue = this.#floor.queues.get(queueId);
    return queue === undefined ? 0 : lineLength(queue.line);
  }

  /** Agents of a queue who rest, and until when. */
  wrapUpsOf(queueId: QueueId): readonly number[] {
    return this.#wrapUps.endsOf((agentId) =>
      valueAt(this.#floor.agents, agentId)?.queues.includes(queueId),
    );
  }

  /** Ends its timers, at a stop of the server. */
  close(): void {
    this.#wrapUps.close();
  }

  #run(effect: FloorEffect): void {
    switch (effect.type) {
      case 'assigned':
        this.#assigned(effect);
        return;
      case 'agentReady':
        this.#listener.agentReady(effect.entryId, effect.agentId);
        return;
      case 'startWrapUp':
        this.#wrapUps.start(effect);
        return;
      case 'presenceChanged':
        this.#keepPresence(effect);
        return;
    }
  }

  #assigned({ entry, agentId, ready, overtook }: Extract<FloorEffect, { type: 'assigned' }>): void {
    const { queue, id } = entry;
    const at = this.#services.clock.now();
    this.#watcher.served(entry, agentId, at);
    this.#services.observe({ what: 'assigned', entryId: id, agentId, queue, overtook }, at);
    this.#listener.assigned(entry, agentId, ready);
  }

  #keepFacts(facts: readonly LedgerFact[]): void {
    if (facts.length === 0) return;
    keep(
      this.#services,
      'the line',
      facts.map((fact) => ({ kind: 'fact', fact })),
    );
  }

  #keepPresence({ agentId, presence }: Extract<FloorEffect, { type: 'presenceChanged' }>): void {
    const at = this.#services.clock.now();
    const fact = { at, about: agentId, what: 'agentChanged', detail: { to: presence.name } };
    keep(this.#services, 'agent presence', [
      { kind: 'agent', agentId, presence },
      { kind: 'fact', fact },
    ]);
    this.#services.observe({ what: 'agentChanged', agentId, activity: presence.name }, at);
  }
}
