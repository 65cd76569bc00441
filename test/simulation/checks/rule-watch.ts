import type { AttemptCause, Ticket } from '../../../src/domain/callback/ticket.ts';
import type { TicketEvent } from '../../../src/domain/callback/ticket-step.ts';
import { sizeOf, valueAt } from '../../../src/domain/collections/ordered-map.ts';
import type { AgentId, CallId, EpochMs, TicketId } from '../../../src/domain/ids.ts';
import type { EntryId, Floor, FloorEffect } from '../../../src/domain/queue/floor.ts';
import { comparePlaces, type Entry, nextInLine } from '../../../src/domain/queue/line.ts';
import type { CallerScript } from '../../../src/replay/day.ts';
import type { FloorMove, Remains, Witness } from '../../../src/replay/witness.ts';
import { isDear } from '../scenarios/crowd.ts';
import { must } from './broken-rule.ts';
import { checkWholeFloor } from './whole-floor.ts';

type Assigned = Extract<FloorEffect, { type: 'assigned' }>;

/** Where somebody is: in one of these at a time. */
type Whereabouts = 'onLine' | 'ticket' | 'talking';

/** How often the whole floor is looked through. */
const WHOLE_FLOOR_EVERY = 20_000;

/** Causes for which neither the customer nor their telephone is to blame. */
const FAULTS: ReadonlySet<string> = new Set([
  'congestion',
  'carrierFailure',
  'ourFailure',
  'interrupted',
  'withdrawn',
]);
/** After so many faults a ticket may end all the same. */
const MOST_ATTEMPTS = 30;

/**
 * Checks after each step what must always hold (how a call is decided). It keeps books of its own,
 * written from what happens and not from what the rules remember.
 */
export class RuleWatch implements Witness {
  /** Moves of the floor seen. */
  steps = 0;
  /** Times that somebody stood before the one who was served. */
  overtakes = 0;
  /** Customers called for an agent who was still in wrap-up. */
  calledAhead = 0;
  readonly #people = new Map<EntryId, Whereabouts>();
  readonly #persons = new Map<number, CallId>();
  /** For whom each agent is kept who does not talk yet. */
  readonly #kept = new Map<AgentId, EntryId>();
  readonly #talking = new Map<AgentId, EntryId>();
  /** Customers being called who have not pressed 1, and the agent kept for each. */
  readonly #beingCalled = new Map<TicketId, AgentId>();
  readonly #tickets = new Map<TicketId, Ticket>();

  floorMoved(move: FloorMove): void {
    this.steps += 1;
    this.#release(move);
    for (const effect of move.effects) {
      if (effect.type === 'assigned') this.#assigned(effect, move);
    }
    this.#checkCounts(move);
    if (this.steps % WHOLE_FLOOR_EVERY === 0) this.#checkAll(move.floor, move.now);
  }

  joined(callId: CallId, { person }: Pick<CallerScript, 'person'>, now: EpochMs): void {
    const before = this.#persons.get(person);
    const elsewhere = before !== undefined && this.#people.has(before);
    must(!elsewhere, 'a caller is in exactly one place', [callId], now);
    this.#persons.set(person, callId);
    this.#people.set(callId, 'onLine');
  }

