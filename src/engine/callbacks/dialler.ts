import {
  type LeadTime,
  leadMs,
  UNMEASURED_LEAD,
  withLeadAttempt,
} from '../../domain/callback/lead-time.ts';
import type { PauseReason, Ticket } from '../../domain/callback/ticket.ts';
import { mayCall } from '../../domain/hours/calling-hours.ts';
import type { AgentId, EpochMs, QueueId, TicketId } from '../../domain/ids.ts';
import type { NumberRule } from '../../domain/numbering/policy.ts';
import type { QueueSettings } from '../../domain/queue/settings.ts';
import type { AgentDesk } from '../agents/agent-desk.ts';
import type { ArrivalCounter } from '../line/arrival-counter.ts';
import type { FloorKeeper } from '../line/floor-keeper.ts';
import type { Switches } from '../line/switches.ts';
import type { WaitKeeper } from '../line/wait-keeper.ts';
import { keep, type Services } from '../services.ts';
import type { TicketBook } from '../tickets/ticket-book.ts';
import type { AttemptMeasure, KeptFor } from './attempt-work.ts';
import { CallAllowance } from './call-allowance.ts';
import { CallbackSession } from './callback-session.ts';
import type { NumberGate } from './number-gate.ts';
import { TicketTimers } from './ticket-timers.ts';

/** What the dialler works with besides the services. */
export interface DiallerRooms {
  readonly floor: FloorKeeper;
  readonly desk: AgentDesk;
  readonly tickets: TicketBook;
  readonly arrivals: ArrivalCounter;
  readonly switches: Switches;
  readonly gate: NumberGate;
  readonly waits: WaitKeeper;
}

/** Ceilings that are reached for every number alike. */
const FOR_ALL: ReadonlySet<NumberRule> = new Set(['attemptsPerMinute', 'attemptsPerDay']);

/** How soon it is tried again where another ticket of the same number is being called. */
const SAME_NUMBER_PAUSE_MS = 60_000;

/** A pause so long is told to whoever watches the ticket, and lasts over a restart. */
const LONG_PAUSE_MS = 5 * 60_000;

/** Calls customers back when it is their turn, and lets their tickets wait when it is not. */
export class Dialler {
  readonly #services: Services;
  readonly #rooms: DiallerRooms;
  readonly #timers: TicketTimers;
  readonly #sessions = new Map<TicketId, CallbackSession>();
  readonly #allowance: CallAllowance;
  readonly #leads = new Map<QueueId, LeadTime>();
  /** Tickets whose customers are on the telephone with us. */
  readonly #held = new Set<TicketId>();

