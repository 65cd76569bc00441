import { DialFailure } from '../domain/call/failure.ts';
import type { EpochMs } from '../domain/ids.ts';
import type { EntryId, MissReason } from '../domain/queue/floor.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { AgentLine } from './agent-line.ts';
import type { FloorKeeper } from './floor-keeper.ts';
import type { Leg } from './ports.ts';
import { type RecordedConversation, type RunningRecording, startRecording } from './recorder.ts';
import type { Services } from './services.ts';

/** Who is brought together. */
export interface Meeting extends RecordedConversation {
  readonly customer: Leg;
  readonly entryId: EntryId;
  readonly ringSeconds: number;
  /** Shown on the agent's phone. */
  readonly callerName: string;
  /** When the customer joined the line. */
  readonly arrivedAt: EpochMs;
}

/** What became of it; exactly one of `agentMissed` and `talking`, then after `talking` one `ended`. */
export interface ConversationListener {
  agentMissed(): void;
  talking(): void;
  ended(): void;
}

/**
 * Brings a customer and an agent together: rings the agent, records, bridges, and parts them when
 * either hangs up.
 *
 *     ringing ──▶ joining ──▶ talking ──▶ over
 *        └───────────┴──(cancel, missed)───▶ over
 */
export class Conversation {
  readonly #services: Services;
  readonly #floor: FloorKeeper;
  readonly #desk: AgentDesk;
  readonly #meeting: Meeting;
  readonly #listener: ConversationListener;
  readonly #withdraw = new AbortController();
  #phase: 'ringing' | 'joining' | 'talking' | 'over' = 'ringing';
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

  /** Begins to ring. */
  start(): void {
    const { agentId, callId, entryId } = this.#meeting;
    if (!this.#desk.hasOpenLine(agentId)) {
      this.#floor.post({ type: 'agentRinging', entryId });
      this.#services.observe({ what: 'agentRinging', agentId, callId }, this.#services.clock.now());
    }
    this.#bringTogether().catch((error: unknown) => {
      const reason = missReason(error);
      if (reason === 'ourFault' && !this.#isOver()) {
        this.#services.log.warn('agent and customer were not joined', {
          callId,
          error: String(error),
        });
      }
      this.#miss(reason);
    });
  }

  /** The customer went away before talk. */
  cancel(): void {
    if (this.#phase !== 'ringing' && this.#phase !== 'joining') return;
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
      { what: 'conversationEnded', agentId, callId, talkMs, recording: recording?.file },
      now,
    );
    // The recording is closed before the customer's leg, and its channel with it, goes away.
    void (recording?.stop() ?? Promise.resolve()).then(() => {
      this.#listener.ended();
    });
  }

  async #bringTogether(): Promise<void> {
    const { agentId, callerName, customer, ringSeconds } = this.#meeting;
    const line = await this.#desk.reach(agentId, callerName, ringSeconds, this.#withdraw.signal);
    this.#line = line;
    if (this.#phase === 'over') {
      line.letGo();
      return;
    }
    this.#phase = 'joining';
    line.whenEnded((by) => {
      this.#agentGone(by);
    });
    await this.#record(customer);
    if (this.#isOver()) return;
    await line.join(customer);
    if (this.#isOver()) return;
    this.#talk();
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

  #talk(): void {
    this.#phase = 'talking';
    const { agentId, callId, ticketId, entryId, arrivedAt } = this.#meeting;
    this.#talkingSince = this.#services.clock.now();
    this.#floor.post({ type: 'agentAnswered', entryId });
    const waitedMs = this.#talkingSince - arrivedAt;
    this.#services.observe(
      { what: 'talking', agentId, callId, ticketId, waitedMs },
      this.#talkingSince,
    );
    this.#listener.talking();
  }

  #agentGone(by: 'party' | 'us' | 'failure'): void {
    if (this.#phase === 'talking') this.finish();
    else if (this.#phase === 'joining') this.#miss(by === 'party' ? 'ringNoAnswer' : 'ourFault');
  }

  #miss(reason: MissReason): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    const { agentId, callId, entryId } = this.#meeting;
    this.#dropRecording();
    this.#line?.letGo();
    this.#services.log.info('agent did not take the call', { agentId, callId, reason });
    this.#services.observe({ what: 'agentMissed', agentId, callId }, this.#services.clock.now());
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
