import type { PauseReason } from '../../domain/callback/ticket.ts';
import { valueAt } from '../../domain/collections/ordered-map.ts';
import type { AgentId, EpochMs } from '../../domain/ids.ts';
import type { Floor, FloorEvent } from '../../domain/queue/floor.ts';
import type { Entry } from '../../domain/queue/line.ts';
import type { WaitKeeper } from './wait-keeper.ts';

const WAITS_FOR_A_TIME: ReadonlySet<PauseReason> = new Set([
  'slot',
  'choseLater',
  'calledHours',
  'closed',
]);

/** Tells the keeper of waits what happens on the floor. */
export class LineWatcher {
  readonly #waits: WaitKeeper;
  /** Since when agents are with the caller they talk with, ringing included. */
  readonly #keptSince = new Map<AgentId, EpochMs>();

  constructor(waits: WaitKeeper) {
    this.#waits = waits;
  }

  /** `before` is the floor as it was when the event came. */
  moved(before: Floor, event: FloorEvent, now: EpochMs): void {
    switch (event.type) {
      case 'configured':
        for (const { id, expectedHandleSeconds } of event.queues) {
          this.#waits.open(id, expectedHandleSeconds);
        }
        return;
      case 'entered':
        this.#joined(event.entry, now);
        return;
      case 'replaced':
        this.#waits.replaced(event.callId, event.entry.id, now);
        if (event.pause === 'slot') this.#waits.left(event.entry.id, 'other', now);
        return;
      case 'returned':
        this.#waits.left(event.ticketId, 'other', now);
        this.#joined(event.entry, now);
        return;
      case 'left':
        this.#left(before, event.entryId, now);
        return;
      case 'deferred':
        // Who waits for a later time was not told of this wait.
        if (WAITS_FOR_A_TIME.has(event.pause)) this.#waits.left(event.entryId, 'other', now);
        return;
      case 'agentRinging':
        this.#rings(before, event.entryId, now);
        return;
      case 'conversationEnded':
        this.#handled(before, event, now);
        return;
      default:
        return;
    }
  }

  /** An agent is kept for somebody. */
  served(entry: Entry, agentId: AgentId, now: EpochMs): void {
    this.#waits.served(entry.id, now);
    if (entry.kind === 'holder') this.#keptSince.set(agentId, now);
    // Whoever they were kept for before did not come to talk.
    else this.#keptSince.delete(agentId);
  }

  /** For a ticket the agent's time counts from when the customer was reached. */
  #rings(before: Floor, entryId: Entry['id'], now: EpochMs): void {
    const placed = valueAt(before.entries, entryId);
    if (placed?.agentId !== undefined && placed.entry.kind === 'ticket') {
      this.#keptSince.set(placed.agentId, now);
    }
  }

  #joined({ queue, id, kind }: Entry, now: EpochMs): void {
    this.#waits.joined(queue, id, kind, now);
  }

  #left(before: Floor, entryId: Entry['id'], now: EpochMs): void {
    const placed = valueAt(before.entries, entryId);
    if (placed?.agentId !== undefined) this.#keptSince.delete(placed.agentId);
    this.#waits.left(entryId, placed?.entry.kind === 'holder' ? 'abandoned' : 'other', now);
  }

  #handled(
    before: Floor,
    { agentId, queue }: Extract<FloorEvent, { type: 'conversationEnded' }>,
    now: EpochMs,
  ): void {
    const activity = valueAt(before.agents, agentId)?.agent.activity;
    if (activity?.name !== 'talking') return;
    const wrapUpSeconds = before.queues.get(queue)?.settings.wrapUpSeconds ?? 0;
    const since = Math.min(activity.since, this.#keptSince.get(agentId) ?? activity.since);
    this.#keptSince.delete(agentId);
    this.#waits.handled(queue, (now - since) / 1000 + wrapUpSeconds);
  }
}
