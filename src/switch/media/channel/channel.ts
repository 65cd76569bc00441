import type { EslHeaderValue } from '../../../protocol/esl/event.ts';
import type { EventName } from '../../../protocol/esl/event-names.ts';
import { FRAME_MS, type RtpSession } from '../../rtp/types.ts';
import type { MediaContext } from '../context.ts';
import type { EventOrigin } from '../events/event-bus.ts';
import { ORIGINS } from '../events/origins.ts';
import type { HangupCause } from '../hangup-cause.ts';
import { ApplicationStack } from './application-stack.ts';
import type { CallerProfile } from './caller-profile.ts';
import { DigitQueue, type QueuedDigit } from './digit-queue.ts';
import { addChannelHeaders, addVariableHeaders, carriesVariables } from './event-headers.ts';
import { type Redirection, STATE_OF_REDIRECTION } from './redirection.ts';
import { LegAudio } from './sound/leg-audio.ts';
import { CALL_STATES, type CallState, type ChannelState } from './states.ts';
import { ChannelVariables } from './variables.ts';

/** One step of something that goes on frame by frame; a result ends it. */
export type FrameStep<T> = (channel: Channel) => T | undefined;

/** An application asked for from outside (`sendmsg`, `uuid_broadcast`). */
export interface QueuedCommand {
  readonly application: string;
  readonly argument: string | undefined;
  /** Becomes `Application-UUID`, by which the asker finds its answer. */
  readonly eventUuid: string | undefined;
  /** No other command runs inside this one. */
  readonly eventLock: boolean;
  readonly loops: number;
}

/** The SIP side of a channel. */
export interface ChannelSignalling {
  /** Sends 200 when that has not been done; false when it cannot be. */
  answer(): Promise<boolean>;
  /** Ends the call by BYE or, before an answer, by a final response. */
  hangup(cause: HangupCause): void;
}

export interface ChannelOptions {
  readonly context: MediaContext;
  readonly sessionId: number;
  readonly profile: CallerProfile;
  readonly rtp: RtpSession;
  readonly signalling: ChannelSignalling;
}

/**
 * One call leg. Its applications run one inside the other, as on a FreeSWITCH session's thread: only
 * the innermost gets frames, and a queued command runs inside whatever is going on.
 */
export class Channel {
  readonly context: MediaContext;
  readonly sessionId: number;
  readonly profile: CallerProfile;
  readonly signalling: ChannelSignalling;
  readonly variables = new ChannelVariables();
  readonly audio: LegAudio;
  readonly digits: DigitQueue;
  state: ChannelState = 'CS_NEW';
  runningState: ChannelState = 'CS_NEW';
  callState: CallState = 'DOWN';
  answered = false;
  earlyMedia = false;
  onHold = false;
  hangupCause: HangupCause | undefined;
  redirection: Redirection | undefined;
  /** The leg it is or was last bridged to, as events tell it. */
  otherLeg:
    | { readonly type: 'originator' | 'originatee'; readonly profile: CallerProfile }
    | undefined;
  bridgedTo: Channel | undefined;
  parked = false;
  /** `one` ends the sound that plays now, `all` what was to follow as well (`uuid_break`). */
  breakRequested: 'one' | 'all' | undefined;
  readonly commands: QueuedCommand[] = [];
  /** Runs one queued command; set by the call's thread. */
  runCommand: ((command: QueuedCommand) => Promise<void>) | undefined;
  readonly #applications = new ApplicationStack(() => this.ready);
  readonly #downListeners = new Set<() => void>();
  readonly #endedListeners = new Set<() => void>();

  constructor(options: ChannelOptions) {
    this.context = options.context;
    this.sessionId = options.sessionId;
    this.profile = options.profile;
    this.signalling = options.signalling;
    this.audio = new LegAudio(options.rtp);
    this.digits = new DigitQueue(options.context.limits.queuedDigits);
    options.rtp.on('dtmf', (event) => {
      const source = event.source === 'rtp' ? 'RTP' : 'INBAND_AUDIO';
      this.digits.push({ digit: event.digit, durationMs: event.durationMs, source });
    });
  }

  get uuid(): string {
    return this.profile.uniqueId;
  }

  get name(): string {
    return this.profile.channelName;
  }

  /** Hung up, perhaps still winding up. */
  get down(): boolean {
    return this.hangupCause !== undefined;
  }

  /** Neither hung up nor on its way elsewhere: what goes on may go on. */
  get ready(): boolean {
    return !this.down && this.redirection === undefined;
  }

  /**
   * Calls `step` at each tick until it gives a result, which is returned; undefined when the channel
   * was hung up or sent elsewhere meanwhile. Queued commands run between two steps.
   */
  eachFrame<T>(step: FrameStep<T>): Promise<T | undefined> {
    return this.#applications.eachFrame(() => step(this));
  }

  /** Makes room for an application inside the present one while `work` runs. */
  within<T>(work: () => Promise<T>, locked = false): Promise<T> {
    return this.#applications.within(work, locked);
  }

