import type { AgentId, EpochMs, LanguageId } from '../ids.ts';
import { type DialogueEvent, prompts } from '../ivr/dialogue.ts';
import { hear, listenerWith, tell, type UniversalKeys, USUAL_KEYS } from '../ivr/listener.ts';
import { voiceIn } from '../ivr/voice.ts';
import { MAX_SIGNS } from './answer-class.ts';
import type {
  Attempt,
  AttemptContext,
  AttemptEffect,
  AttemptEvent,
  AttemptState,
  AttemptStep,
  KeptAgent,
} from './attempt.ts';
import {
  atGreeting,
  atLater,
  greet,
  lastWords,
  moved,
  promise,
  say,
  stay,
} from './attempt-words.ts';
import type { DialSettings } from './settings.ts';
import type { AttemptCause } from './ticket.ts';

/** Music for an agent who does not come, before the attempt is given up as our failure. */
const LONGEST_WAIT_MS = 180_000;

/** A new attempt: the customer's telephone is called, or first the agent's. */
export function beginAttempt(
  agentId: AgentId,
  ready: boolean,
  order: DialSettings['order'],
  language: LanguageId,
): AttemptStep {
  const listener = listenerWith(voiceIn(language));
  if (order === 'agentFirst') {
    return {
      attempt: { state: { phase: 'summoning', agentId }, turn: 0, listener },
      effects: [{ type: 'summonAgent', agentId }],
    };
  }
  const agent: KeptAgent = { id: agentId, ready };
  return {
    attempt: { state: { phase: 'dialling', agent }, turn: 0, listener },
    effects: [{ type: 'dial' }],
  };
}

/** Moves an attempt by one event. Total: what comes too late for the state is ignored. */
export function stepAttempt(
  attempt: Attempt,
  event: AttemptEvent,
  context: AttemptContext,
  now: EpochMs,
): AttemptStep {
  if (attempt.state.phase === 'ended') return stay(attempt);
  if (event.type !== 'said' && event.type !== 'silence' && event.type !== 'key') {
    return told(move(attempt, event, context, now));
  }
  const heard = hear(attempt.listener, event, universalKeys(attempt.state));
  const listening: Attempt = { ...attempt, listener: heard.listener };
  if (heard.event === undefined) return { attempt: listening, effects: heard.effects };
  return told(converse(listening, heard.event, context, now));
}

/** While something is said; the key for a person counts where something is asked. */
function universalKeys({ phase }: AttemptState): Partial<UniversalKeys> {
  const { repeat, slower } = USUAL_KEYS;
  switch (phase) {
    case 'greeting':
    case 'later':
    case 'waiting':
    case 'lastWords':
      return { repeat, slower };
    case 'summoning':
    case 'dialling':
    case 'settling':
    case 'ringing':
    case 'talking':
    case 'ended':
      return {};
  }
}

/** Notes what is said, for who wants to hear it again. */
function told(step: AttemptStep): AttemptStep {
  const { listener, effects } = tell<AttemptEffect>(step.attempt.listener, step.effects);
  return { attempt: { ...step.attempt, listener }, effects };
}

