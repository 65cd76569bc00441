import { DialFailure } from '../../domain/call/failure.ts';
import type { EpochMs } from '../../domain/ids.ts';
import type { EntryId, MissReason } from '../../domain/queue/floor.ts';
import type { QueueSettings } from '../../domain/queue/settings.ts';
import type { AgentDesk } from '../agents/agent-desk.ts';
import type { AgentLine } from '../agents/agent-line.ts';
import { whisperOf } from '../agents/whisper.ts';
import type { FloorKeeper } from '../line/floor-keeper.ts';
import type { AgentScreen, Leg } from '../ports.ts';
import type { Services } from '../services.ts';
import { type RecordedConversation, type RunningRecording, startRecording } from './recorder.ts';

/** Who is brought together, and what the agent is told of it. */
export interface Meeting extends RecordedConversation {
  readonly entryId: EntryId;
  readonly settings: QueueSettings;
  readonly kind: AgentScreen['reason'];
  readonly path: readonly string[];
  /** Callbacks tried before this one. */
  readonly attempts: number;
  /** When the customer joined the line. */
  readonly arrivedAt: EpochMs;
}

/** What became of it; exactly one of `agentMissed` and `talking`, then after `talking` one `ended`. */
export interface ConversationListener {
  /** Agent first, and the customer may not have answered yet. */
  readonly isCustomerThere: () => boolean;
  agentMissed(): void;
  talking(): void;
  ended(): void;
}

/**
 * Brings a customer and an agent together: rings the agent, whispers who is coming, records, bridges,
 * and parts them when either hangs up.
 *
 *     ringing ──▶ (waiting) ──▶ joining ──▶ talking ──▶ over
 *        └───────────┴─────────────┴──(cancel, missed)──▶ over
 *
 * `waiting`: agent first, the agent is on the line while the customer is called.
 */
export class Conversation {
  readonly #services: Services;
  readonly #floor: FloorKeeper;
  readonly #desk: AgentDesk;
  readonly #meeting: Meeting;
  readonly #listener: ConversationListener;
  readonly #withdraw = new AbortController();
  #phase: 'ringing' | 'waiting' | 'joining' | 'talking' | 'over' = 'ringing';
  #line: AgentLine | undefined;
  #recording: RunningRecording | undefined;
  #talkingSince = 0;

  constructor(
    services: Services,
    floor: FloorKeeper,
    desk: AgentDesk,
    meeting: Meeting,
    listener: ConversationListener,
  ) {
    this.#services = services;
    this.#floor = floor;
    this.#desk = desk;
    this.#meeting = meeting;
    this.#listener = listener;
  }

  /** Whether an agent is on the line and waits for the customer. */
  get isWaiting(): boolean {
    return this.#phase === 'waiting';
  }

