import { sizeOf, valueAt } from '../domain/collections/ordered-map.ts';
import type { AgentId, EpochMs, QueueId } from '../domain/ids.ts';
import {
  EMPTY_FLOOR,
  type EntryId,
  type Floor,
  type FloorEffect,
  type FloorEvent,
} from '../domain/queue/floor.ts';
import { stepFloor } from '../domain/queue/floor-step.ts';
import { countAhead, type Entry, lineLength } from '../domain/queue/line.ts';
import type { QueueSettings } from '../domain/queue/settings.ts';
import { estimateWaitSeconds } from '../domain/wait/estimate.ts';
import { Mailbox } from './mailbox.ts';
import { keep, type Services } from './services.ts';

/** Runs the floor: everybody who waits and everybody who answers. */
export class FloorKeeper {
  readonly #services: Services;
  readonly #mailbox: Mailbox<FloorEvent>;
  readonly #assigned: (entry: Entry, agentId: AgentId) => void;
  /** Cancels the rest of each agent; at most one timer an agent. */
  readonly #wrapUps = new Map<AgentId, () => void>();
  #floor: Floor = EMPTY_FLOOR;

  /** `assigned` is told which agent is kept for whom. */
  constructor(services: Services, assigned: (entry: Entry, agentId: AgentId) => void) {
    this.#services = services;
    this.#assigned = assigned;
    this.#mailbox = new Mailbox('floor', services.log, (event) => {
      const before = this.#floor;
      const { floor, effects } = stepFloor(before, event, services.clock.now());
      this.#floor = floor;
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

  /** Place and wait of somebody in line; the end of the line for somebody who is not. */
  placeOf(
    entryId: EntryId,
    queueId: QueueId,
  ): { readonly ahead: number; readonly waitSeconds: number } {
    const queue = this.#floor.queues.get(queueId);
    if (queue === undefined) return { ahead: 0, waitSeconds: 0 };
    const placed = valueAt(this.#floor.entries, entryId);
    if (placed?.agentId !== undefined) return { ahead: 0, waitSeconds: 0 };
    const ahead =
      placed === undefined ? lineLength(queue.line) : countAhead(queue.line, placed.entry);
    const waitSeconds = estimateWaitSeconds({
      ahead,
      staffed: queue.staffed,
      free: sizeOf(queue.free),
      handleSeconds: queue.handleTime.meanSeconds,
    });
    return { ahead, waitSeconds };
  }

  /** Ends its timers, at a stop of the server. */
  close(): void {
    for (const cancel of this.#wrapUps.values()) cancel();
    this.#wrapUps.clear();
  }

  #run(effect: FloorEffect): void {
    switch (effect.type) {
      case 'assigned':
        this.#assigned(effect.entry, effect.agentId);
        return;
      case 'startWrapUp':
        this.#startWrapUp(effect.agentId, effect.until);
        return;
      case 'presenceChanged': {
        const { agentId, presence } = effect;
        const at = this.#services.clock.now();
        const fact = { at, about: agentId, what: 'agentChanged', detail: { to: presence.name } };
        keep(this.#services, 'agent presence', [
          { kind: 'agent', agentId, presence },
          { kind: 'fact', fact },
        ]);
        this.#services.observe({ what: 'agentChanged', agentId, activity: presence.name }, at);
        return;
      }
    }
  }

  #startWrapUp(agentId: AgentId, until: EpochMs): void {
    const ended = () => {
      this.post({ type: 'wrapUpEnded', agentId });
    };
    const afterMs = until - this.#services.clock.now();
    if (afterMs <= 0) {
      // Without rest the next caller is served at once, not a turn of the timers later.
      ended();
      return;
    }
    this.#wrapUps.get(agentId)?.();
    this.#wrapUps.set(agentId, this.#services.clock.startTimer(afterMs, ended));
  }
}
