import type { CallEnd } from '../../domain/call/call-record.ts';
import {
  arriving,
  type Caller,
  type CallerContext,
  type CallerEffect,
  type CallerEvent,
  type CallerStep,
} from '../../domain/call/caller.ts';
import { stepCaller } from '../../domain/call/caller-step.ts';
import type { AgentId, CallId, QueueId, TicketId } from '../../domain/ids.ts';
import { IllegalMove } from '../../domain/illegal-move.ts';
import { Conversation } from '../calls/conversation.ts';
import { KeptCall } from '../calls/kept-call.ts';
import { Speaker } from '../calls/speaker.ts';
import { Mailbox } from '../mailbox.ts';
import type { Leg } from '../ports.ts';
import type { Services } from '../services.ts';
import { CallerPlace, type Joined } from './caller-place.ts';
import type { CustomerNeeds } from './customer-needs.ts';
import type { CallerRooms, InboundCall } from './inbound-call.ts';

/** Runs one inbound call by the rules of `domain/call/caller-step.ts`. */
export class CallerSession {
  readonly id: CallId;
  readonly #services: Services;
  readonly #rooms: CallerRooms;
  readonly #leg: Leg;
  readonly #context: CallerContext;
  readonly #mailbox: Mailbox<CallerEvent>;
  readonly #speaker: Speaker;
  readonly #place: CallerPlace;
  readonly #over: () => void;
  readonly #call: KeptCall;
  #caller: Caller;
  #conversation: Conversation | undefined;
  #ticketId: TicketId | undefined;

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
    this.#caller = arriving(call.context.entryPoint);
    this.#place = new CallerPlace(call.id, call.context.ani, services, rooms);
    this.#mailbox = new Mailbox(call.id, services.log, (event) => {
      this.#take(event);
    });
    this.#speaker = new Speaker(leg, services.clock, this.#caller.listener.voice, (event) => {
      this.#mailbox.post(event);
    });
    this.#call = new KeptCall(services, {
      id: call.id,
      direction: 'inbound',
      trunk: call.trunk,
      dnis: call.context.entryPoint.dnis,
      party: call.party,
      queue: undefined,
      ticketId: undefined,
    });
  }

  /** The call has been answered: begin. */
  start(): void {
    this.#call.keep();
    this.#leg.listen({
      key: (key) => {
        this.#mailbox.post({ type: 'key', key });
      },
      ended: (by) => {
        this.#mailbox.post({ type: 'hungUp', by });
      },
      tone: (tone) => {
        if (tone === 'tty') this.#mailbox.post({ type: 'ttyHeard' });
      },
    });
    if (this.#context.entryPoint.accessible !== undefined) void this.#leg.listenForTty();
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
    const step = this.#step(event);
    this.#caller = step.caller;
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
      case 'useVoice':
      case 'music':
        this.#speaker.run(effect);
        return;
      case 'joinLine':
        this.#joinLine(effect.queue);
        return;
      case 'returnToLine':
        this.#returnToLine(effect);
        return;
      case 'leaveLine':
        this.#place.leave();
        return;
      case 'askOffer':
        this.#askOffer();
        return;
      case 'offered':
        this.#place.tellOffer('callbackOffered');
        return;
      case 'declined':
        this.#place.tellOffer('callbackDeclined');
        return;
      case 'announceAfter':
        this.#announceAfter(effect.turn, effect.afterMs);
        return;
      case 'registerTicket':
        this.#registerTicket(effect);
        return;
      case 'changeTicket':
        this.#changeTicket(effect);
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
    const maxWaiting = this.#context.queues.get(queueId)?.hold.maxWaiting ?? 0;
    this.#joined(this.#place.join(queueId, this.#needs(), maxWaiting));
  }

  /** What the agent must be able to do. */
  #needs(): CustomerNeeds {
    const { listener, isTty } = this.#caller;
    return { language: listener.voice.language, isTty };
  }

  #returnToLine({
    queue,
    ticketId,
    toFront,
  }: Extract<CallerEffect, { type: 'returnToLine' }>): void {
    this.#place.returnFrom(ticketId, toFront, this.#needs()).then(
      (back) => {
        if (back === undefined) this.#joinLine(queue);
        else this.#joined(back);
      },
      (error: unknown) => {
        this.#services.log.warn('a caller was not let back', {
          callId: this.id,
          error: String(error),
        });
        this.#mailbox.post({ type: 'ourFault' });
      },
    );
  }

  #joined(joined: Joined): void {
    const entry = this.#place.entry;
    const line = this.#place.view();
    if (joined === 'lineFull' || joined === 'queueGone') {
      this.#mailbox.post({ type: joined });
      return;
    }
    if (entry === undefined || line === undefined) {
      this.#mailbox.post({ type: 'queueGone' });
      return;
    }
    // Who hung up while the way back was written down does not stay in line.
    if (this.#caller.state.phase === 'ended') {
      this.#place.leave();
      return;
    }
    const { queue } = entry;
    // Were the server killed now, the next would know who was in line.
    this.#call.keep({ queue });
    this.#mailbox.post({ type: 'joined', line, isBack: joined === 'back' });
    const waitSeconds = observed(line.waitSeconds);
    const { ahead } = line;
    this.#observe({ what: 'joinedLine', callId: this.id, queue, ahead, waitSeconds });
  }

  #askOffer(): void {
    const line = this.#place.view();
    if (line !== undefined) this.#mailbox.post({ type: 'offerAsked', line });
  }

  #announceAfter(turn: number, afterMs: number): void {
    this.#place.announceAfter(afterMs, (line) => {
      this.#mailbox.post({ type: 'announceDue', turn, line });
    });
  }

  #registerTicket(asked: Extract<CallerEffect, { type: 'registerTicket' }>): void {
    const place = this.#place.entry;
    if (place === undefined) {
      this.#mailbox.post({ type: 'ticketFailed', because: 'store' });
      return;
    }
    const asking = {
      callId: this.id,
      ani: this.#call.record.party,
      dnis: this.#context.entryPoint.dnis,
      place,
      ...this.#needs(),
      path: this.#caller.path,
    };
    void this.#rooms.callerTickets.register(asking, asked).then((ticket) => {
      if (typeof ticket === 'string') {
        this.#mailbox.post({ type: 'ticketFailed', because: ticket });
        return;
      }
      this.#ticketId = ticket.id;
      this.#call.note({ ticketId: ticket.id });
      this.#place.handOver(ticket);
      this.#rooms.ticketTaken(ticket.id);
      this.#observe({ what: 'ticketRegistered', callId: this.id, ticketId: ticket.id });
      this.#mailbox.post({ type: 'ticketRegistered', ticketId: ticket.id });
    });
  }

  #changeTicket({ ticketId, change }: Extract<CallerEffect, { type: 'changeTicket' }>): void {
    const { callerTickets } = this.#rooms;
    void callerTickets.change(this.id, this.#call.record.party, ticketId, change).then((answer) => {
      this.#mailbox.post(
        answer === 'changed'
          ? { type: 'ticketChanged' }
          : { type: 'ticketUnchanged', because: answer },
      );
    });
  }

  #ringAgent(agentId: AgentId): void {
    const entry = this.#place.entry;
    const settings = entry === undefined ? undefined : this.#context.queues.get(entry.queue);
    if (entry === undefined || settings === undefined) return;
    const meeting = {
      callId: this.id,
      ticketId: undefined,
      agentId,
      queue: entry.queue,
      entryId: this.id,
      settings,
      kind: 'call',
      path: this.#caller.path,
      attempts: 0,
      arrivedAt: entry.arrivedAt,
    } as const;
    const { floor, desk } = this.#rooms;
    this.#conversation = new Conversation(this.#services, floor, desk, meeting, {
      isCustomerThere: () => true,
      agentMissed: () => {
        this.#mailbox.post({ type: 'agentMissed' });
      },
      talking: () => {
        this.#speaker.close();
        this.#call.keep({ connectedAt: this.#services.clock.now() });
        this.#mailbox.post({ type: 'talking' });
      },
      ended: () => {
        this.#mailbox.post({ type: 'conversationEnded' });
      },
    });
    this.#conversation.start(this.#leg);
  }

  #end(end: CallEnd): void {
    this.#speaker.close();
    this.#place.cancelAnnouncement();
    this.#call.keep({ end });
    const { queue } = this.#call.record;
    this.#observe({ what: 'callEnded', callId: this.id, queue, outcome: end.outcome });
    if (this.#ticketId !== undefined) this.#rooms.ticketFreed(this.#ticketId);
    this.#over();
  }

  #observe(happening: Parameters<Services['observe']>[0]): void {
    this.#services.observe(happening, this.#services.clock.now());
  }
}

/** A wait without end is a day to whoever watches. */
const MAX_OBSERVED_WAIT_SECONDS = 24 * 3600;

function observed(waitSeconds: number): number {
  return Math.round(Math.min(waitSeconds, MAX_OBSERVED_WAIT_SECONDS));
}
