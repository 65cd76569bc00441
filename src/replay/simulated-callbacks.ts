import type { Ticket } from '../domain/callback/ticket.ts';
import type { TicketEvent } from '../domain/callback/ticket-step.ts';
import { valueAt } from '../domain/collections/ordered-map.ts';
import type { AgentId, CallId, QueueId, TicketId } from '../domain/ids.ts';
import type { EntryId } from '../domain/queue/floor.ts';
import type { Entry, Place } from '../domain/queue/line.ts';
import type { CallerScript } from './day.ts';
import {
  HANG_UP_PAUSE_MS,
  hasEnded,
  isUnderWay,
  moveTicket,
  newTicket,
  obstacleTo,
  ticketEntry,
} from './rules.ts';
import type { Run } from './run.ts';
import type { SimulatedAgents } from './simulated-agents.ts';
import { SimulatedAttempt } from './simulated-attempt.ts';
import type { SimulatedFloor } from './simulated-floor.ts';

/** A ticket and the person behind it. */
interface OpenTicket {
  ticket: Ticket;
  readonly script: CallerScript;
  attempt: SimulatedAttempt | undefined;
  /** Counts the timers set; only the last one counts. */
  timer: number;
}

/** Promised callbacks, each moved by its rules, and the calls to their customers. */
export class SimulatedCallbacks {
  readonly #run: Run;
  readonly #floor: SimulatedFloor;
  readonly #agents: SimulatedAgents;
  readonly #open = new Map<TicketId, OpenTicket>();
  readonly #openIn = new Map<QueueId, number>();
  /** Calls to customers that are up, those who talk too. */
  readonly #attempts = new Set<SimulatedAttempt>();
  /** How many of them are up in each queue. */
  readonly #outIn = new Map<QueueId, number>();

  constructor(run: Run, floor: SimulatedFloor, agents: SimulatedAgents) {
    this.#run = run;
    this.#floor = floor;
    this.#agents = agents;
  }

  get count(): number {
    return this.#open.size;
  }

  openIn(queue: QueueId): number {
    return this.#openIn.get(queue) ?? 0;
  }

  /** Tickets that have not ended. */
  tickets(): readonly Ticket[] {
    return [...this.#open.values()].map(({ ticket }) => ticket);
  }

  /** A holder takes a ticket, which stands where they stood. */
  register(
    from: { readonly callId: CallId; readonly script: CallerScript; readonly place: Place },
    number: Ticket['number'],
  ): TicketId {
    const run = this.#run;
    const ticket = newTicket(run.newId('ticket'), from, number, run.now);
    this.#open.set(ticket.id, { ticket, script: from.script, attempt: undefined, timer: 0 });
    this.#count(ticket.queue, 1);
    run.tally.registered += 1;
    run.witness.registered(ticket, from.callId, run.now);
    const entry = ticketEntry(ticket);
    this.#floor.post({ type: 'replaced', callId: from.callId, entry, pause: 'registered' });
    this.#setTimer(ticket.id);
    return ticket.id;
  }

  /** The call in which a ticket was taken has ended: it may be dialled soon. */
  callerHungUp(ticketId: TicketId): void {
    const open = this.#open.get(ticketId);
    if (open?.ticket.state.name !== 'waiting' || open.ticket.attempts.length > 0) return;
    this.#setTimer(ticketId, HANG_UP_PAUSE_MS);
  }

  /** An agent is kept for a ticket. */
  assigned(entry: Entry, agentId: AgentId, ready: boolean): void {
    const ticketId = entry.id as TicketId;
    const open = this.#open.get(ticketId);
    if (open === undefined) return;
    if (open.attempt === undefined) {
      this.#callBack(open, agentId, ready);
      return;
    }
    this.#move(open, { type: 'agentChanged', agentId });
    open.attempt.post({ type: 'assigned', agentId, ready });
  }

  agentReady(entryId: EntryId): void {
    this.#open.get(entryId as TicketId)?.attempt?.agentReady();
  }

  /** The process died: attempts are cut off; what was stored is all that is left. */
  loseAll(): void {
    for (const attempt of this.#attempts) attempt.cutOff();
    this.#attempts.clear();
    this.#outIn.clear();
    for (const open of this.#open.values()) {
      open.attempt = undefined;
      open.timer += 1;
      // As it would be read from the store: text, and nothing that hangs on the old process.
      open.ticket = JSON.parse(JSON.stringify(open.ticket)) as Ticket;
    }
  }

  /** After a restart: tickets stand in line as before; an attempt cut off costs nothing. */
  takeUpAll(): void {
    const inOrder = [...this.#open.values()].toSorted(
      ({ ticket: a }, { ticket: b }) =>
        a.arrivedAt - b.arrivedAt || a.arrivalSequence - b.arrivalSequence,
    );
    for (const open of inOrder) {
      if (isUnderWay(open.ticket)) {
        this.#move(open, {
          type: 'attemptEnded',
          cause: 'interrupted',
          back: this.#run.endOfLine(),
        });
      }
      const { state, id } = open.ticket;
      if (state.name !== 'waiting') continue;
      const pause = state.notBefore > this.#run.now ? state.because : undefined;
      this.#floor.post({ type: 'entered', entry: ticketEntry(open.ticket), pause });
      if (pause !== undefined) this.#setTimer(id);
    }
  }