  constructor(services: Services, rooms: DiallerRooms) {
    this.#services = services;
    this.#rooms = rooms;
    this.#allowance = new CallAllowance(services, rooms);
    this.#timers = new TicketTimers(services.clock, (ticketId) => {
      if (this.#held.has(ticketId)) return;
      if (rooms.floor.has(ticketId)) rooms.floor.post({ type: 'due', entryId: ticketId });
    });
  }

  /** Customers who are being called or spoken with. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Puts a ticket in line. One whose queue is not configured waits until it is. */
  enter(ticket: Ticket): void {
    const { id, queue, state } = ticket;
    if (state.name !== 'waiting') return;
    if (!this.#rooms.floor.hasQueue(queue)) {
      this.#services.log.error('the queue of a ticket is not configured', { ticketId: id, queue });
      return;
    }
    const waitMs = state.notBefore - this.#services.clock.now();
    const pause = waitMs > 0 ? state.because : undefined;
    this.#rooms.floor.post({ type: 'entered', entry: this.#rooms.tickets.entryOf(ticket), pause });
    if (waitMs > 0) this.#startPause(id, state);
  }

  /** A time that was promised is one by the clock; any other pause is so much time. */
  #startPause(
    ticketId: TicketId,
    { because, notBefore }: Ticket['state'] & { readonly name: 'waiting' },
  ): void {
    if (because === 'slot') this.#timers.startAt(ticketId, notBefore);
    else this.#timers.start(ticketId, notBefore - this.#services.clock.now());
  }

  /** The ticket may be called after this time; replaces the time set before. */
  dueAfter(ticketId: TicketId, afterMs: number): void {
    this.#timers.start(ticketId, afterMs);
  }

  /** The ticket may be called from that time of the clock on; replaces the time set before. */
  dueAt(ticketId: TicketId, at: EpochMs): void {
    this.#timers.startAt(ticketId, at);
  }

  /**
   * Its customer is on the telephone with us: not to be called before `release`; a call that rings
   * elsewhere is withdrawn.
   */
  hold(ticketId: TicketId): void {
    this.#held.add(ticketId);
    this.#timers.cancel(ticketId);
    const underWay = this.#sessions.get(ticketId);
    if (underWay !== undefined) underWay.withdraw();
    else if (this.#rooms.floor.has(ticketId)) {
      this.#rooms.floor.post({ type: 'deferred', entryId: ticketId, pause: 'registered' });
    }
  }

  /** The customer has hung up; a ticket that is still there goes on as before. */
  release(ticketId: TicketId, afterMs: number): void {
    if (!this.#held.delete(ticketId)) return;
    const ticket = this.#rooms.tickets.get(ticketId);
    if (ticket?.state.name !== 'waiting' || !this.#rooms.floor.has(ticketId)) return;
    const waitMs = ticket.state.notBefore - this.#services.clock.now();
    if (waitMs > afterMs) this.#startPause(ticketId, ticket.state);
    else this.#timers.start(ticketId, afterMs);
  }

  /** The ticket has left the line. */
  forget(ticketId: TicketId): void {
    this.#timers.cancel(ticketId);
  }

  /** An agent is kept for a ticket: for a new attempt, or for one whose agent did not answer. */
  assigned(ticketId: TicketId, kept: KeptFor): void {
    const underWay = this.#sessions.get(ticketId);
    if (underWay === undefined) this.#callBack(ticketId, kept);
    else underWay.assigned(kept);
  }

  /** The wrap-up of the agent who is kept is over. */
  agentReady(ticketId: TicketId, agentId: AgentId): void {
    this.#sessions.get(ticketId)?.agentReady(agentId);
  }

  /** No new calls; those under way go on. */
  drain(): void {
    this.#allowance.drain();
  }

  /** The configuration or a switch has changed: more customers may be called, or fewer. */
  rulesChanged(): void {
    this.#allowance.rulesChanged();
  }

  /** Ends every call. */
  stop(): void {
    this.drain();
    this.#timers.close();
    this.#allowance.close();
    for (const session of this.#sessions.values()) session.withdraw();
  }

  #callBack(ticketId: TicketId, kept: KeptFor): void {
    const { floor, tickets } = this.#rooms;
    const ticket = tickets.get(ticketId);
    const settings = ticket === undefined ? undefined : floor.settingsOf(ticket.queue);
    if (ticket === undefined || settings === undefined) {
      this.#allowance.measureAll();
      floor.post({ type: 'left', entryId: ticketId });
      return;
    }
    const obstacle = this.#allowance.obstacle(settings);
    if (obstacle !== undefined) {
      // In line again at once: the floor keeps no agent for it until calls are allowed.
      this.#pause(ticket, obstacle.because, 0);
      return;
    }
    if (this.#held.has(ticketId)) {
      this.#allowance.measure(ticket.queue);
      floor.post({ type: 'deferred', entryId: ticketId, pause: 'registered' });
      return;
    }
    if (tickets.open.isBeingCalled(ticket.number)) {
      // Two tickets of one number: their telephone can ring for one.
      this.#pause(ticket, 'dialling', SAME_NUMBER_PAUSE_MS);
      return;
    }
    const now = this.#services.clock.now();
    const called = mayCall(ticket.number, this.#services.plan().numbers, now);
    if (!called.ok) {
      this.#pause(ticket, 'calledHours', called.opensAt - now);
      return;
    }
    if (!this.#isAllowed(ticket)) return;
    this.#timers.cancel(ticketId);
    this.#start(ticket, settings, kept);
  }

  /** The rules may have changed since the ticket was taken, and ceilings count what was called since. */
  #isAllowed(ticket: Ticket): boolean {
    const { id, number } = ticket;
    const now = this.#services.clock.now();
    const answer = this.#rooms.gate.beforeDialling({ number, about: id }, now);
    if (answer.ok) return true;
    keep(this.#services, 'refusal', [{ kind: 'fact', fact: answer.fact }]);
    const { rule, notBefore } = answer;
    if (notBefore === undefined) {
      this.#refuse(ticket);
      return false;
    }
    const isForAll = FOR_ALL.has(rule);
    if (isForAll) this.#allowance.reached(notBefore);
    this.#pause(ticket, 'dialling', isForAll ? 0 : notBefore - now);
    return false;
  }

  #refuse(ticket: Ticket): void {
    const event = { type: 'cancelled', by: 'operator', because: 'numberRefused' } as const;
    this.#rooms.tickets.move(ticket.id, event).catch((error: unknown) => {
      this.#services.log.error('a ticket was not ended', {
        ticketId: ticket.id,
        error: String(error),
      });
    });
    this.#allowance.measure(ticket.queue);
    this.#rooms.floor.post({ type: 'left', entryId: ticket.id });
  }

  /** The floor counted on a call that is not made, which it is told before the agent is free. */
  #pause({ id, queue }: Ticket, because: PauseReason, afterMs: number): void {
    this.#allowance.measure(queue);
    this.#rooms.floor.post({ type: 'deferred', entryId: id, pause: because });
    this.#timers.start(id, afterMs);
    if (afterMs >= LONG_PAUSE_MS) this.#tellOfPause(id, because, afterMs);
  }

  /** Once a pause, since the ticket is not looked at again before its end. */
  #tellOfPause(ticketId: TicketId, because: PauseReason, afterMs: number): void {
    const until = this.#services.clock.now() + afterMs;
    this.#rooms.tickets
      .move(ticketId, { type: 'paused', until, because })
      .catch((error: unknown) => {
        this.#services.log.error('the pause of a ticket was not kept', {
          ticketId,
          error: String(error),
        });
      });
  }

  #start(ticket: Ticket, settings: QueueSettings, kept: KeptFor): void {
    const { entryPoints } = this.#services.plan();
    const namePrompt = entryPoints.get(ticket.dnis)?.namePrompt ?? settings.namePrompt;
    const { language, code, isTty } = ticket.origin;
    const context = { settings: settings.callback, namePrompt, language, code, isTty };
    const work = { ticket, kept, settings, context };
    const callOut = this.#allowance.begun(ticket.queue);
    const session = new CallbackSession(this.#services, this.#rooms, work, {
      placed: callOut.placed,
      talking: callOut.ended,
      over: (measured) => {
        this.#sessions.delete(ticket.id);
        this.#measure(ticket.queue, measured);
        // Before the agent is free: the next in line may be called then.
        callOut.ended();
        this.#afterAttempt(ticket.id);
      },
    });
    this.#sessions.set(ticket.id, session);
    session.start();
  }

  /** For the waits: how often somebody is reached. For calling ahead: how long it takes. */
  #measure(queue: QueueId, { confirmMs, keptMs, connected }: AttemptMeasure): void {
    this.#rooms.waits.attempted(queue, { reached: connected, keptSeconds: keptMs / 1000 });
    const lead = withLeadAttempt(this.#leads.get(queue) ?? UNMEASURED_LEAD, confirmMs);
    this.#leads.set(queue, lead);
    this.#rooms.floor.post({ type: 'leadMeasured', queue, leadMs: leadMs(lead) });
  }

  /** Frees the agent at once, and lets the ticket wait, or leave. */
  #afterAttempt(ticketId: TicketId): void {
    const { floor, tickets } = this.#rooms;
    const ticket = tickets.get(ticketId);
    if (!floor.has(ticketId)) return;
    if (ticket?.state.name !== 'waiting') {
      floor.post({ type: 'left', entryId: ticketId });
      return;
    }
    floor.post({ type: 'deferred', entryId: ticketId, pause: ticket.state.because });
    const { arrivedAt, arrivalSequence } = ticket;
    floor.post({ type: 'moved', entryId: ticketId, place: { arrivedAt, arrivalSequence } });
    this.#startPause(ticketId, ticket.state);
  }
}
