import {
  type LeadTime,
  leadMs,
  UNMEASURED_LEAD,
  withLeadAttempt,
} from '../domain/callback/lead-time.ts';
import type { PauseReason, Ticket } from '../domain/callback/ticket.ts';
import { mayCall } from '../domain/hours/calling-hours.ts';
import { isOpen } from '../domain/hours/hours.ts';
import type { AgentId, EpochMs, QueueId, TicketId } from '../domain/ids.ts';
import type { QueueSettings } from '../domain/queue/settings.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { ArrivalCounter } from './arrival-counter.ts';
import { type AttemptMeasure, CallbackSession } from './callback-session.ts';
import type { FloorKeeper } from './floor-keeper.ts';
import type { NumberGate } from './number-gate.ts';
import { keep, type Services } from './services.ts';
import type { Switches } from './switches.ts';
import type { TicketBook } from './ticket-book.ts';
import { TicketTimers } from './ticket-timers.ts';
import type { WaitKeeper } from './wait-keeper.ts';

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

/** An agent who is kept for a ticket; not `ready` while in wrap-up. */
export interface KeptFor {
  readonly agentId: AgentId;
  readonly ready: boolean;
}

const MINUTE_MS = 60_000;
/** Timers may fire a moment early. */
const TIMER_SLACK_MS = 50;
/** How soon it is tried again where as many are being called as may be. */
const FULL_PAUSE_MS = 2_000;

/** Hours begin on a full minute; all tickets are then looked at together, in their order. */
function untilNextMinuteMs(now: EpochMs): number {
  return MINUTE_MS - (now % MINUTE_MS) + TIMER_SLACK_MS;
}

/** Calls customers back when it is their turn, and lets their tickets wait when it is not. */
export class Dialler {
  readonly #services: Services;
  readonly #rooms: DiallerRooms;
  readonly #timers: TicketTimers;
  readonly #sessions = new Map<TicketId, CallbackSession>();
  readonly #outIn = new Map<QueueId, number>();
  readonly #leads = new Map<QueueId, LeadTime>();
  #draining = false;

  constructor(services: Services, rooms: DiallerRooms) {
    this.#services = services;
    this.#rooms = rooms;
    this.#timers = new TicketTimers(services.clock, (ticketId) => {
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
    if (waitMs > 0) this.#timers.start(id, waitMs);
  }

  /** The ticket may be called after this time; replaces the time set before. */
  dueAfter(ticketId: TicketId, afterMs: number): void {
    this.#timers.start(ticketId, afterMs);
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
    this.#draining = true;
  }

  /** Ends every call. */
  stop(): void {
    this.drain();
    this.#timers.close();
    for (const session of this.#sessions.values()) session.withdraw();
  }

  #callBack(ticketId: TicketId, kept: KeptFor): void {
    const { floor, tickets } = this.#rooms;
    const ticket = tickets.get(ticketId);
    const settings = ticket === undefined ? undefined : floor.settingsOf(ticket.queue);
    if (ticket === undefined || settings === undefined) {
      floor.post({ type: 'left', entryId: ticketId });
      return;
    }
    const obstacle = this.#obstacle(ticket, settings);
    if (obstacle !== undefined) {
      this.#pause(ticketId, obstacle.because, obstacle.afterMs);
      return;
    }
    if (!this.#isAllowed(ticket)) return;
    this.#timers.cancel(ticketId);
    this.#start(ticket, settings, kept);
  }

  /** Why the customer is not to be called just now, and when to look again. */
  #obstacle(
    ticket: Ticket,
    settings: QueueSettings,
  ): { readonly because: PauseReason; readonly afterMs: number } | undefined {
    const { clock, telephony } = this.#services;
    const now = clock.now();
    const { callback } = settings;
    if (this.#draining || !this.#rooms.switches.isOn(ticket.queue, 'dialling')) {
      return { because: 'dialling', afterMs: untilNextMinuteMs(now) };
    }
    // Nobody wants to be called at night because a phone was left ready.
    if (this.#isClosed(settings)) return { because: 'closed', afterMs: untilNextMinuteMs(now) };
    const called = mayCall(ticket.number, this.#services.plan().numbers, now);
    if (!called.ok) return { because: 'calledHours', afterMs: called.opensAt - now };
    const isFull =
      (this.#outIn.get(ticket.queue) ?? 0) >= callback.dial.maxCallsOut ||
      telephony.outgoingCapacity() <= 0;
    return isFull ? { because: 'dialling', afterMs: FULL_PAUSE_MS } : undefined;
  }

  #isClosed(queue: QueueSettings): boolean {
    const hours = this.#services.plan().hours.get(queue.hours);
    return hours !== undefined && !isOpen(hours, this.#services.clock.now());
  }

  /** The rules may have changed since the ticket was taken, and ceilings count what was called since. */
  #isAllowed(ticket: Ticket): boolean {
    const { id, number } = ticket;
    const now = this.#services.clock.now();
    const answer = this.#rooms.gate.beforeDialling({ number, about: id }, now);
    if (answer.ok) return true;
    keep(this.#services, 'refusal', [{ kind: 'fact', fact: answer.fact }]);
    if (answer.notBefore === undefined) this.#refuse(ticket);
    else this.#pause(id, 'dialling', answer.notBefore - now);
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
    this.#rooms.floor.post({ type: 'left', entryId: ticket.id });
  }

  #pause(ticketId: TicketId, because: PauseReason, afterMs: number): void {
    this.#rooms.floor.post({ type: 'deferred', entryId: ticketId, pause: because });
    this.#timers.start(ticketId, afterMs);
  }

  #start(ticket: Ticket, settings: QueueSettings, kept: KeptFor): void {
    const { entryPoints } = this.#services.plan();
    const namePrompt = entryPoints.get(ticket.dnis)?.namePrompt ?? settings.namePrompt;
    const { language, code } = ticket.origin;
    const context = { settings: settings.callback, namePrompt, language, code };
    const work = { ticket, kept, settings, context };
    const session = new CallbackSession(this.#services, this.#rooms, work, (measured) => {
      this.#sessions.delete(ticket.id);
      this.#count(ticket.queue, -1);
      this.#measure(ticket.queue, measured);
      this.#afterAttempt(ticket.id);
    });
    this.#sessions.set(ticket.id, session);
    this.#count(ticket.queue, 1);
    session.start();
  }

  /** For the waits: how often somebody is reached. For calling ahead: how long it takes. */
  #measure(queue: QueueId, { confirmMs, keptMs, connected }: AttemptMeasure): void {
    this.#rooms.waits.attempted(queue, { reached: connected, keptSeconds: keptMs / 1000 });
    const lead = withLeadAttempt(this.#leads.get(queue) ?? UNMEASURED_LEAD, confirmMs);
    this.#leads.set(queue, lead);
    this.#rooms.floor.post({ type: 'leadMeasured', queue, leadMs: leadMs(lead) });
  }

  #count(queue: QueueId, change: number): void {
    this.#outIn.set(queue, (this.#outIn.get(queue) ?? 0) + change);
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
    const { because, notBefore } = ticket.state;
    floor.post({ type: 'deferred', entryId: ticketId, pause: because });
    const { arrivedAt, arrivalSequence } = ticket;
    floor.post({ type: 'moved', entryId: ticketId, place: { arrivedAt, arrivalSequence } });
    this.#timers.start(ticketId, notBefore - this.#services.clock.now());
  }
}
