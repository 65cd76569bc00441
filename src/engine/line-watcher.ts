import { valueAt } from '../domain/collections/ordered-map.ts';
import type { EpochMs } from '../domain/ids.ts';
import type { Floor, FloorEvent } from '../domain/queue/floor.ts';
import type { Entry } from '../domain/queue/line.ts';
import type { WaitKeeper } from './wait-keeper.ts';

/** Tells the keeper of waits what happens on the floor. */
export class LineWatcher {
  readonly #waits: WaitKeeper;

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
        return;
      case 'returned':
        this.#waits.left(event.ticketId, 'other', now);
        this.#joined(event.entry, now);
        return;
      case 'left':
        this.#left(before, event.entryId, now);
        return;
      case 'conversationEnded':
        this.#handled(before, event, now);
        return;
      default:
        return;
    }
  }

  /** An agent is kept for somebody. */
  served(entry: Entry, now: EpochMs): void {
    this.#waits.served(entry.id, now);
  }

  #joined({ queue, id, kind }: Entry, now: EpochMs): void {
    this.#waits.joined(queue, id, kind, now);
  }

  #left(before: Floor, entryId: Entry['id'], now: EpochMs): void {
    const kind = valueAt(before.entries, entryId)?.entry.kind;
    this.#waits.left(entryId, kind === 'holder' ? 'abandoned' : 'other', now);
  }

  #handled(
    before: Floor,
    { agentId, queue }: Extract<FloorEvent, { type: 'conversationEnded' }>,
    now: EpochMs,
  ): void {
    const activity = valueAt(before.agents, agentId)?.agent.activity;
    if (activity?.name !== 'talking') return;
    const wrapUpSeconds = before.queues.get(queue)?.settings.wrapUpSeconds ?? 0;
    this.#waits.handled(queue, (now - activity.since) / 1000 + wrapUpSeconds);
  }
}
