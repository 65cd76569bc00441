import type { DialCause } from '../domain/call/failure.ts';
import type { AgentId, E164, EpochMs, QueueId } from '../domain/ids.ts';
import type { Plan } from '../engine/plan.ts';

/**
 * A day to be run: who dials, who works, what goes wrong. What people do is laid down here and does
 * not depend on the configuration, so that two configurations meet the same people.
 */
export interface Day {
  readonly plan: Plan;
  /** Who is not served by then is counted as left over. */
  readonly endsAt: EpochMs;
  /** By the time of their first call. */
  readonly callers: readonly CallerScript[];
  readonly agents: readonly AgentScript[];
  readonly troubles: readonly Trouble[];
}

/** Somebody who dials, and what they will do. */
export interface CallerScript {
  /** Names the person; of no meaning else. */
  readonly person: number;
  readonly dialsAt: EpochMs;
  readonly dnis: E164;
  readonly queue: QueueId;
  /** What they key or show as the number to call; as keyed, not checked. */
  readonly number: string;
  /** How long they hold before they hang up. */
  readonly patienceMs: number;
  /** How long they talk with an agent. */
  readonly talkMs: number;
  readonly takesCallback: boolean;
  /** From joining the line until the keys that take or decline the offer. */
  readonly decidesMs: number;
  /** Pauses after which they dial again if they were not served; none: they give up. */
  readonly redialsMs: readonly number[];
  /** How they answer when called back. */
  readonly answers: AnswerManners;
  /** Of the chances of each attempt to call them. */
  readonly seed: number;
}

/** How people answer a callback: shares are probabilities, and what is left is a person pressing 1. */
export interface AnswerManners {
  readonly busy: number;
  readonly noAnswer: number;
  readonly declined: number;
  readonly machine: number;
  /** Answers and presses nothing. */
  readonly pressesNothing: number;
  readonly choosesLater: number;
  readonly choosesCancel: number;
  readonly hangsUp: number;
  /** Mean time the telephone rings before it is answered. */
  readonly ringMs: number;
}

/** What becomes of one attempt to call somebody. */
export interface Answer {
  readonly what: AnswerKind;
  /** Ringing, or the wait for the carrier's refusal. */
  readonly afterMs: number;
  /** From the answer to the key, or to hanging up. */
  readonly reactsMs: number;
}

export type AnswerKind =
  | Extract<DialCause, 'busy' | 'noAnswer' | 'declined'>
  | 'machine'
  | 'pressesNothing'
  | 'choosesLater'
  | 'choosesCancel'
  | 'hangsUp'
  | 'presses1';

/** Somebody who answers calls. */
export interface AgentScript {
  readonly id: AgentId;
  /** When they are ready, first to last, without overlap. */
  readonly shifts: readonly Span[];
  /** Chance that they do not answer their phone; they are back after `absentMs`. */
  readonly misses: number;
  readonly absentMs: number;
  /** Mean time their phone rings. */
  readonly ringMs: number;
  readonly seed: number;
}

/** From `from` to `to`, which is excluded. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export type Trouble =
  /** No call gets out or in; what is up stays up. */
  | ({ readonly kind: 'trunkOutage' } & Span)
  /** The process dies: every call is lost, and nothing is left but what was stored. */
  | { readonly kind: 'restart'; readonly at: EpochMs; readonly downMs: number }
  /** The phones of these agents are gone; with `loggedOut`, they leave by their own choice. */
  | ({ readonly kind: 'agentsVanish'; readonly agents: readonly AgentId[] } & Span);