  /** One tick, in the clock's `process` phase. */
  tick(): void {
    if (this.audio.silentTicks > 0 && this.audio.silentTicks % 50 === 0) this.#checkMediaTimeout();
    if (!this.#applications.takesFrames) return;
    if (!this.ready) {
      this.#applications.abandonInnermost();
      return;
    }
    if (this.commands.length > 0 && !this.#applications.locked) {
      this.within(() => this.#runQueued()).catch((error: unknown) => this.#fault(error));
      return;
    }
    this.#applications.step();
  }

  /** A leg from which nothing has come for `media_timeout` ms, on hold `media_hold_timeout`, is dead. */
  #checkMediaTimeout(): void {
    const name = this.onHold ? 'media_hold_timeout' : 'media_timeout';
    const limitMs = Number(this.variables.get(name) ?? 0);
    const receives = this.variables.get('audio_media_flow') !== 'sendonly';
    if (limitMs > 0 && receives && this.audio.silentTicks * FRAME_MS >= limitMs)
      this.hangup('MEDIA_TIMEOUT');
  }

  /** Queues an application to run inside what goes on. False when too many wait already. */
  queueCommand(command: QueuedCommand): boolean {
    if (this.down || this.commands.length >= this.context.limits.queuedCommands) return false;
    this.commands.push(command);
    return true;
  }

  /** Runs what waits; one that takes frames lets what comes meanwhile run inside it. */
  async #runQueued(): Promise<void> {
    for (let next = this.commands.shift(); next !== undefined; next = this.commands.shift()) {
      await this.runCommand?.(next);
      if (!this.ready || this.#applications.locked) return;
    }
  }

  #fault(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.context.log({
      level: 'error',
      message: 'application failed',
      detail: { channel: this.uuid, reason },
    });
    this.hangup('DESTINATION_OUT_OF_ORDER');
  }

  /** The next digit; telling everybody of it is part of taking it, as in FreeSWITCH. */
  takeDigit(): QueuedDigit | undefined {
    const digit = this.digits.shift();
    if (digit === undefined) return undefined;
    this.announce('DTMF', ORIGINS.dtmf, {
      'DTMF-Digit': digit.digit,
      // In samples at 8 kHz.
      'DTMF-Duration': String(Math.round(digit.durationMs * 8)),
      'DTMF-Source': digit.source,
    });
    return digit;
  }

  /** Sends an event about this channel, with `extra` behind the channel's own headers. */
  announce(
    name: EventName,
    origin: EventOrigin,
    extra: Readonly<Record<string, string | undefined>> = {},
    leading: Readonly<Record<string, string>> = {},
  ): void {
    this.context.bus.publish({
      name,
      origin,
      fill: (headers) => {
        for (const [key, value] of Object.entries(leading)) headers.set(key, value);
        this.addHeaders(headers, carriesVariables(name));
        for (const [key, value] of Object.entries(extra)) if (value) headers.set(key, value);
      },
    });
  }

  addHeaders(headers: Map<string, EslHeaderValue>, withVariables: boolean): void {
    addChannelHeaders(headers, this);
    if (withVariables) addVariableHeaders(headers, this);
  }

  /** Moves to a state and tells of it; a new call state is told first, as FreeSWITCH does. */
  enter(state: ChannelState, callState?: CallState): void {
    if (this.down) return;
    this.state = state;
    this.runningState = state;
    if (callState !== undefined) this.setCallState(callState);
    this.announce('CHANNEL_STATE', ORIGINS.state);
  }

  setCallState(callState: CallState): void {
    const before = this.callState;
    if (before === callState) return;
    this.callState = callState;
    this.announce(
      'CHANNEL_CALLSTATE',
      ORIGINS.callState,
      {},
      {
        'Original-Channel-Call-State': before,
        'Channel-Call-State-Number': String(CALL_STATES.indexOf(callState)),
      },
    );
  }

  /** Sends the channel elsewhere; what goes on ends at the next tick. False when it is hung up. */
  redirect(redirection: Redirection): boolean {
    if (this.down) return false;
    this.redirection = redirection;
    this.state = STATE_OF_REDIRECTION[redirection.kind];
    this.breakRequested = undefined;
    this.#applications.abandonInnermost();
    return true;
  }

  /** Ends the call. Only the first cause counts. */
  hangup(cause: HangupCause): void {
    if (this.down) return;
    this.hangupCause = cause;
    this.state = 'CS_HANGUP';
    this.profile.times.hangupMs = this.context.clock.nowMs();
    this.announce('CHANNEL_HANGUP', ORIGINS.hangup);
    this.signalling.hangup(cause);
    this.#applications.abandonInnermost();
    for (const listener of this.#downListeners) listener();
  }

  /** Calls back once the channel is hung up; the function returned takes the listener out. */
  onDown(listener: () => void): () => void {
    this.#downListeners.add(listener);
    return () => this.#downListeners.delete(listener);
  }

  /** Calls back when the last event of the channel is out. */
  onEnded(listener: () => void): void {
    this.#endedListeners.add(listener);
  }

  /** Told by the call's thread when everything is over. */
  ended(): void {
    for (const listener of this.#endedListeners) listener();
    this.#endedListeners.clear();
    this.#downListeners.clear();
  }
}
