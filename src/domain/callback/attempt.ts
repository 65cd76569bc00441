import type { DialCause } from '../call/failure.ts';
import type { AgentId, PromptId } from '../ids.ts';
import { type DialogueEffect, type DialogueEvent, prompts } from '../ivr/dialogue.ts';
import type { Utterance } from '../ivr/speech.ts';
import type { CallbackSettings } from './settings.ts';
import type { AttemptCause } from './ticket.ts';

/** A customer who was reached, and not now. */
type CustomerChoice = Extract<AttemptCause, 'choseLater' | 'choseCancel'>;

/**
 * One attempt to call a customer back, customer first (rows C8, C9).
 *
 *     dialling ──answered──▶ greeting ──1──▶ ringing ──▶ talking ──▶ ended (connected)
 *        │                    │ │  ▲           │  ▲
 *        │              2 or 3│ └──┘ silence   │  │ assigned
 *        │        settling ◀──┤    (repeat)    ▼  │
 *        │             └──▶ lastWords       waiting (for another agent)
 *        ▼                    ▼
 *      ended (busy, no answer, no key, chose later, ...)
 *
 * No agent hears the customer's side before a key proved that a person answered.
 */
type AttemptState =
  | { readonly phase: 'dialling'; readonly agentId: AgentId }
  | { readonly phase: 'greeting'; readonly agentId: AgentId; readonly timesSaid: number }
  | { readonly phase: 'ringing'; readonly agentId: AgentId }
  | { readonly phase: 'waiting' }
  | { readonly phase: 'talking' }
  /** What the customer chose is on its way to the disk; only then it is promised. */
  | { readonly phase: 'settling'; readonly cause: CustomerChoice }
  | { readonly phase: 'lastWords'; readonly cause: AttemptCause }
  | { readonly phase: 'ended' };

export interface Attempt {
  readonly state: AttemptState;
  readonly turn: number;
}

export interface AttemptContext {
  readonly settings: CallbackSettings;
  /** Name of the number that the customer had dialled. */
  readonly namePrompt: PromptId;
}

export type AttemptEvent =
  | { readonly type: 'answered' }
  | { readonly type: 'dialFailed'; readonly cause: DialCause }
  | DialogueEvent
  /** What the customer chose is on disk, or could not be kept. */
  | { readonly type: 'settled'; readonly kept: boolean }
  | { readonly type: 'agentMissed' }
  | { readonly type: 'assigned'; readonly agentId: AgentId }
  | { readonly type: 'talking' }
  | { readonly type: 'conversationEnded' }
  | { readonly type: 'hungUp'; readonly by: 'party' | 'us' | 'failure' }
  | { readonly type: 'mediaFailed' };

export type AttemptEffect =
  | DialogueEffect
  | { readonly type: 'music' }
  /** A person answered and wants to be connected. */
  | { readonly type: 'confirmed' }
  /** Keep what the customer chose, then post `settled`. */
  | { readonly type: 'settle'; readonly cause: CustomerChoice }
  | { readonly type: 'ringAgent'; readonly agentId: AgentId }
  | { readonly type: 'stopRinging' }
  | { readonly type: 'endConversation' }
  | { readonly type: 'hangUp' }
  | { readonly type: 'ended'; readonly cause: AttemptCause | 'connected' };

export interface AttemptStep {
  readonly attempt: Attempt;
  readonly effects: readonly AttemptEffect[];
}

/** A new attempt; the customer's telephone is being called. */
export function beginAttempt(agentId: AgentId): Attempt {
  return { state: { phase: 'dialling', agentId }, turn: 0 };
}

/** Moves an attempt by one event. Total: what comes too late for the state is ignored. */
export function stepAttempt(
  attempt: Attempt,
  event: AttemptEvent,
  context: AttemptContext,
): AttemptStep {
  const { state } = attempt;
  if (state.phase === 'ended') return stay(attempt);
  switch (event.type) {
    case 'answered':
      return state.phase === 'dialling' ? greet(attempt, state.agentId, 1, context) : stay(attempt);
    case 'dialFailed':
      return state.phase === 'dialling' ? end(attempt, event.cause, []) : stay(attempt);
    case 'said':
    case 'silence':
    case 'key':
      return converse(attempt, event, context);
    case 'settled':
      return state.phase === 'settling' ? promise(attempt, state.cause, event.kept) : stay(attempt);
    case 'agentMissed':
      return state.phase === 'ringing' ? moved(attempt, { phase: 'waiting' }, []) : stay(attempt);
    case 'assigned':
      return state.phase === 'waiting' ? ringAgent(attempt, event.agentId) : stay(attempt);
    case 'talking':
      return state.phase === 'ringing' ? moved(attempt, { phase: 'talking' }, []) : stay(attempt);
    case 'conversationEnded':
      return end(attempt, 'connected', [{ type: 'hangUp' }]);
    case 'hungUp':
      return end(attempt, hangUpCause(state, event.by), leavingEffects(state));
    case 'mediaFailed':
      // In talk nothing has to be said any more.
      return state.phase === 'talking'
        ? stay(attempt)
        : end(attempt, hangUpCause(state, 'failure'), [
            ...leavingEffects(state),
            { type: 'hangUp' },
          ]);
  }
}

