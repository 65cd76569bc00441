import type { AgentPresence } from '../domain/agent/agent.ts';
import type { CallRecord } from '../domain/call/call-record.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import type { AgentId, E164, EpochMs, QueueId, TicketId, TrunkId } from '../domain/ids.ts';
import type { Key } from '../domain/ivr/keys.ts';
import type { SoundName } from '../domain/ivr/sound-name.ts';
import type { Voice } from '../domain/ivr/voice.ts';
import type { Place } from '../domain/queue/line.ts';
import type { Recording } from '../domain/recording/recording.ts';
import type { ApiKey, Delivery, IdempotentRequest } from './api-records.ts';
import type { QueueSwitch } from './ticket-office.ts';

/** Time, as the engine sees it. The simulator brings its own. */
export interface Clock {
  now(): EpochMs;
  /** Runs `action` once after `afterMs`; the result cancels it. Never throws. */
  startTimer(afterMs: number, action: () => void): () => void;
}

/** Fresh identifiers, such as `ids.next('call')` -> `call-…`. */
export interface Ids {
  next<Kind extends string>(kind: Kind): `${Kind}-${string}`;
}

/** Structured log without personal data. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** An INVITE that passed the door: a configured trunk or a known agent, a number that exists. */
export interface IncomingCall {
  readonly origin:
    | { readonly kind: 'trunk'; readonly trunk: TrunkId }
    | { readonly kind: 'agent'; readonly agentId: AgentId };
  /** E.164 from a trunk; short code as dialled from an agent's phone. */
  readonly dialled: string;
  /** As the trunk gave it, not yet checked; undefined if withheld. */
  readonly ani: string | undefined;
  /** Aborts on the caller's CANCEL. */
  readonly cancelled: AbortSignal;
  /** Answers with sound. @throws CallFailure; the caller has then been refused already. */
  answer(): Promise<Leg>;
  /** Refuses with a final SIP response. Never throws. */
  reject(status: number): Promise<void>;
}

/** One party on the line: a SIP dialog and its media endpoint, which end together. */
export interface Leg {
  /**
   * Plays sounds of a voice one after another, in place of what played before.
   * Resolves 'finished' at the end, 'stopped' if something else took its place or the leg ended.
   * @throws CallFailure if the media server refused.
   */
  play(sounds: readonly SoundName[], voice: Voice): Promise<'finished' | 'stopped'>;
  /** Music on hold until something else plays. @throws CallFailure */
  playMusic(): Promise<void>;
  /** Silence. @throws CallFailure */
  stopSound(): Promise<void>;
  /** Joins the two for talk. What played on either stops. @throws CallFailure */
  bridge(other: Leg): Promise<void>;
  /** Parts a bridged leg from its peer; both stay up. @throws CallFailure */
  unbridge(): Promise<void>;
  /** Records this leg's party on the left, what it hears on the right. @throws CallFailure */
  startRecording(file: string): Promise<void>;
  /**
   * Ends a recording. If the leg has ended, the recording ended with it and its length until then
   * is returned. @throws CallFailure
   */
  stopRecording(file: string): Promise<{ readonly durationMs: number }>;
  /**
   * From now on tells listeners when the party speaks and when a beep is heard, until `bridge`, the end
   * of the leg, or `MACHINE_LISTEN_SECONDS`. To be asked for once, at the answer. A help only: where the
   * sound can not be had nothing is told, and the log says why. Never throws.
   */
  listenForMachine(): Promise<void>;
  /** From now on tells listeners once, as tone `tty`, if a text telephone is heard. Never throws. */
  listenForTty(): Promise<void>;
  /** Ends dialog and endpoint. Never throws; safe to repeat. */
  hangUp(): Promise<void>;
  /** Listeners are called until the leg has ended; `ended` exactly once, at once if it already has. */
  listen(listener: LegListener): void;
}

export interface LegListener {
  key(key: Key): void;
  ended(by: 'party' | 'us' | 'failure'): void;
  /** A recording of this leg ended though nobody stopped it, as on a full disk. The call goes on. */
  recordingLost?(file: string): void;
  /** The party began (true) or ceased to speak, so long ago; after `listenForMachine`. */
  speech?(active: boolean, agoMs: number): void;
  /** `beep`: an answering machine's, now over. `tty`: carrier of a text telephone, told once. */
  tone?(name: LegTone): void;
}

export type LegTone = 'beep' | 'tty';

/** Longest that a leg is listened to for a machine. */
export const MACHINE_LISTEN_SECONDS = 60;

/** Where to call. */
export type DialTarget =
  | { readonly kind: 'customer'; readonly number: E164; readonly callerId: E164 }
  | {
      readonly kind: 'agent';
      readonly agentId: AgentId;
      readonly callerName: string;
      /** What the agent's phone or screen is told in headers of the INVITE. */
      readonly screen?: AgentScreen;
    };