  #callBack(open: OpenTicket, agentId: AgentId, ready: boolean): void {
    const run = this.#run;
    const { id, queue } = open.ticket;
    const obstacle = obstacleTo(run.plan, open.ticket, this.#outIn.get(queue) ?? 0, run.now);
    if (obstacle !== undefined) {
      this.#floor.post({ type: 'deferred', entryId: id, pause: obstacle.because });
      this.#setTimer(id, obstacle.afterMs);
      return;
    }
    const before = open.ticket;
    open.timer += 1;
    this.#move(open, { type: 'dial', agentId });
    run.tally.attempts += 1;
    run.witness.dialled(open.ticket, run.now);
    const endCallOut = this.#beginCallOut(queue);
    const attempt = new SimulatedAttempt(
      { run, floor: this.#floor, agents: this.#agents },
      { ticket: open.ticket, script: open.script, agentId, ready },
      {
        move: (event) => {
          if (isUnderWay(open.ticket)) this.#move(open, event);
          if (event.type === 'connected') endCallOut();
        },
        over: (cause) => {
          open.attempt = undefined;
          this.#attempts.delete(attempt);
          endCallOut();
          run.witness.attemptEnded(before, open.ticket, cause, run.now);
          this.#afterAttempt(open);
        },
      },
    );
    open.attempt = attempt;
    this.#attempts.add(attempt);
    attempt.begin();
  }

  /** A customer is called, until talk begins or nothing comes of it. @returns what ends it; safe to repeat */
  #beginCallOut(queue: QueueId): () => void {
    const out = (): number => this.#outIn.get(queue) ?? 0;
    this.#outIn.set(queue, out() + 1);
    let isOut = true;
    return () => {
      if (isOut) this.#outIn.set(queue, out() - 1);
      isOut = false;
    };
  }

  #afterAttempt(open: OpenTicket): void {
    const { id, state, arrivedAt, arrivalSequence } = open.ticket;
    if (valueAt(this.#floor.floor.entries, id) === undefined) return;
    if (state.name !== 'waiting') {
      this.#floor.post({ type: 'left', entryId: id });
      return;
    }
    this.#floor.post({ type: 'deferred', entryId: id, pause: state.because });
    this.#floor.post({ type: 'moved', entryId: id, place: { arrivedAt, arrivalSequence } });
    this.#setTimer(id);
  }

  #move(open: OpenTicket, event: TicketEvent): void {
    const run = this.#run;
    open.ticket = moveTicket(run.plan, open.ticket, event, run.now);
    run.witness.ticketMoved(open.ticket, event.type, run.now);
    if (!hasEnded(open.ticket)) return;
    this.#open.delete(open.ticket.id);
    this.#count(open.ticket.queue, -1);
    run.tally.ticketEnded(open.ticket, run.now);
  }

  /** The ticket is due when its pause is over, or after `ms`. */
  #setTimer(ticketId: TicketId, ms?: number): void {
    const open = this.#open.get(ticketId);
    if (open?.ticket.state.name !== 'waiting') return;
    open.timer += 1;
    const { timer } = open;
    const at = ms === undefined ? open.ticket.state.notBefore : this.#run.now + ms;
    this.#run.at(at, () => {
      if (open.timer !== timer || this.#open.get(ticketId) !== open) return;
      this.#run.witness.due(ticketId, this.#run.now);
      this.#floor.post({ type: 'due', entryId: ticketId });
    });
  }

  #count(queue: QueueId, change: number): void {
    this.#openIn.set(queue, this.openIn(queue) + change);
  }
}