  /** Rings the agent and joins them with the customer. */
  start(customer: Leg): void {
    this.#ring()
      .then((line) => (line === undefined ? undefined : this.#bringTogether(line, customer)))
      .catch((error: unknown) => {
        this.#fail(error);
      });
  }

  /** Agent first: rings the agent, who then waits; `answered` is told. */
  summon(answered: () => void): void {
    this.#ring()
      .then(async (line) => {
        if (line === undefined) return;
        this.#phase = 'waiting';
        await line.whisper(this.#whisper());
        await line.wait();
        if (this.#isWaitingStill()) answered();
      })
      .catch((error: unknown) => {
        this.#fail(error);
      });
  }

  /** Joins the customer with the agent who waits. */
  join(customer: Leg): void {
    const line = this.#line;
    if (this.#phase !== 'waiting' || line === undefined) return;
    this.#joinTogether(line, customer).catch((error: unknown) => {
      this.#fail(error);
    });
  }

  /** The customer went away before talk, or is not to be joined. */
  cancel(): void {
    if (this.#phase === 'talking' || this.#phase === 'over') return;
    this.#phase = 'over';
    this.#withdraw.abort();
    this.#dropRecording();
    this.#line?.letGo();
  }

  /** The customer hung up, or the agent did. */
  finish(): void {
    if (this.#phase !== 'talking') return;
    this.#phase = 'over';
    const { agentId, callId, queue } = this.#meeting;
    const recording = this.#recording;
    this.#recording = undefined;
    this.#line?.letGo();
    this.#floor.post({ type: 'conversationEnded', agentId, queue });
    const now = this.#services.clock.now();
    const talkMs = now - this.#talkingSince;
    this.#services.observe(
      { what: 'conversationEnded', agentId, callId, queue, talkMs, recording: recording?.file },
      now,
    );
    // The recording is closed before the customer's leg, and its channel with it, goes away.
    void (recording?.stop() ?? Promise.resolve()).then(() => {
      this.#listener.ended();
    });
  }

  /** @returns the agent's line; undefined if the customer has gone meanwhile. */
  async #ring(): Promise<AgentLine | undefined> {
    const { agentId, callId, entryId, settings } = this.#meeting;
    if (!this.#desk.hasOpenLine(agentId)) {
      this.#floor.post({ type: 'agentRinging', entryId });
      this.#services.observe({ what: 'agentRinging', agentId, callId }, this.#services.clock.now());
    }
    const asked = {
      callerName: settings.id,
      screen: this.#screen(),
      ringSeconds: settings.agentRingSeconds,
    };
    const line = await this.#desk.reach(agentId, asked, this.#withdraw.signal);
    this.#line = line;
    if (this.#isOver()) {
      line.letGo();
      return undefined;
    }
    line.whenEnded((by) => {
      this.#agentGone(by);
    });
    return this.#isOver() ? undefined : line;
  }

  async #bringTogether(line: AgentLine, customer: Leg): Promise<void> {
    this.#phase = 'joining';
    await line.whisper(this.#whisper());
    if (!this.#isOver()) await this.#joinTogether(line, customer);
  }

  async #joinTogether(line: AgentLine, customer: Leg): Promise<void> {
    this.#phase = 'joining';
    await this.#record(customer);
    if (this.#isOver()) return;
    await line.join(customer);
    if (this.#isOver()) return;
    this.#talk();
  }

  #screen(): AgentScreen {
    const { kind, queue, path, attempts, ticketId } = this.#meeting;
    return {
      reason: kind,
      queue,
      path,
      waitSeconds: this.#waitSeconds(),
      attempts,
      ticket: ticketId,
    };
  }

  #whisper(): ReturnType<typeof whisperOf> {
    const { settings, kind } = this.#meeting;
    return whisperOf(settings, kind, this.#waitSeconds());
  }

  #waitSeconds(): number {
    return Math.round(this.#waitedMs() / 1000);
  }

  /** Since they arrived; none if the clock was set back meanwhile. */
  #waitedMs(): number {
    return Math.max(0, this.#services.clock.now() - this.#meeting.arrivedAt);
  }

  async #record(customer: Leg): Promise<void> {
    const { callId, ticketId, agentId, queue } = this.#meeting;
    const conversation = { callId, ticketId, agentId, queue };
    this.#recording = await startRecording(this.#services, customer, conversation);
    if (this.#isOver()) this.#dropRecording();
  }

  /** Re-read after an await: either side may have gone meanwhile. */
  #isOver(): boolean {
    return this.#phase === 'over';
  }

  #isWaitingStill(): boolean {
    return this.#phase === 'waiting';
  }

  #talk(): void {
    this.#phase = 'talking';
    const { agentId, callId, ticketId, entryId, queue } = this.#meeting;
    this.#talkingSince = this.#services.clock.now();
    this.#floor.post({ type: 'agentAnswered', entryId });
    const waitedMs = this.#waitedMs();
    this.#services.observe(
      { what: 'talking', agentId, callId, ticketId, queue, waitedMs },
      this.#talkingSince,
    );
    this.#listener.talking();
  }

  #agentGone(by: 'party' | 'us' | 'failure'): void {
    if (this.#phase === 'talking') this.finish();
    else if (this.#phase !== 'over') this.#miss(by === 'party' ? 'ringNoAnswer' : 'ourFault');
  }

  #fail(error: unknown): void {
    const reason = missReason(error);
    if (reason === 'ourFault' && !this.#isOver()) {
      this.#services.log.warn('agent and customer were not joined', {
        callId: this.#meeting.callId,
        error: String(error),
      });
    }
    this.#miss(reason);
  }

  #miss(reason: MissReason): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    const { agentId, callId, entryId } = this.#meeting;
    this.#dropRecording();
    this.#line?.letGo();
    this.#services.log.info('agent did not take the call', { agentId, callId, reason });
    this.#services.observe({ what: 'agentMissed', agentId, callId }, this.#services.clock.now());
    if (!this.#listener.isCustomerThere()) {
      // Nobody is on the line: the attempt ends, and the rules are looked at anew before the next.
      this.#floor.post({ type: 'agentMissed', entryId, reason, pause: 'registered' });
      this.#listener.agentMissed();
      return;
    }
    this.#listener.agentMissed();
    this.#floor.post({ type: 'agentMissed', entryId, reason });
  }

  #dropRecording(): void {
    const recording = this.#recording;
    this.#recording = undefined;
    if (recording !== undefined) void recording.stop();
  }
}

function missReason(error: unknown): MissReason {
  if (!(error instanceof DialFailure) || error.dialCause === 'ourFailure') return 'ourFault';
  return error.dialCause === 'unreachable' ? 'unreachable' : 'ringNoAnswer';
}
