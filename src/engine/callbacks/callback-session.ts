import { DialFailure } from '../../domain/call/failure.ts';
import type {
  Attempt,
  AttemptEffect,
  AttemptEvent,
  AttemptStep,
  CustomerChoice,
} from '../../domain/callback/attempt.ts';
import { beginAttempt, stepAttempt } from '../../domain/callback/attempt-step.ts';
import { attemptsMade } from '../../domain/callback/retry.ts';
import type { AttemptCause } from '../../domain/callback/ticket.ts';
import type { AgentId, CallId, EpochMs } from '../../domain/ids.ts';
import { voiceIn } from '../../domain/ivr/voice.ts';
import { Conversation, type Meeting } from '../calls/conversation.ts';
import { KeptCall } from '../calls/kept-call.ts';
import { Speaker } from '../calls/speaker.ts';
import { Mailbox } from '../mailbox.ts';
import type { Leg, LegListener } from '../ports.ts';
import type { Services } from '../services.ts';
import { AttemptTicket } from './attempt-ticket.ts';
import type { AttemptMeasure, AttemptWatcher, CallbackWork, KeptFor } from './attempt-work.ts';
import type { DiallerRooms } from './dialler.ts';

/** Runs one attempt to call a customer back, by the rules of `domain/callback/attempt-step.ts`. */
export class CallbackSession {
  readonly #services: Services;
  readonly #rooms: DiallerRooms;
  readonly #work: CallbackWork;
  readonly #callId: CallId;
  readonly #mailbox: Mailbox<AttemptEvent>;
  readonly #withdraw = new AbortController();
  readonly #watcher: AttemptWatcher;
  readonly #call: KeptCall;
  readonly #ticket: AttemptTicket;
  readonly #startedAt: EpochMs;
  #dialledAt: EpochMs | undefined;
  #confirmedAt: EpochMs | undefined;
  #attempt: Attempt;
  #begun: readonly AttemptEffect[];
  #leg: Leg | undefined;
  #speaker: Speaker | undefined;
  #conversation: Conversation | undefined;

