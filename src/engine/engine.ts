import type { AgentPresence } from '../domain/agent/agent.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import { isUnderWay, REGISTRATION_PAUSE_MS } from '../domain/callback/ticket-step.ts';
import { isOpen } from '../domain/hours/hours.ts';
import type { AgentId, CallId, EpochMs, TicketId } from '../domain/ids.ts';
import { asE164 } from '../domain/numbering/e164.ts';
import type { Floor } from '../domain/queue/floor.ts';
import type { Entry } from '../domain/queue/line.ts';
import type { QueueSettings } from '../domain/queue/settings.ts';
import { AgentDesk } from './agent-desk.ts';
import { ArrivalCounter } from './arrival-counter.ts';
import { CallbackSession } from './callback-session.ts';
import { CallerSession, callerContext } from './caller-session.ts';
import { FloorKeeper } from './floor-keeper.ts';
import { closeInterruptedCalls } from './interrupted-calls.ts';
import type { IncomingCall, TelephonyUser } from './ports.ts';
import { closeInterruptedRecordings } from './recorder.ts';
import type { Services } from './services.ts';
import { TicketBook } from './ticket-book.ts';
import { TicketTimers } from './ticket-timers.ts';

/** After the caller who took a ticket has hung up, their telephone is given this time to rest. */
const HANG_UP_PAUSE_MS = 2_000;

/** Hours begin on a full minute; all tickets are then looked at together, in their order. */
function untilNextMinuteMs(now: EpochMs): number {
  return MINUTE_MS - (now % MINUTE_MS) + TIMER_SLACK_MS;
}
const MINUTE_MS = 60_000;
/** Timers may fire a moment early. */
const TIMER_SLACK_MS = 50;

/** How the engine stands; for health checks and drains. */
export interface EngineState {
  readonly draining: boolean;
  readonly calls: number;
  readonly callbacks: number;
  readonly openTickets: number;
}

/** Runs the rules over everything that happens on the telephone network. */
export class Engine implements TelephonyUser {
  readonly #services: Services;
  readonly #floor: FloorKeeper;
  readonly #desk: AgentDesk;
  readonly #tickets: TicketBook;
  readonly #timers: TicketTimers;
  readonly #callers = new Map<CallId, CallerSession>();
  readonly #callbacks = new Map<TicketId, CallbackSession>();
  #arrivals = new ArrivalCounter(0);
  #draining = false;

