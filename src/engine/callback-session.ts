import type { CallRecord } from '../domain/call/call-record.ts';
import { DialFailure } from '../domain/call/failure.ts';
import {
  type Attempt,
  type AttemptContext,
  type AttemptEffect,
  type AttemptEvent,
  beginAttempt,
  stepAttempt,
} from '../domain/callback/attempt.ts';
import type { AttemptCause, Ticket } from '../domain/callback/ticket.ts';
import { isUnderWay, type TicketEvent } from '../domain/callback/ticket-step.ts';
import type { AgentId, CallId } from '../domain/ids.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { ArrivalCounter } from './arrival-counter.ts';
import { Conversation } from './conversation.ts';
import type { FloorKeeper } from './floor-keeper.ts';
import { Mailbox } from './mailbox.ts';
import type { Leg } from './ports.ts';
import { keep, type Services } from './services.ts';
import { Speaker } from './speaker.ts';
import type { TicketBook } from './ticket-book.ts';

/** What a callback works with besides the services. */
export interface CallbackRooms {
  readonly floor: FloorKeeper;
  readonly desk: AgentDesk;
  readonly tickets: TicketBook;
  readonly arrivals: ArrivalCounter;
}

const LATER_MINUTES = 30;

/** Runs one attempt to call a customer back, by the rules of `domain/callback/attempt.ts`. */
export class CallbackSession {
  readonly #services: Services;
  readonly #rooms: CallbackRooms;
  readonly #ticket: Ticket;
  readonly #callId: CallId;
  readonly #context: AttemptContext;
  readonly #mailbox: Mailbox<AttemptEvent>;
  readonly #withdraw = new AbortController();
  readonly #over: (ticket: Ticket | undefined) => void;
  #attempt: Attempt;
  #record: CallRecord;
  #leg: Leg | undefined;
  #speaker: Speaker | undefined;
  #conversation: Conversation | undefined;