function greet(
  attempt: Attempt,
  agentId: AgentId,
  timesSaid: number,
  context: AttemptContext,
): AttemptStep {
  const turn = attempt.turn + 1;
  const utterances = prompts(
    'callback-intro',
    context.namePrompt,
    'callback-intro-2',
    'callback-keys',
  );
  return {
    attempt: { state: { phase: 'greeting', agentId, timesSaid }, turn },
    effects: [{ type: 'say', turn, utterances }],
  };
}

function converse(attempt: Attempt, event: DialogueEvent, context: AttemptContext): AttemptStep {
  const { state } = attempt;
  if (event.type !== 'key' && event.turn !== attempt.turn) return stay(attempt);
  switch (state.phase) {
    case 'greeting':
      return atGreeting(attempt, state, event, context);
    case 'ringing':
    case 'waiting':
      return event.type === 'said' ? { attempt, effects: [{ type: 'music' }] } : stay(attempt);
    case 'lastWords':
      return event.type === 'said'
        ? end(attempt, state.cause, [{ type: 'hangUp' }])
        : stay(attempt);
    case 'dialling':
    case 'settling':
    case 'talking':
    case 'ended':
      return stay(attempt);
  }
}

function atGreeting(
  attempt: Attempt,
  state: AttemptState & { phase: 'greeting' },
  event: DialogueEvent,
  context: AttemptContext,
): AttemptStep {
  if (event.type === 'said') {
    const afterMs = context.settings.dial.confirmSeconds * 1000;
    return { attempt, effects: [{ type: 'awaitKey', turn: attempt.turn, afterMs }] };
  }
  if (event.type === 'silence') {
    return state.timesSaid < context.settings.dial.confirmTries
      ? greet(attempt, state.agentId, state.timesSaid + 1, context)
      : lastWords(attempt, 'noKey', prompts('callback-no-key'));
  }
  switch (event.key) {
    case '1': {
      const ringing = ringAgent(attempt, state.agentId);
      const turn = attempt.turn + 1;
      return {
        attempt: { ...ringing.attempt, turn },
        effects: [
          { type: 'confirmed' },
          ...ringing.effects,
          { type: 'say', turn, utterances: prompts('callback-wait') },
        ],
      };
    }
    case '2':
      return settle(attempt, 'choseLater');
    case '3':
      return settle(attempt, 'choseCancel');
    default:
      return stay(attempt);
  }
}

function settle(attempt: Attempt, cause: CustomerChoice): AttemptStep {
  return moved(attempt, { phase: 'settling', cause }, [
    { type: 'hush' },
    { type: 'settle', cause },
  ]);
}

function promise(attempt: Attempt, cause: CustomerChoice, kept: boolean): AttemptStep {
  const promised = cause === 'choseLater' ? 'callback-later' : 'callback-cancelled';
  return lastWords(attempt, cause, prompts(kept ? promised : 'service-error'));
}

function ringAgent(attempt: Attempt, agentId: AgentId): AttemptStep {
  return moved(attempt, { phase: 'ringing', agentId }, [{ type: 'ringAgent', agentId }]);
}

function lastWords(
  attempt: Attempt,
  cause: AttemptCause,
  utterances: readonly Utterance[],
): AttemptStep {
  const turn = attempt.turn + 1;
  return {
    attempt: { state: { phase: 'lastWords', cause }, turn },
    effects: [{ type: 'say', turn, utterances }],
  };
}

function hangUpCause(
  state: AttemptState,
  by: 'party' | 'us' | 'failure',
): AttemptCause | 'connected' {
  if (state.phase === 'talking') return 'connected';
  if (state.phase === 'settling' || state.phase === 'lastWords') return state.cause;
  return by === 'party' ? 'hungUp' : 'ourFailure';
}

function leavingEffects(state: AttemptState): readonly AttemptEffect[] {
  if (state.phase === 'ringing') return [{ type: 'stopRinging' }];
  if (state.phase === 'talking') return [{ type: 'endConversation' }];
  return [];
}

function end(
  attempt: Attempt,
  cause: AttemptCause | 'connected',
  effects: readonly AttemptEffect[],
): AttemptStep {
  return moved(attempt, { phase: 'ended' }, [...effects, { type: 'ended', cause }]);
}

function moved(
  attempt: Attempt,
  state: AttemptState,
  effects: readonly AttemptEffect[],
): AttemptStep {
  return { attempt: { ...attempt, state }, effects };
}

function stay(attempt: Attempt): AttemptStep {
  return { attempt, effects: [] };
}