/** Who is coming, for an agent's screen. Never a telephone number. */
export interface AgentScreen {
  readonly reason: 'call' | 'callback';
  readonly queue: string;
  /** Ids of the menus that led here, first to last. */
  readonly path: readonly string[];
  /** Since the caller asked to be served. */
  readonly waitSeconds: number;
  /** Callbacks tried before this one; 0 for a call. */
  readonly attempts: number;
  readonly ticket: TicketId | undefined;
}

/** The telephone network. */
export interface Telephony {
  /**
   * Calls and waits for an answer, at most `ringSeconds`; `signal` withdraws the call (CANCEL).
   * @throws DialFailure
   */
  dial(target: DialTarget, ringSeconds: number, signal: AbortSignal): Promise<Leg>;
  /** Calls to customers that could be placed now: free places on the trunks, and of our own. */
  outgoingCapacity(): number;
}

/** Who comes in through the telephone network; the engine implements it. */
export interface TelephonyUser {
  incoming(call: IncomingCall): void;
}

/** One change that must last. All changes of one `commit` last together or not at all. */
export type Change =
  | { readonly kind: 'ticket'; readonly ticket: Ticket }
  | { readonly kind: 'call'; readonly call: CallRecord }
  | { readonly kind: 'recording'; readonly recording: Recording }
  | { readonly kind: 'agent'; readonly agentId: AgentId; readonly presence: AgentPresence }
  | { readonly kind: 'switch'; readonly turned: TurnedSwitch }
  /** Small figures that the engine wants to know again; a null value forgets them. */
  | { readonly kind: 'memory'; readonly name: string; readonly value: Json }
  /** A message that tells of the other changes, and is sent once they last. */
  | { readonly kind: 'outbox'; readonly delivery: Delivery }
  | { readonly kind: 'apiKey'; readonly key: ApiKey }
  /** The answer to a request whose key was taken. */
  | { readonly kind: 'idempotencyKey'; readonly request: IdempotentRequest }
  | { readonly kind: 'optOut'; readonly number: E164; readonly out: boolean; readonly at: EpochMs }
  | { readonly kind: 'fact'; readonly fact: LedgerFact };

/** A switch of a queue as somebody turned it last. */
export interface TurnedSwitch {
  readonly queue: QueueId;
  readonly which: QueueSwitch;
  /** Undefined: as configured again. */
  readonly on: boolean | undefined;
  readonly reason: string;
  readonly at: EpochMs;
}

/** Numbers that callbacks were asked for, and that were called. */
export interface NumbersUsed {
  readonly registrations: readonly {
    readonly number: E164;
    /** ANI of the call in which it was; undefined if withheld, or asked for by a program. */
    readonly caller: E164 | undefined;
    readonly at: EpochMs;
  }[];
  readonly attempts: readonly { readonly number: E164; readonly at: EpochMs }[];
}

/** What JSON can say (RFC 8259). */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** What the ledger says of a change. `about` is a ticket, call, agent or recording id. */
export interface LedgerFact {
  readonly at: EpochMs;
  readonly about: string;
  /** Verb in the past tense, such as `ticketRegistered`, `attemptEnded`. */
  readonly what: string;
  /** Small, without personal data. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** What lasts. */
export interface Store {
  /** Returns once the changes are on disk, with the ledger entries chained. @throws StoreFailure */
  commit(changes: readonly Change[]): Promise<void>;
  /** Tickets that have not ended, by arrival. */
  openTickets(): Promise<readonly Ticket[]>;
  ticket(id: TicketId): Promise<Ticket | undefined>;
  /** The ticket of a number that was given up last, if that was at `endedSince` or later. */
  recentTicketOf(number: E164, endedSince: EpochMs): Promise<Ticket | undefined>;
  /** What was asked for and called since then, for the ceilings; each in order of time. */
  numbersUsedSince(at: EpochMs): Promise<NumbersUsed>;
  /** Every switch that does not stand as configured. */
  turnedSwitches(): Promise<readonly TurnedSwitch[]>;
  /** By name. */
  memories(): Promise<ReadonlyMap<string, Json>>;
  agentPresences(): Promise<ReadonlyMap<AgentId, AgentPresence>>;
  /** Recordings whose row says that they are still running: left over from a stop. */
  runningRecordings(): Promise<readonly Recording[]>;
  /** Calls without an end: left over from a stop. */
  openCalls(): Promise<readonly CallRecord[]>;
  /** The place with the largest `arrivalSequence` that is kept; zeros in an empty store. */
  lastArrival(): Promise<Place>;
  close(): Promise<void>;
}
