import type { DialCause } from '../call/failure.ts';
import type { AgentId, EpochMs, LanguageId, PromptId } from '../ids.ts';
import type { DialogueEffect, DialogueEvent } from '../ivr/dialogue.ts';
import type { Listener } from '../ivr/listener.ts';
import type { AnswerSign } from './answer-class.ts';
import type { CallbackSettings } from './settings.ts';
import type { AttemptCause } from './ticket.ts';

/**
 * One attempt to call a customer back, customer first or agent first.
 *
 *     summoning ──agent answered──▶ dialling ──answered──▶ greeting ──1──▶ ringing ──▶ talking ──▶ ended
 *     (agent first)                    │                    │  ▲ │           │  ▲
 *                                      │           2 or 3 ┌─┘  └─┘ silence   │  │ assigned, agent ready
 *                                      │                  ▼                  ▼  │
 *                                      │   later ─▶ settling ─▶ lastWords   waiting
 *                                      ▼                           ▼
 *                                    ended (busy, no answer, machine, chose later, ...)
 *
 * No agent hears the customer's side before a key proved that a person answered.
 */
export type AttemptState =
  | { readonly phase: 'summoning'; readonly agentId: AgentId }
  | { readonly phase: 'dialling'; readonly agent: KeptAgent | undefined }
  | {
      readonly phase: 'greeting';
      readonly agent: KeptAgent | undefined;
      readonly timesSaid: number;
      readonly answeredAt: EpochMs;
      /** What was heard of the other side, oldest first; at most `MAX_SIGNS`. */
      readonly signs: readonly AnswerSign[];
    }
  /** Asked in how many minutes they want to be called. */
  | {
      readonly phase: 'later';
      readonly agent: KeptAgent | undefined;
      readonly timesSaid: number;
    }
  /** `apologised`: another agent did not come before. */
  | { readonly phase: 'ringing'; readonly agentId: AgentId; readonly apologised: boolean }
  | {
      readonly phase: 'waiting';
      readonly agent: KeptAgent | undefined;
      readonly apologised: boolean;
    }
  | { readonly phase: 'talking' }
  /** What the customer chose is on its way to the disk; only then it is promised. */
  | { readonly phase: 'settling'; readonly choice: CustomerChoice }
  | { readonly phase: 'lastWords'; readonly cause: AttemptCause }
  | { readonly phase: 'ended' };

/** An agent who is kept for the customer; not `ready` while in wrap-up. */
export interface KeptAgent {
  readonly id: AgentId;
  readonly ready: boolean;
}

/** What a customer who was reached wants, if not to be connected. */
export type CustomerChoice =
  | { readonly choice: 'later'; readonly minutes: number }
  | { readonly choice: 'cancel' };

export interface Attempt {
  readonly state: AttemptState;
  readonly turn: number;
  /** How the customer is spoken to, and what was said last. */
  readonly listener: Listener;
}

export interface AttemptContext {
  readonly settings: CallbackSettings;
  /** Name of the number that the customer had dialled. */
  readonly namePrompt: PromptId;
  readonly language: LanguageId;
  /** Said, so that the customer knows who calls. */
  readonly code: string | undefined;
  /** The customer has a text telephone: its tones prove a person as the key does. */
  readonly isTty: boolean;
}

export type AttemptEvent =
  /** Agent first: the agent is on the line. */
  | { readonly type: 'agentAnswered' }
  /** Agent first: the agent is not there, or not any more. */
  | { readonly type: 'agentGone' }
  | { readonly type: 'answered' }
  | { readonly type: 'dialFailed'; readonly cause: DialCause }
  | DialogueEvent
  /** The other side began or ceased to speak, or a machine's beep was heard. */
  | { readonly type: 'heard'; readonly sign: AnswerSign }
  /** The carrier tones of a text telephone were heard. */
  | { readonly type: 'ttyHeard' }
  /** What the customer chose is on disk, or could not be kept. */
  | { readonly type: 'settled'; readonly kept: false }
  /** Not `onTime`: it is night there then, or we are closed, so that no time is promised. */
  | { readonly type: 'settled'; readonly kept: true; readonly onTime: boolean }
  | { readonly type: 'agentMissed' }
  | { readonly type: 'assigned'; readonly agentId: AgentId; readonly ready: boolean }
  /** The wrap-up of the agent who is kept is over. */
  | { readonly type: 'agentReady'; readonly agentId: AgentId }
  | { readonly type: 'talking' }
  | { readonly type: 'conversationEnded' }
  | { readonly type: 'hungUp'; readonly by: 'party' | 'us' | 'failure' }
  | { readonly type: 'mediaFailed' };

export type AttemptEffect =
  | DialogueEffect
  | { readonly type: 'music' }
  /** Agent first: ring the agent, then post `agentAnswered` or `agentGone`. */
  | { readonly type: 'summonAgent'; readonly agentId: AgentId }
  | { readonly type: 'dial' }
  /** Listen for speech and beeps. */
  | { readonly type: 'listen' }
  /** A person answered and wants to be connected. */
  | { readonly type: 'confirmed' }
  /** Keep what the customer chose, then post `settled`. */
  | { readonly type: 'settle'; readonly choice: CustomerChoice }
  /** Bring them together; an agent who is on the line already does not ring. */
  | { readonly type: 'ringAgent'; readonly agentId: AgentId }
  | { readonly type: 'stopRinging' }
  | { readonly type: 'endConversation' }
  | { readonly type: 'hangUp' }
  | { readonly type: 'ended'; readonly cause: AttemptCause | 'connected' };

export interface AttemptStep {
  readonly attempt: Attempt;
  readonly effects: readonly AttemptEffect[];
}
