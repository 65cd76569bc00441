import type { CallEnd, CallRecord } from '../domain/call/call-record.ts';
import {
  ARRIVING,
  type Caller,
  type CallerContext,
  type CallerEffect,
  type CallerEvent,
  type CallerStep,
  type LineView,
} from '../domain/call/caller.ts';
import { stepCaller } from '../domain/call/caller-step.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import type { AgentId, CallId, E164, QueueId, TicketId, TrunkId } from '../domain/ids.ts';
import { IllegalMove } from '../domain/illegal-move.ts';
import type { OfferConsent } from '../domain/ivr/offer-dialogue.ts';
import { checkCallbackNumber } from '../domain/numbering/check.ts';
import type { Entry } from '../domain/queue/line.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { ArrivalCounter } from './arrival-counter.ts';
import { Conversation } from './conversation.ts';
import type { FloorKeeper } from './floor-keeper.ts';
import { Mailbox } from './mailbox.ts';
import type { IncomingCall, Leg } from './ports.ts';
import { keep, type Services } from './services.ts';
import { Speaker } from './speaker.ts';
import type { TicketBook, TicketRequest } from './ticket-book.ts';

/** What a caller's session works with besides the services. */
export interface CallerRooms {
  readonly floor: FloorKeeper;
  readonly desk: AgentDesk;
  readonly tickets: TicketBook;
  readonly arrivals: ArrivalCounter;
  /** A ticket stands in the caller's place; not to be dialled while they may be on the line. */
  readonly ticketTaken: (ticket: Ticket) => void;
  /** The call in which a ticket was registered has ended: it may be dialled now. */
  readonly ticketFreed: (ticketId: TicketId) => void;
}

/** What is known of a call when it comes in. */
export interface InboundCall {
  readonly id: CallId;
  readonly trunk: TrunkId;
  /** ANI, whether or not it can be called back. */
  readonly party: E164 | undefined;
  readonly context: CallerContext;
}

/** Runs one inbound call by the rules of `domain/call/caller-step.ts`. */
export class CallerSession {
  readonly id: CallId;
  readonly #services: Services;
  readonly #rooms: CallerRooms;
  readonly #leg: Leg;
  readonly #context: CallerContext;
  readonly #mailbox: Mailbox<CallerEvent>;
  readonly #speaker: Speaker;
  readonly #over: () => void;
  #caller: Caller = ARRIVING;
  #record: CallRecord;
  #entry: Entry | undefined;
  #conversation: Conversation | undefined;
  #ticketId: TicketId | undefined;
  #cancelAnnouncement: () => void = () => undefined;