  leftLine(callId: CallId, now: EpochMs): void {
    must(this.#people.get(callId) === 'onLine', 'who leaves the line was on it', [callId], now);
    this.#people.delete(callId);
  }

  registered(ticket: Ticket, callId: CallId, now: EpochMs): void {
    const about = [ticket.id, callId];
    must(this.#people.get(callId) === 'onLine', 'who takes a ticket was on the line', about, now);
    this.#people.delete(callId);
    this.#people.set(ticket.id, 'ticket');
    this.#tickets.set(ticket.id, ticket);
  }

  due(): void {
    // Told by the floor's move that follows.
  }

  offered(callId: CallId, now: EpochMs): void {
    must(this.#people.get(callId) === 'onLine', 'who is offered a callback waits', [callId], now);
  }

  ticketMoved(ticket: Ticket, by: TicketEvent['type'], now: EpochMs): void {
    const { id, state } = ticket;
    must(this.#tickets.has(id), `a ticket that has ended is not moved (${by})`, [id], now);
    switch (state.name) {
      case 'waiting':
      case 'dialling':
        this.#tickets.set(id, ticket);
        return;
      case 'reached':
        this.#beingCalled.delete(id);
        this.#tickets.set(id, ticket);
        return;
      case 'connected':
      case 'cancelled':
      case 'exhausted':
      case 'expired':
        this.#tickets.delete(id);
        return;
    }
  }

  dialled(ticket: Ticket, now: EpochMs): void {
    const { id, state } = ticket;
    must(state.name === 'dialling', 'a ticket is dialled as such', [id], now);
    must(!isDear(ticket.number), 'a number that costs money is never called', [id], now);
    must(!this.#beingCalled.has(id), 'a ticket is dialled by one owner, never twice', [id], now);
    const isKept = this.#kept.get(state.agentId) === id;
    must(isKept, 'no more customers are called than agents are kept for them', [id], now);
    this.#beingCalled.set(id, state.agentId);
  }

  attemptEnded(
    before: Ticket,
    after: Ticket,
    cause: AttemptCause | 'connected',
    now: EpochMs,
  ): void {
    this.#beingCalled.delete(after.id);
    // Who cancelled hears that it was kept, and hangs up only now.
    if (!this.#tickets.has(after.id) && cause !== 'connected') this.#people.delete(after.id);
    if (!FAULTS.has(cause)) return;
    const isOver = after.state.name !== 'waiting' && before.attempts.length + 1 < MOST_ATTEMPTS;
    must(!isOver, 'a failure of the carrier or of us costs no attempt', [after.id, cause], now);
  }

  talkBegan(entryId: EntryId, agentId: AgentId, noPerson: boolean, now: EpochMs): void {
    must(!noPerson, 'an agent never hears a machine', [entryId, agentId], now);
    must(!this.#talking.has(agentId), 'an agent talks with one customer', [agentId], now);
    must(this.#people.has(entryId), 'who talks was in line', [entryId], now);
    this.#talking.set(agentId, entryId);
    this.#people.set(entryId, 'talking');
  }

  talkEnded(entryId: EntryId, agentId: AgentId, now: EpochMs): void {
    must(this.#talking.get(agentId) === entryId, 'who talked parts', [entryId, agentId], now);
    this.#people.delete(entryId);
  }

  processDied(): void {
    this.#kept.clear();
    this.#talking.clear();
    this.#beingCalled.clear();
    for (const id of this.#people.keys()) {
      if (!this.#tickets.has(id as TicketId)) this.#people.delete(id);
    }
  }

  ended({ floor, tickets, now }: Remains): void {
    this.#checkAll(floor, now);
    const known = new Set(tickets.map(({ id }) => id));
    for (const id of this.#tickets.keys()) must(known.has(id), 'no ticket is lost', [id], now);
    must(known.size === this.#tickets.size, 'a ticket ends once', [...known].slice(0, 5), now);
  }

  /** Who is not kept any more for the one whom the event is about. */
  #release({ before, event }: FloorMove): void {
    if (!('entryId' in event)) {
      if (event.type === 'replaced') this.#letGo(before, event.callId);
      if (event.type === 'conversationEnded') this.#talking.delete(event.agentId);
      return;
    }
    switch (event.type) {
      case 'left':
      case 'deferred':
      case 'agentMissed':
      case 'agentAnswered':
        this.#letGo(before, event.entryId);
        return;
      case 'agentRinging':
      case 'due':
      case 'moved':
        return;
    }
  }

  #letGo(before: Floor, entryId: EntryId): void {
    const agentId = valueAt(before.entries, entryId)?.agentId;
    if (agentId !== undefined) this.#kept.delete(agentId);
  }

  #assigned({ agentId, entry, ready, overtook }: Assigned, { floor, now }: FloorMove): void {
    const about = [agentId, entry.id];
    must(!this.#kept.has(agentId), 'an agent has at most one offer', about, now);
    if (ready) must(!this.#talking.has(agentId), 'an agent who talks gets no offer', about, now);
    const agent = valueAt(floor.agents, agentId)?.agent;
    const isSoonFree = agent?.activity.name === 'wrapUp';
    must(ready || isSoonFree, 'only agents about to be free are dialled ahead for', about, now);
    must(this.#people.has(entry.id), 'who gets an agent is in line', about, now);
    must(overtook.unexplained === 0, 'nobody is overtaken without a reason', about, now);
    this.#checkTurn(entry, floor, now);
    this.overtakes += overtook.count;
    this.calledAhead += Number(!ready);
    this.#kept.set(agentId, entry.id);
  }

  /** Nobody who might be served stands before the one who is; agents of these runs have no skills. */
  #checkTurn(entry: Entry, floor: Floor, now: EpochMs): void {
    const line = floor.queues.get(entry.queue)?.line;
    const next = line === undefined ? undefined : nextInLine(line, NO_SKILLS);
    const isTurn = next === undefined || comparePlaces(entry, next) < 0;
    must(isTurn, 'the first in line is served first', [entry.id, next?.id ?? ''], now);
  }

  #checkCounts({ floor, event, now }: FloorMove): void {
    let inLines = 0;
    for (const { line, free } of floor.queues.values()) {
      inLines += sizeOf(line.everyone);
      const waits = sizeOf(line.eligible) > 0 && sizeOf(free) > 0;
      must(!waits, `nobody waits while an agent is free (${event.type})`, [], now);
    }
    must(inLines === sizeOf(floor.entries), 'everybody stands in one line', [event.type], now);
  }

  #checkAll(floor: Floor, now: EpochMs): void {
    checkWholeFloor(floor, {
      now,
      kept: this.#kept,
      talking: this.#talking,
      tickets: this.#tickets,
      isKnown: (id) => this.#people.has(id),
    });
  }
}

const NO_SKILLS: ReadonlySet<string> = new Set();
