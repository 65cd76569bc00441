import { valueAt, valuesInOrder } from '../../../src/domain/collections/ordered-map.ts';
import type { CallId, TicketId } from '../../../src/domain/ids.ts';
import type { Floor } from '../../../src/domain/queue/floor.ts';
import type { Happening } from '../../../src/engine/observer.ts';
import { must } from './invariants.ts';

/** A customer is called once the attempt is on disk, which takes less than this. */
const COMMIT_MS = 1_000;

/** Knows from what was told who must be where, and compares it with the floor. */
export class Witness {
  readonly #holding = new Set<CallId>();
  readonly #talking = new Set<string>();
  readonly #called = new Set<TicketId>();

  observe(happening: Happening): void {
    switch (happening.what) {
      case 'joinedLine':
        this.#holding.add(happening.callId);
        return;
      case 'ticketRegistered':
      case 'callEnded':
        this.#holding.delete(happening.callId);
        return;
      case 'dialling':
        this.#called.add(happening.ticketId);
        return;
      case 'attemptEnded':
        this.#called.delete(happening.ticketId);
        return;
      case 'talking':
        this.#holding.delete(happening.callId);
        this.#talking.add(happening.agentId);
        return;
      case 'conversationEnded':
        this.#talking.delete(happening.agentId);
        return;
      default:
        return;
    }
  }

  /** Somebody gives up their place on hold, and is still on the line. */
  leaves(callId: CallId): void {
    this.#holding.delete(callId);
  }

  /** Every place in line has somebody alive in it. */
  checkHolders(floor: Floor): void {
    let holders = 0;
    for (const { entry } of valuesInOrder(floor.entries)) {
      if (entry.kind === 'ticket') continue;
      holders += 1;
      must(this.#holding.has(entry.id as CallId), `${entry.id} is in line but not on hold`);
    }
    must(holders === this.#holding.size, 'somebody holds but stands in no line');
  }

  /** Every agent in use has a call that is alive, and every customer who is called an agent. */
  checkAgents(floor: Floor, customersInFlight: number, now: number): void {
    let talking = 0;
    let keptForTickets = 0;
    for (const { agent } of valuesInOrder(floor.agents)) {
      const { activity } = agent;
      // Called ahead: the agent is about to be free.
      if (agent.ahead !== undefined) keptForTickets += 1;
      if (activity.name === 'talking') {
        talking += 1;
        must(this.#talking.has(agent.id), `${agent.id} talks with nobody`);
      } else if (activity.name === 'reserved' || activity.name === 'ringing') {
        const kind = valueAt(floor.entries, activity.entryId)?.entry.kind;
        if (kind !== 'ticket') continue;
        keptForTickets += 1;
        const isBeingKept = now - activity.since < COMMIT_MS;
        const isCalled = isBeingKept || this.#called.has(activity.entryId as TicketId);
        must(isCalled, `${agent.id} is kept for ${activity.entryId}, whom nobody calls`);
      }
    }
    must(talking === this.#talking.size, 'a conversation has no agent');
    must(customersInFlight <= keptForTickets, 'more customers are called than agents are kept');
  }
}