  /** `over` is called once with the ticket as it then is; undefined if the store failed. */
  constructor(
    services: Services,
    rooms: CallbackRooms,
    work: { readonly ticket: Ticket; readonly agentId: AgentId; readonly context: AttemptContext },
    over: (ticket: Ticket | undefined) => void,
  ) {
    this.#services = services;
    this.#rooms = rooms;
    this.#ticket = work.ticket;
    this.#callId = services.ids.next('call');
    this.#context = work.context;
    this.#over = over;
    this.#attempt = beginAttempt(work.agentId);
    this.#mailbox = new Mailbox(this.#callId, services.log, (event) => {
      const step = stepAttempt(this.#attempt, event, this.#context);
      this.#attempt = step.attempt;
      for (const effect of step.effects) this.#run(effect);
    });
    this.#record = {
      id: this.#callId,
      direction: 'callback',
      trunk: undefined,
      dnis: work.ticket.dnis,
      party: work.ticket.number,
      startedAt: services.clock.now(),
      queue: work.ticket.queue,
      ticketId: work.ticket.id,
      connectedAt: undefined,
      end: undefined,
    };
  }

  /** Calls the customer, once it is on disk that this attempt is under way. */
  start(agentId: AgentId): void {
    this.#dial(agentId).catch((error: unknown) => {
      if (!(error instanceof DialFailure)) {
        this.#services.log.error('callback failed', {
          ticketId: this.#ticket.id,
          error: String(error),
        });
      }
      const cause = error instanceof DialFailure ? error.dialCause : 'ourFailure';
      this.#mailbox.post({ type: 'dialFailed', cause });
    });
  }

  /** An agent is kept for the customer in place of one who did not answer. */
  assigned(agentId: AgentId): void {
    void this.#move({ type: 'agentChanged', agentId });
    this.#mailbox.post({ type: 'assigned', agentId });
  }

  /** Ends the attempt from our side, at a stop of the server. */
  withdraw(): void {
    this.#withdraw.abort();
    void this.#leg?.hangUp();
  }

  async #dial(agentId: AgentId): Promise<void> {
    const { id, number, dnis } = this.#ticket;
    // Kept in the same moment, so that the store waits for the disk once.
    keep(this.#services, 'call', [{ kind: 'call', call: this.#record }]);
    await this.#rooms.tickets.move(id, { type: 'dial', agentId });
    const now = this.#services.clock.now();
    this.#services.observe({ what: 'dialling', ticketId: id, callId: this.#callId, agentId }, now);
    const leg = await this.#services.telephony.dial(
      { kind: 'customer', number, callerId: dnis },
      this.#context.settings.dial.ringSeconds,
      this.#withdraw.signal,
    );
    this.#leg = leg;
    this.#speaker = new Speaker(leg, this.#services.clock, (event) => {
      this.#mailbox.post(event);
    });
    leg.listen({
      key: (key) => {
        this.#mailbox.post({ type: 'key', key });
      },
      ended: (by) => {
        this.#mailbox.post({ type: 'hungUp', by });
      },
    });
    this.#observe({ what: 'customerAnswered', ticketId: id });
    this.#mailbox.post({ type: 'answered' });
  }

  #run(effect: AttemptEffect): void {
    switch (effect.type) {
      case 'say':
      case 'awaitKey':
      case 'hush':
      case 'music':
        this.#speaker?.run(effect);
        return;
      case 'confirmed':
        this.#observe({ what: 'customerConfirmed', ticketId: this.#ticket.id });
        void this.#move({ type: 'confirmed' });
        return;
      case 'settle':
        this.#settle(effect.cause);
        return;
      case 'ringAgent':
        this.#ringAgent(effect.agentId);
        return;
      case 'stopRinging':
        this.#conversation?.cancel();
        return;
      case 'endConversation':
        this.#conversation?.finish();
        return;
      case 'hangUp':
        void this.#leg?.hangUp();
        return;
      case 'ended':
        this.#end(effect.cause);
        return;
    }
  }

  #ringAgent(agentId: AgentId): void {
    const customer = this.#leg;
    if (customer === undefined) return;
    const { id, queue, origin } = this.#ticket;
    const ringSeconds = this.#rooms.floor.settingsOf(queue)?.agentRingSeconds ?? 20;
    const meeting = {
      customer,
      callId: this.#callId,
      ticketId: id,
      agentId,
      queue,
      entryId: id,
      ringSeconds,
      callerName: queue,
      arrivedAt: origin.waitingSince,
    };
    const { floor, desk } = this.#rooms;
    this.#conversation = new Conversation(this.#services, floor, desk, meeting, {
      agentMissed: () => {
        this.#mailbox.post({ type: 'agentMissed' });
      },
      talking: () => {
        this.#speaker?.close();
        this.#record = { ...this.#record, connectedAt: this.#services.clock.now() };
        keep(this.#services, 'call', [{ kind: 'call', call: this.#record }]);
        void this.#move({ type: 'connected' });
        this.#mailbox.post({ type: 'talking' });
      },
      ended: () => {
        this.#mailbox.post({ type: 'conversationEnded' });
      },
    });
    this.#conversation.start();
  }

  #end(cause: AttemptCause | 'connected'): void {
    this.#speaker?.close();
    const at = this.#services.clock.now();
    const outcome = cause === 'connected' ? 'served' : 'notReached';
    this.#record = { ...this.#record, end: { at, outcome } };
    keep(this.#services, 'call', [{ kind: 'call', call: this.#record }]);
    this.#observe({ what: 'attemptEnded', ticketId: this.#ticket.id, cause });
    if (cause !== 'connected') void this.#move(this.#ending(cause));
    this.#over(this.#rooms.tickets.get(this.#ticket.id));
  }

  /** Keeps what the customer chose, before it is promised. */
  #settle(cause: AttemptCause): void {
    void this.#move(this.#ending(cause)).then((kept) => {
      this.#mailbox.post({ type: 'settled', kept });
    });
  }

  #ending(cause: AttemptCause): TicketEvent {
    if (cause === 'choseLater') return { type: 'choseLater', minutes: LATER_MINUTES };
    return {
      type: 'attemptEnded',
      cause,
      back: this.#rooms.arrivals.endOfLine(this.#services.clock.now()),
    };
  }

  /**
   * Moves the ticket, unless its attempt was settled before. What the store refuses is kept later.
   * @returns whether the move is on disk.
   */
  async #move(event: TicketEvent): Promise<boolean> {
    const ticket = this.#rooms.tickets.get(this.#ticket.id);
    if (ticket === undefined || !isUnderWay(ticket)) return true;
    try {
      await this.#rooms.tickets.move(ticket.id, event);
      return true;
    } catch (error) {
      this.#services.log.error('a ticket was not moved', {
        ticketId: ticket.id,
        move: event.type,
        error: String(error),
      });
      return false;
    }
  }

  #observe(happening: Parameters<Services['observe']>[0]): void {
    this.#services.observe(happening, this.#services.clock.now());
  }
}