  constructor(
    services: Services,
    rooms: DiallerRooms,
    work: CallbackWork,
    watcher: AttemptWatcher,
  ) {
    this.#services = services;
    this.#rooms = rooms;
    this.#work = work;
    this.#callId = services.ids.next('call');
    this.#watcher = watcher;
    this.#startedAt = services.clock.now();
    const { kept, settings, ticket } = work;
    const { order } = settings.callback.dial;
    const begun = beginAttempt(kept.agentId, kept.ready, order, work.context.language);
    this.#attempt = begun.attempt;
    this.#begun = begun.effects;
    this.#mailbox = new Mailbox(this.#callId, services.log, (event) => {
      this.#take(stepAttempt(this.#attempt, event, work.context, services.clock.now()));
    });
    this.#call = new KeptCall(services, {
      id: this.#callId,
      direction: 'callback',
      trunk: undefined,
      dnis: ticket.dnis,
      party: ticket.number,
      queue: ticket.queue,
      ticketId: ticket.id,
    });
    this.#ticket = new AttemptTicket(services, rooms, ticket, settings);
  }

  /** Calls, once it is on disk that this attempt is under way. */
  start(): void {
    // Kept in the same moment, so that the store waits for the disk once.
    this.#call.keep();
    const { agentId } = this.#work.kept;
    this.#rooms.tickets.move(this.#work.ticket.id, { type: 'dial', agentId }).then(
      () => {
        for (const effect of this.#begun) this.#run(effect);
      },
      (error: unknown) => {
        this.#failed(error);
      },
    );
  }

  /** An agent is kept for the customer in place of one who did not answer. */
  assigned({ agentId, ready }: KeptFor): void {
    void this.#ticket.move({ type: 'agentChanged', agentId });
    this.#mailbox.post({ type: 'assigned', agentId, ready });
  }

  agentReady(agentId: AgentId): void {
    this.#mailbox.post({ type: 'agentReady', agentId });
  }

  /** Ends the attempt from our side, at a stop of the server. */
  withdraw(): void {
    this.#withdraw.abort();
    void this.#leg?.hangUp();
  }

  #take(step: AttemptStep): void {
    this.#attempt = step.attempt;
    for (const effect of step.effects) this.#run(effect);
  }

  #dial(): void {
    this.#dialledAt = this.#services.clock.now();
    const { ticket, context, kept } = this.#work;
    const { id, number, dnis } = ticket;
    this.#observe({
      what: 'dialling',
      ticketId: id,
      callId: this.#callId,
      agentId: kept.agentId,
    });
    const target = { kind: 'customer', number, callerId: dnis } as const;
    const { ringSeconds } = context.settings.dial;
    const dialled = this.#services.telephony.dial(target, ringSeconds, this.#withdraw.signal);
    this.#watcher.placed();
    dialled.then(
      (leg) => {
        this.#reached(leg);
      },
      (error: unknown) => {
        this.#failed(error);
      },
    );
  }

  #failed(error: unknown): void {
    if (!(error instanceof DialFailure)) {
      this.#services.log.error('callback failed', {
        ticketId: this.#work.ticket.id,
        error: String(error),
      });
    }
    const cause = error instanceof DialFailure ? error.dialCause : 'ourFailure';
    this.#mailbox.post({ type: 'dialFailed', cause });
  }

  #reached(leg: Leg): void {
    this.#leg = leg;
    const voice = voiceIn(this.#work.context.language);
    this.#speaker = new Speaker(leg, this.#services.clock, voice, (event) => {
      this.#mailbox.post(event);
    });
    leg.listen(this.#ear());
    this.#observe({ what: 'customerAnswered', ticketId: this.#work.ticket.id });
    this.#mailbox.post({ type: 'answered' });
  }

  #ear(): LegListener {
    const now = (): number => this.#services.clock.now();
    return {
      key: (key) => {
        this.#mailbox.post({ type: 'key', key });
      },
      ended: (by) => {
        this.#mailbox.post({ type: 'hungUp', by });
      },
      speech: (active, agoMs) => {
        const at = now() - agoMs;
        const kind = active ? 'speechBegan' : 'speechEnded';
        this.#mailbox.post({ type: 'heard', sign: { kind, at } });
      },
      tone: (tone) => {
        this.#mailbox.post(
          tone === 'tty'
            ? { type: 'ttyHeard' }
            : { type: 'heard', sign: { kind: 'beep', at: now() } },
        );
      },
    };
  }

  #run(effect: AttemptEffect): void {
    switch (effect.type) {
      case 'say':
      case 'awaitKey':
      case 'hush':
      case 'music':
      case 'useVoice':
        this.#speaker?.run(effect);
        return;
      case 'summonAgent':
        this.#summonAgent(effect.agentId);
        return;
      case 'dial':
        this.#dial();
        return;
      case 'listen':
        void (this.#work.context.isTty ? this.#leg?.listenForTty() : this.#leg?.listenForMachine());
        return;
      case 'confirmed':
        this.#observe({ what: 'customerConfirmed', ticketId: this.#work.ticket.id });
        this.#confirmedAt = this.#services.clock.now();
        void this.#ticket.move({ type: 'confirmed' });
        return;
      case 'settle':
        this.#settle(effect.choice);
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
        this.#withdraw.abort();
        void this.#leg?.hangUp();
        return;
      case 'ended':
        this.#end(effect.cause);
        return;
    }
  }

  /** Agent first: the agent waits on the line while the customer is called. */
  #summonAgent(agentId: AgentId): void {
    const conversation = this.#newConversation(agentId);
    this.#conversation = conversation;
    conversation.summon(() => {
      this.#mailbox.post({ type: 'agentAnswered' });
    });
  }

  #ringAgent(agentId: AgentId): void {
    const customer = this.#leg;
    if (customer === undefined) return;
    const summoned = this.#conversation;
    if (summoned?.isWaiting === true) {
      summoned.join(customer);
      return;
    }
    this.#conversation = this.#newConversation(agentId);
    this.#conversation.start(customer);
  }

  #newConversation(agentId: AgentId): Conversation {
    const { floor, desk } = this.#rooms;
    return new Conversation(this.#services, floor, desk, this.#meeting(agentId), {
      isCustomerThere: () => this.#leg !== undefined,
      agentMissed: () => {
        this.#mailbox.post(
          this.#attempt.state.phase === 'ringing' ? { type: 'agentMissed' } : { type: 'agentGone' },
        );
      },
      talking: () => {
        this.#speaker?.close();
        this.#call.keep({ connectedAt: this.#services.clock.now() });
        void this.#ticket.move({ type: 'connected' });
        this.#mailbox.post({ type: 'talking' });
        this.#watcher.talking();
      },
      ended: () => {
        this.#mailbox.post({ type: 'conversationEnded' });
      },
    });
  }

  #meeting(agentId: AgentId): Meeting {
    const { ticket, settings } = this.#work;
    const { id, queue, origin, attempts } = ticket;
    return {
      callId: this.#callId,
      ticketId: id,
      agentId,
      queue,
      entryId: id,
      settings,
      kind: 'callback',
      path: origin.path,
      attempts: attemptsMade(attempts),
      arrivedAt: origin.waitingSince,
    };
  }

  #end(cause: AttemptCause | 'connected'): void {
    this.#speaker?.close();
    if (cause !== 'connected') this.#conversation?.cancel();
    const at = this.#services.clock.now();
    const outcome = cause === 'connected' ? 'served' : 'notReached';
    this.#call.keep({ end: { at, outcome } });
    const { id } = this.#work.ticket;
    this.#observe({ what: 'attemptEnded', ticketId: id, cause });
    if (cause !== 'connected') void this.#ticket.end(cause);
    this.#watcher.over(this.#measured(at, cause === 'connected'));
  }

  #measured(endedAt: EpochMs, connected: boolean): AttemptMeasure {
    const confirmMs =
      this.#dialledAt === undefined || this.#confirmedAt === undefined
        ? undefined
        : this.#confirmedAt - this.#dialledAt;
    return { confirmMs, keptMs: (this.#confirmedAt ?? endedAt) - this.#startedAt, connected };
  }

  /** Only once it is on disk it is promised. */
  #settle(choice: CustomerChoice): void {
    void this.#ticket.settle(choice).then((kept) => {
      const onTime = this.#ticket.isOnTime(choice);
      this.#mailbox.post(kept ? { type: 'settled', kept, onTime } : { type: 'settled', kept });
    });
  }

  #observe(happening: Parameters<Services['observe']>[0]): void {
    this.#services.observe(happening, this.#services.clock.now());
  }
}