  constructor(services: Services) {
    this.#services = services;
    this.#floor = new FloorKeeper(services, (entry, agentId) => {
      this.#assigned(entry, agentId);
    });
    this.#desk = new AgentDesk(services, this.#floor);
    this.#tickets = new TicketBook(services);
    this.#timers = new TicketTimers(services.clock, (ticketId) => {
      if (this.#floor.has(ticketId)) this.#floor.post({ type: 'due', entryId: ticketId });
    });
  }

  /**
   * Takes up what lasted over the stop: agents' presence, tickets in their order, recordings and
   * calls that were cut off.
   * @throws StoreFailure
   */
  async start(): Promise<void> {
    const { store, log } = this.#services;
    this.#arrivals = new ArrivalCounter(await store.lastArrivalSequence());
    const presences = await store.agentPresences();
    const recordings = await closeInterruptedRecordings(this.#services);
    const calls = await closeInterruptedCalls(this.#services);
    const tickets = await store.openTickets();
    this.#tickets.load(tickets);
    this.#configure(presences);
    for (const ticket of tickets) await this.#takeUp(ticket);
    log.info('taken up after start', { tickets: tickets.length, recordings, calls });
  }

  /** Takes up a changed plan; calls under way keep the one they began with. */
  planChanged(): void {
    this.#configure(new Map());
    this.#desk.tellWhoIsReachable();
    for (const ticket of this.#tickets.waiting()) {
      if (!this.#floor.has(ticket.id)) this.#enter(ticket);
    }
  }

  #configure(presences: ReadonlyMap<AgentId, AgentPresence>): void {
    const { queues, agents } = this.#services.plan();
    this.#floor.post({
      type: 'configured',
      queues: [...queues.values()],
      agents: [...agents.values()],
      presences,
    });
  }

  incoming(call: IncomingCall): void {
    this.#receive(call).catch((error: unknown) => {
      this.#services.log.warn('incoming call failed', { error: String(error) });
    });
  }

  /** An agent's phones all went away, or the first came. */
  agentReachable(agentId: AgentId, reachable: boolean): void {
    this.#desk.phonesChanged(agentId, reachable);
  }

  get state(): EngineState {
    return {
      draining: this.#draining,
      calls: this.#callers.size,
      callbacks: this.#callbacks.size,
      openTickets: this.#tickets.size,
    };
  }

  /** The floor as it is, for whoever watches. */
  get floor(): Floor {
    return this.#floor.floor;
  }

  /** No new calls and no new callbacks from now on; those under way go on. */
  drain(): void {
    this.#draining = true;
  }

  /** Ends every call. Tickets stay in the store. */
  stop(): void {
    this.drain();
    this.#timers.close();
    for (const session of this.#callers.values()) session.hangUp();
    for (const session of this.#callbacks.values()) session.withdraw();
    this.#tickets.close();
    this.#floor.close();
  }

  async #receive(call: IncomingCall): Promise<void> {
    if (this.#draining) {
      await call.reject(503);
      return;
    }
    if (call.origin.kind === 'agent') {
      await this.#desk.takeShortCode(call, call.origin.agentId);
      return;
    }
    const context = callerContext(this.#services, call);
    if (context === undefined) {
      await call.reject(404);
      return;
    }
    const id = this.#services.ids.next('call');
    this.#services.observe(
      { what: 'callArrived', callId: id, dnis: context.entryPoint.dnis },
      this.#services.clock.now(),
    );
    const leg = await call.answer();
    const inbound = { id, trunk: call.origin.trunk, party: asE164(call.ani), context };
    const rooms = {
      floor: this.#floor,
      desk: this.#desk,
      tickets: this.#tickets,
      arrivals: this.#arrivals,
      ticketTaken: (ticket: Ticket) => {
        this.#timers.start(ticket.id, REGISTRATION_PAUSE_MS);
      },
      ticketFreed: (ticketId: TicketId) => {
        this.#timers.start(ticketId, HANG_UP_PAUSE_MS);
      },
    };
    const session = new CallerSession(this.#services, rooms, inbound, leg, () => {
      this.#callers.delete(id);
    });
    this.#callers.set(id, session);
    session.start();
  }

  /** A ticket found in the store: an attempt that was cut off costs the customer nothing. */
  async #takeUp(found: Ticket): Promise<void> {
    const ticket = isUnderWay(found)
      ? await this.#tickets.move(found.id, {
          type: 'attemptEnded',
          cause: 'interrupted',
          back: this.#arrivals.endOfLine(this.#services.clock.now()),
        })
      : found;
    this.#enter(afterStop(ticket, this.#services.clock.now()));
  }

  /** Puts a ticket in line. One whose queue is not configured waits until it is. */
  #enter(ticket: Ticket): void {
    const { id, queue, state } = ticket;
    if (state.name !== 'waiting') return;
    if (!this.#floor.hasQueue(queue)) {
      this.#services.log.error('the queue of a ticket is not configured', { ticketId: id, queue });
      return;
    }
    const entry: Entry = {
      id,
      kind: 'ticket',
      queue,
      arrivedAt: ticket.arrivedAt,
      arrivalSequence: ticket.arrivalSequence,
    };
    const waitMs = state.notBefore - this.#services.clock.now();
    this.#floor.post({ type: 'entered', entry, eligible: waitMs <= 0 });
    if (waitMs > 0) this.#timers.start(id, waitMs);
  }

  #assigned(entry: Entry, agentId: AgentId): void {
    if (entry.kind === 'holder') {
      this.#callers.get(entry.id as CallId)?.post({ type: 'assigned', agentId });
      return;
    }
    const ticketId = entry.id as TicketId;
    const underWay = this.#callbacks.get(ticketId);
    if (underWay !== undefined) {
      underWay.assigned(agentId);
      return;
    }
    this.#callBack(ticketId, agentId);
  }

  #callBack(ticketId: TicketId, agentId: AgentId): void {
    const ticket = this.#tickets.get(ticketId);
    const plan = this.#services.plan();
    const settings = ticket === undefined ? undefined : this.#floor.settingsOf(ticket.queue);
    if (ticket === undefined || settings === undefined || this.#draining) {
      this.#floor.post({ type: 'deferred', entryId: ticketId, afterFault: false });
      return;
    }
    if (this.#isClosed(settings)) {
      // Nobody wants to be called at night because a phone was left ready.
      this.#floor.post({ type: 'deferred', entryId: ticketId, afterFault: false });
      this.#timers.start(ticketId, untilNextMinuteMs(this.#services.clock.now()));
      return;
    }
    this.#timers.cancel(ticketId);
    const namePrompt = plan.entryPoints.get(ticket.dnis)?.namePrompt ?? settings.namePrompt;
    const work = { ticket, agentId, context: { settings: settings.callback, namePrompt } };
    const rooms = {
      floor: this.#floor,
      desk: this.#desk,
      tickets: this.#tickets,
      arrivals: this.#arrivals,
    };
    const session = new CallbackSession(this.#services, rooms, work, (after) => {
      this.#callbacks.delete(ticketId);
      this.#afterAttempt(ticketId, after);
    });
    this.#callbacks.set(ticketId, session);
    session.start(agentId);
  }

  #isClosed(queue: QueueSettings): boolean {
    const hours = this.#services.plan().hours.get(queue.hours);
    return hours !== undefined && !isOpen(hours, this.#services.clock.now());
  }

  /** Frees the agent at once, and lets the ticket wait, or leave. */
  #afterAttempt(ticketId: TicketId, ticket: Ticket | undefined): void {
    if (!this.#floor.has(ticketId)) return;
    if (ticket?.state.name !== 'waiting') {
      this.#floor.post({ type: 'left', entryId: ticketId });
      return;
    }
    const cause = ticket.attempts.at(-1)?.cause;
    const afterFault = cause === 'ourFailure' || cause === 'congestion';
    this.#floor.post({ type: 'deferred', entryId: ticketId, afterFault });
    this.#timers.start(ticketId, ticket.state.notBefore - this.#services.clock.now());
  }
}

/** The call in which a ticket was taken ended with the stop at the latest: no need to wait for it. */
function afterStop(ticket: Ticket, now: EpochMs): Ticket {
  const { state, attempts } = ticket;
  if (state.name !== 'waiting' || attempts.length > 0) return ticket;
  const notBefore = Math.min(state.notBefore, now + HANG_UP_PAUSE_MS);
  return { ...ticket, state: { ...state, notBefore } };
}
