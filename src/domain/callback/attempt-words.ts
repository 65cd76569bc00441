import type { EpochMs } from '../ids.ts';
import { type DialogueEvent, prompts } from '../ivr/dialogue.ts';
import { isDigit, type Key } from '../ivr/keys.ts';
import { USUAL_KEYS } from '../ivr/listener.ts';
import type { Utterance } from '../ivr/speech.ts';
import { classifyAnswer } from './answer-class.ts';
import type {
  Attempt,
  AttemptContext,
  AttemptEffect,
  AttemptEvent,
  AttemptState,
  AttemptStep,
  CustomerChoice,
  KeptAgent,
} from './attempt.ts';
import type { AttemptCause } from './ticket.ts';

/** Silence after the question in how many minutes, twice, means this. */
const USUAL_LATER_MINUTES = 30;
const LATER_TIMEOUT_MS = 6_000;
const LATER_TRIES = 2;
/** Who presses keys without meaning is asked this often. */
const LATER_TRIES_BY_KEY = 5;
/** Leads to a person, as everywhere. */
const PERSON = USUAL_KEYS.person;
/** Key 1 is ten minutes, key 9 is ninety. */
const MINUTES_A_KEY = 10;

type Greeting = AttemptState & { readonly phase: 'greeting' };
type Later = AttemptState & { readonly phase: 'later' };

/** Who calls, why, that it is recorded, and what the keys do. */
export function greet(
  attempt: Attempt,
  known: Pick<Greeting, 'agent' | 'answeredAt' | 'signs'>,
  timesSaid: number,
  context: AttemptContext,
): AttemptStep {
  const code: readonly Utterance[] =
    context.code === undefined
      ? []
      : [...prompts('callback-code-intro'), { say: 'digits', digits: context.code }];
  return say(attempt, { ...known, phase: 'greeting', timesSaid }, [
    ...prompts('callback-intro', context.namePrompt, 'callback-intro-2'),
    ...code,
    ...prompts('notice-on-callback', 'callback-keys'),
  ]);
}

export function atGreeting(
  attempt: Attempt,
  state: Greeting,
  event: DialogueEvent,
  context: AttemptContext,
  now: EpochMs,
): AttemptStep {
  if (event.type === 'said') {
    const afterMs = context.settings.dial.confirmSeconds * 1000;
    return { attempt, effects: [{ type: 'awaitKey', turn: attempt.turn, afterMs }] };
  }
  if (event.type === 'silence') return unconfirmed(attempt, state, context, now);
  switch (event.key) {
    case '1':
    case PERSON:
      return ringOrWait(attempt, state.agent);
    case '2':
      return askWhen(attempt, state.agent, 1);
    case '3':
      return settle(attempt, { choice: 'cancel' });
    default:
      return stay(attempt);
  }
}

/** No key. What sounds like a machine is not greeted again. */
function unconfirmed(
  attempt: Attempt,
  state: Greeting,
  context: AttemptContext,
  now: EpochMs,
): AttemptStep {
  const { answer } = classifyAnswer(state.signs, state.answeredAt, now);
  if (answer === 'machine') return lastWords(attempt, 'machine', prompts('callback-no-key'));
  return state.timesSaid < context.settings.dial.confirmTries
    ? greet(attempt, state, state.timesSaid + 1, context)
    : lastWords(attempt, 'noKey', prompts('callback-no-key'));
}

function ringOrWait(attempt: Attempt, agent: KeptAgent | undefined): AttemptStep {
  const words = prompts('callback-wait');
  if (agent?.ready !== true) {
    const waiting = say(attempt, { phase: 'waiting', agent, apologised: false }, words);
    return { ...waiting, effects: [{ type: 'confirmed' }, ...waiting.effects] };
  }
  const ringing = say(attempt, { phase: 'ringing', agentId: agent.id, apologised: false }, words);
  return {
    ...ringing,
    effects: [{ type: 'confirmed' }, { type: 'ringAgent', agentId: agent.id }, ...ringing.effects],
  };
}

function askWhen(attempt: Attempt, agent: KeptAgent | undefined, timesSaid: number): AttemptStep {
  return say(attempt, { phase: 'later', agent, timesSaid }, prompts('callback-later-ask'));
}

export function atLater(attempt: Attempt, state: Later, event: DialogueEvent): AttemptStep {
  if (event.type === 'said') {
    const { turn } = attempt;
    const wait = { type: 'awaitKey', turn, afterMs: LATER_TIMEOUT_MS, moreTime: true } as const;
    return { attempt, effects: [wait] };
  }
  if (event.type === 'silence') {
    return state.timesSaid < LATER_TRIES
      ? askWhen(attempt, state.agent, state.timesSaid + 1)
      : settle(attempt, { choice: 'later', minutes: USUAL_LATER_MINUTES });
  }
  if (event.key === PERSON) return ringOrWait(attempt, state.agent);
  const minutes = minutesOf(event.key);
  if (minutes !== undefined) return settle(attempt, { choice: 'later', minutes });
  return state.timesSaid < LATER_TRIES_BY_KEY
    ? askWhen(attempt, state.agent, state.timesSaid + 1)
    : settle(attempt, { choice: 'later', minutes: USUAL_LATER_MINUTES });
}

function minutesOf(key: Key): number | undefined {
  return isDigit(key) && key !== '0' ? Number(key) * MINUTES_A_KEY : undefined;
}

function settle(attempt: Attempt, choice: CustomerChoice): AttemptStep {
  return moved(attempt, { phase: 'settling', choice }, [
    { type: 'hush' },
    { type: 'settle', choice },
  ]);
}

/** Says what was kept, or that it could not be. */
export function promise(
  attempt: Attempt,
  choice: CustomerChoice,
  settled: Extract<AttemptEvent, { type: 'settled' }>,
): AttemptStep {
  const cause = choice.choice === 'later' ? 'choseLater' : 'choseCancel';
  if (!settled.kept) return lastWords(attempt, cause, prompts('service-error'));
  if (choice.choice === 'cancel') return lastWords(attempt, cause, prompts('callback-cancelled'));
  if (!settled.onTime) return lastWords(attempt, cause, prompts('callback-later'));
  return lastWords(attempt, cause, [
    ...prompts('callback-later-intro'),
    { say: 'minutes', value: choice.minutes },
  ]);
}

/** Said, then the attempt ends with `cause`. */
export function lastWords(
  attempt: Attempt,
  cause: AttemptCause,
  utterances: readonly Utterance[],
): AttemptStep {
  return say(attempt, { phase: 'lastWords', cause }, utterances);
}

export function say(
  attempt: Attempt,
  state: AttemptState,
  utterances: readonly Utterance[],
): AttemptStep {
  const turn = attempt.turn + 1;
  return { attempt: { ...attempt, state, turn }, effects: [{ type: 'say', turn, utterances }] };
}

export function moved(
  attempt: Attempt,
  state: AttemptState,
  effects: readonly AttemptEffect[],
): AttemptStep {
  return { attempt: { ...attempt, state }, effects };
}

export function stay(attempt: Attempt): AttemptStep {
  return { attempt, effects: [] };
}
