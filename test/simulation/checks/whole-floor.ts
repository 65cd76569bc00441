import type { Agent } from '../../../src/domain/agent/agent.ts';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { valueAt, valuesInOrder } from '../../../src/domain/collections/ordered-map.ts';
import type { AgentId, EpochMs, TicketId } from '../../../src/domain/ids.ts';
import type { EntryId, Floor } from '../../../src/domain/queue/floor.ts';
import { comparePlaces, type Entry, everyoneInLine } from '../../../src/domain/queue/line.ts';
import { must } from './broken-rule.ts';

/** The books of whoever watches. */
export interface Books {
  readonly now: EpochMs;
  readonly kept: ReadonlyMap<AgentId, EntryId>;
  readonly talking: ReadonlyMap<AgentId, EntryId>;
  readonly tickets: ReadonlyMap<TicketId, Ticket>;
  readonly isKnown: (id: EntryId) => boolean;
}

/** Longer than any callback takes from dialling to talk. */
const LONGEST_TURN_MS = 15 * 60_000;

/** The dear checks: every line, every agent, every ticket, against books kept apart. */
export function checkWholeFloor(floor: Floor, books: Books): void {
  checkLines(floor, books);
  for (const { agent } of valuesInOrder(floor.agents)) checkAgent(agent, books);
  for (const { id, state } of books.tickets.values()) {
    const placed = valueAt(floor.entries, id);
    must(placed !== undefined, `a ticket is never lost (${state.name})`, [id], books.now);
    const isPaused = placed.pause !== undefined;
    const isWithAgent = placed.agentId !== undefined;
    must(!(isPaused && isWithAgent), 'nobody pauses with an agent', [id], books.now);
  }
}

function checkLines(floor: Floor, { now, isKnown }: Books): void {
  for (const queue of floor.queues.values()) {
    let before: Entry | undefined;
    for (const entry of everyoneInLine(queue.line)) {
      const isLater = before === undefined || comparePlaces(before, entry) < 0;
      must(isLater, 'the line is in order', [entry.id], now);
      before = entry;
      must(isKnown(entry.id), 'who stands in line is there', [entry.id], now);
      const placed = valueAt(floor.entries, entry.id);
      must(placed !== undefined, 'who stands in line is on the floor', [entry.id], now);
      const waits = placed.agentId === undefined && placed.pause === undefined;
      const isEligible = valueAt(queue.line.eligible, entry) !== undefined;
      must(waits === isEligible, 'who waits without a reason may be served', [entry.id], now);
    }
  }
}

function checkAgent({ id, activity, ahead }: Agent, { now, kept, talking }: Books): void {
  switch (activity.name) {
    case 'reserved':
    case 'ringing':
      must(kept.get(id) === activity.entryId, 'an agent is kept for one', [id], now);
      must(now - activity.since < LONGEST_TURN_MS, 'nobody is kept for ever', [id], now);
      return;
    case 'talking':
      must(talking.get(id) === activity.entryId, 'an agent talks with one', [id], now);
      return;
    case 'wrapUp':
      must(activity.until >= now, 'nobody rests for ever', [id], now);
      must(kept.get(id) === ahead, 'an agent is kept ahead for one', [id], now);
      return;
    case 'loggedOut':
    case 'ready':
    case 'break':
      must(!kept.has(id), 'an agent who is not kept has no offer', [id], now);
      return;
  }
}