  /** `over` is called once, when the call has ended and nothing of it is left. */
  constructor(
    services: Services,
    rooms: CallerRooms,
    call: InboundCall,
    leg: Leg,
    over: () => void,
  ) {
    this.id = call.id;
    this.#services = services;
    this.#rooms = rooms;
    this.#leg = leg;
    this.#context = call.context;
    this.#over = over;
    this.#mailbox = new Mailbox(call.id, services.log, (event) => {
      this.#take(event);
    });
    this.#speaker = new Speaker(leg, services.clock, (event) => {
      this.#mailbox.post(event);
    });
    this.#record = {
      id: call.id,
      direction: 'inbound',
      trunk: call.trunk,
      dnis: call.context.entryPoint.dnis,
      party: call.party,
      startedAt: services.clock.now(),
      queue: undefined,
      ticketId: undefined,
      connectedAt: undefined,
      end: undefined,
    };
  }

  /** The call has been answered: begin. */
  start(): void {
    keep(this.#services, 'call', [{ kind: 'call', call: this.#record }]);
    this.#leg.listen({
      key: (key) => {
        this.#mailbox.post({ type: 'key', key });
      },
      ended: (by) => {
        this.#mailbox.post({ type: 'hungUp', by });
      },
    });
    this.#mailbox.post({ type: 'answered' });
  }

  post(event: CallerEvent): void {
    this.#mailbox.post(event);
  }

  /** Ends the call from our side, at a stop of the server. */
  hangUp(): void {
    void this.#leg.hangUp();
  }

  #take(event: CallerEvent): void {
    const before = this.#caller.state.phase;
    const step = this.#step(event);
    this.#caller = step.caller;
    const { phase } = step.caller.state;
    if (phase === 'offer' && before !== 'offer') {
      this.#services.observe(
        { what: 'callbackOffered', callId: this.id },
        this.#services.clock.now(),
      );
    }
    for (const effect of step.effects) this.#run(effect);
  }

  /** A move that the rules do not know is our fault: said so, and the call ends. Nobody meets silence. */
  #step(event: CallerEvent): CallerStep {
    const now = this.#services.clock.now();
    try {
      return stepCaller(this.#caller, event, this.#context, now);
    } catch (error) {
      if (!(error instanceof IllegalMove)) throw error;
      this.#services.log.error('a caller was failed', { callId: this.id, error: String(error) });
      return stepCaller(this.#caller, { type: 'ourFault' }, this.#context, now);
    }
  }

  #run(effect: CallerEffect): void {
    switch (effect.type) {
      case 'say':
      case 'awaitKey':
      case 'hush':
      case 'music':
        this.#speaker.run(effect);
        return;
      case 'joinLine':
        this.#joinLine(effect.queue);
        return;
      case 'leaveLine':
        if (this.#rooms.floor.has(this.id)) {
          this.#rooms.floor.post({ type: 'left', entryId: this.id });
        }
        return;
      case 'announceAfter':
        this.#announceAfter(effect.turn, effect.afterMs);
        return;
      case 'registerTicket':
        this.#registerTicket(effect.number, effect.consent);
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
        void this.#leg.hangUp();
        return;
      case 'ended':
        this.#end({ at: this.#services.clock.now(), outcome: effect.outcome });
        return;
    }
  }

  #joinLine(queueId: QueueId): void {
    if (!this.#rooms.floor.hasQueue(queueId)) {
      this.#mailbox.post({ type: 'queueGone' });
      return;
    }
    const maxWaiting = this.#context.queues.get(queueId)?.hold.maxWaiting ?? 0;
    if (this.#rooms.floor.lengthOf(queueId) >= maxWaiting) {
      this.#mailbox.post({ type: 'lineFull' });
      return;
    }
    const arrivedAt = this.#services.clock.now();
    const place = this.#rooms.arrivals.endOfLine(arrivedAt);
    this.#record = { ...this.#record, queue: queueId };
    this.#entry = { id: this.id, kind: 'holder', queue: queueId, ...place };
    // An agent who is free is assigned by the joining itself: who is served at once hears no offer.
    this.#rooms.floor.post({ type: 'entered', entry: this.#entry, eligible: true });
    const line = this.#line(queueId);
    this.#mailbox.post({ type: 'joined', line });
    this.#services.observe(
      {
        what: 'joinedLine',
        callId: this.id,
        queue: queueId,
        ahead: line.ahead,
        waitSeconds: Math.round(Math.min(line.waitSeconds, MAX_OBSERVED_WAIT_SECONDS)),
      },
      arrivedAt,
    );
  }

  #line(queueId: QueueId): LineView {
    const { ahead, waitSeconds } = this.#rooms.floor.placeOf(this.id, queueId);
    return { ahead, waitSeconds, openTickets: this.#rooms.tickets.openIn(queueId) };
  }

  #announceAfter(turn: number, afterMs: number): void {
    this.#cancelAnnouncement();
    this.#cancelAnnouncement = this.#services.clock.startTimer(afterMs, () => {
      const queue = this.#entry?.queue;
      if (queue !== undefined) {
        this.#mailbox.post({ type: 'announceDue', turn, line: this.#line(queue) });
      }
    });
  }

  #registerTicket(number: E164, consent: OfferConsent): void {
    const place = this.#entry;
    if (place === undefined) {
      this.#mailbox.post({ type: 'ticketFailed' });
      return;
    }
    const request: TicketRequest = {
      queue: place.queue,
      place,
      number,
      dnis: this.#context.entryPoint.dnis,
      origin: {
        callId: this.id,
        waitingSince: place.arrivedAt,
        language: 'en',
        path: [],
        code: undefined,
      },
      consent: { ...consent, promptVersion: '', language: 'en' },
      slot: undefined,
    };
    this.#rooms.tickets.register(request).then(
      (ticket) => {
        this.#ticketId = ticket.id;
        this.#record = { ...this.#record, ticketId: ticket.id };
        const entry: Entry = { ...place, id: ticket.id, kind: 'ticket' };
        this.#rooms.floor.post({ type: 'replaced', callId: this.id, entry });
        this.#rooms.ticketTaken(ticket);
        this.#services.observe(
          { what: 'ticketRegistered', callId: this.id, ticketId: ticket.id },
          ticket.registeredAt,
        );
        this.#mailbox.post({ type: 'ticketRegistered', ticketId: ticket.id });
      },
      (error: unknown) => {
        this.#services.log.error('ticket was not kept', { callId: this.id, error: String(error) });
        this.#mailbox.post({ type: 'ticketFailed' });
      },
    );
  }

  #ringAgent(agentId: AgentId): void {
    const entry = this.#entry;
    const settings = entry === undefined ? undefined : this.#context.queues.get(entry.queue);
    if (entry === undefined || settings === undefined) return;
    const meeting = {
      customer: this.#leg,
      callId: this.id,
      ticketId: undefined,
      agentId,
      queue: entry.queue,
      entryId: this.id,
      ringSeconds: settings.agentRingSeconds,
      callerName: entry.queue,
      arrivedAt: entry.arrivedAt,
    };
    this.#conversation = new Conversation(
      this.#services,
      this.#rooms.floor,
      this.#rooms.desk,
      meeting,
      {
        agentMissed: () => {
          this.#mailbox.post({ type: 'agentMissed' });
        },
        talking: () => {
          this.#speaker.close();
          this.#record = { ...this.#record, connectedAt: this.#services.clock.now() };
          keep(this.#services, 'call', [{ kind: 'call', call: this.#record }]);
          this.#mailbox.post({ type: 'talking' });
        },
        ended: () => {
          this.#mailbox.post({ type: 'conversationEnded' });
        },
      },
    );
    this.#conversation.start();
  }

  #end(end: CallEnd): void {
    this.#speaker.close();
    this.#cancelAnnouncement();
    this.#record = { ...this.#record, end };
    keep(this.#services, 'call', [{ kind: 'call', call: this.#record }]);
    this.#services.observe({ what: 'callEnded', callId: this.id, outcome: end.outcome }, end.at);
    if (this.#ticketId !== undefined) this.#rooms.ticketFreed(this.#ticketId);
    this.#over();
  }
}

const MAX_OBSERVED_WAIT_SECONDS = 24 * 3600;

/** What a call's rules need, from the plan in force when it came in. */
export function callerContext(services: Services, call: IncomingCall): CallerContext | undefined {
  const plan = services.plan();
  const entryPoint = plan.entryPoints.get(call.dialled as E164);
  if (entryPoint === undefined) return undefined;
  const checkNumber = (digits: string) => checkCallbackNumber(digits, plan.numbers);
  const shown = call.ani === undefined ? undefined : checkNumber(call.ani);
  return {
    entryPoint,
    menus: plan.menus,
    hours: plan.hours,
    queues: plan.queues,
    ani: shown?.ok === true ? shown.number : undefined,
    checkNumber,
  };
}