function move(
  attempt: Attempt,
  event: Exclude<AttemptEvent, DialogueEvent>,
  context: AttemptContext,
  now: EpochMs,
): AttemptStep {
  const { state } = attempt;
  switch (event.type) {
    case 'agentAnswered':
      return state.phase === 'summoning' ? dialFor(attempt, state.agentId) : stay(attempt);
    case 'agentGone':
      return loseAgent(attempt, state);
    case 'answered':
      return state.phase === 'dialling'
        ? listening(greet(attempt, { agent: state.agent, answeredAt: now, signs: [] }, 1, context))
        : stay(attempt);
    case 'dialFailed':
      return state.phase === 'dialling' || state.phase === 'summoning'
        ? end(attempt, event.cause, [])
        : stay(attempt);
    case 'heard':
      return hearSign(attempt, state, event);
    case 'ttyHeard':
      // Who can not hear the greeting answers by typing.
      return state.phase === 'greeting' && context.isTty
        ? atGreeting(attempt, state, { type: 'key', key: '1' }, context, now)
        : stay(attempt);
    case 'settled':
      return state.phase === 'settling' ? promise(attempt, state.choice, event) : stay(attempt);
    case 'agentMissed':
      return state.phase === 'ringing' ? apologise(attempt) : stay(attempt);
    case 'assigned':
      return meetAgent(attempt, state, { id: event.agentId, ready: event.ready });
    case 'agentReady':
      return agentReady(attempt, state, event.agentId);
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

function listening(step: AttemptStep): AttemptStep {
  return { ...step, effects: [{ type: 'listen' }, ...step.effects] };
}

function dialFor(attempt: Attempt, agentId: AgentId): AttemptStep {
  const agent: KeptAgent = { id: agentId, ready: true };
  return moved(attempt, { phase: 'dialling', agent }, [{ type: 'dial' }]);
}

/** Agent first, and the agent is not there any more: who has answered waits for another. */
function loseAgent(attempt: Attempt, state: AttemptState): AttemptStep {
  switch (state.phase) {
    case 'summoning':
      return end(attempt, 'withdrawn', []);
    case 'dialling':
      return end(attempt, 'withdrawn', [{ type: 'hangUp' }]);
    case 'greeting':
    case 'later':
    case 'waiting':
      return moved(attempt, { ...state, agent: undefined }, []);
    case 'ringing':
    case 'talking':
    case 'settling':
    case 'lastWords':
    case 'ended':
      return stay(attempt);
  }
}

function meetAgent(attempt: Attempt, state: AttemptState, agent: KeptAgent): AttemptStep {
  switch (state.phase) {
    case 'waiting':
      return agent.ready
        ? moved(attempt, { phase: 'ringing', agentId: agent.id, apologised: state.apologised }, [
            { type: 'ringAgent', agentId: agent.id },
          ])
        : moved(attempt, { ...state, agent }, []);
    case 'greeting':
    case 'later':
    case 'dialling':
      return moved(attempt, { ...state, agent }, []);
    case 'summoning':
    case 'ringing':
    case 'talking':
    case 'settling':
    case 'lastWords':
    case 'ended':
      return stay(attempt);
  }
}

function agentReady(attempt: Attempt, state: AttemptState, agentId: AgentId): AttemptStep {
  return meetAgent(attempt, state, { id: agentId, ready: true });
}

/** Remembered, for when no key comes: what sounds like a machine is not greeted again. */
function hearSign(
  attempt: Attempt,
  state: AttemptState,
  event: Extract<AttemptEvent, { type: 'heard' }>,
): AttemptStep {
  if (state.phase !== 'greeting' || state.signs.length >= MAX_SIGNS) return stay(attempt);
  const signs = [...state.signs, event.sign];
  return moved(attempt, { ...state, signs }, []);
}

function converse(
  attempt: Attempt,
  event: DialogueEvent,
  context: AttemptContext,
  now: EpochMs,
): AttemptStep {
  const { state } = attempt;
  if (event.type !== 'key' && event.turn !== attempt.turn) return stay(attempt);
  switch (state.phase) {
    case 'greeting':
      return atGreeting(attempt, state, event, context, now);
    case 'later':
      return atLater(attempt, state, event);
    case 'ringing':
      return event.type === 'said' ? { attempt, effects: [{ type: 'music' }] } : stay(attempt);
    case 'waiting':
      return keepWaiting(attempt, state, event);
    case 'lastWords':
      return event.type === 'said'
        ? end(attempt, state.cause, [{ type: 'hangUp' }])
        : stay(attempt);
    case 'summoning':
    case 'dialling':
    case 'settling':
    case 'talking':
    case 'ended':
      return stay(attempt);
  }
}

/**
 * Still no agent when "please hold" has been said: an apology, once, and music. If nobody comes, as
 * when all went on break, they are called again: nobody listens to music for ever.
 */
function keepWaiting(
  attempt: Attempt,
  state: AttemptState & { phase: 'waiting' },
  event: DialogueEvent,
): AttemptStep {
  switch (event.type) {
    case 'key':
      return stay(attempt);
    case 'silence':
      return lastWords(attempt, 'ourFailure', prompts('callback-later'));
    case 'said': {
      if (!state.apologised) {
        return say(attempt, { ...state, apologised: true }, prompts('callback-apology'));
      }
      const { turn } = attempt;
      return {
        attempt,
        effects: [{ type: 'music' }, { type: 'awaitKey', turn, afterMs: LONGEST_WAIT_MS }],
      };
    }
  }
}

/** The agent did not answer: the customer is the next in line. */
function apologise(attempt: Attempt): AttemptStep {
  return say(
    attempt,
    { phase: 'waiting', agent: undefined, apologised: true },
    prompts('callback-apology'),
  );
}

function hangUpCause(
  state: AttemptState,
  by: 'party' | 'us' | 'failure',
): AttemptCause | 'connected' {
  switch (state.phase) {
    case 'talking':
      return 'connected';
    case 'settling':
      return state.choice.choice === 'later' ? 'choseLater' : 'choseCancel';
    case 'lastWords':
      return state.cause;
    case 'waiting':
    case 'ringing':
      // Who was there, and gave up because no agent came.
      return by === 'party' && !state.apologised ? 'hungUp' : 'ourFailure';
    case 'summoning':
    case 'dialling':
    case 'greeting':
    case 'later':
    case 'ended':
      return by === 'party' ? 'hungUp' : 'ourFailure';
  }
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
