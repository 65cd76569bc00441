import { isCallbackOffered } from '../callback/offer.ts';
import type { AgentId, EpochMs, QueueId } from '../ids.ts';
import { prompts } from '../ivr/dialogue.ts';
import { beginOffer, type OfferStep } from '../ivr/offer-dialogue.ts';
import type { Utterance } from '../ivr/speech.ts';
import {
  type Caller,
  type CallerContext,
  type CallerEffect,
  type CallerEvent,
  type CallerState,
  type CallerStep,
  type LineView,
  openNow,
} from './caller.ts';
import { end, lastWords, stay } from './caller-leaving.ts';

/** In line: the offer if the wait is long, else hold. */
export function settleInLine(
  caller: Caller,
  queueId: QueueId,
  line: LineView,
  context: CallerContext,
): CallerStep {
  const settings = context.queues.get(queueId);
  if (settings === undefined || !isCallbackOffered(settings.callback, line)) {
    return hold(caller, queueId, line.waitSeconds > 0 ? prompts('hold-intro') : []);
  }
  return inOffer(queueId, beginOffer(context.ani, caller.turn + 1));
}

function inOffer(queue: QueueId, step: OfferStep): CallerStep {
  const { turn } = step.dialogue;
  return {
    caller: { turn, state: { phase: 'offer', queue, offer: step.dialogue } },
    effects: step.effects,
  };
}

export function takeOffer(queue: QueueId, step: OfferStep, context: CallerContext): CallerStep {
  const moved = inOffer(queue, step);
  const { outcome } = step;
  if (outcome === undefined) return moved;
  if (outcome.result === 'declined') {
    return hold(
      moved.caller,
      queue,
      outcome.say.length > 0 ? outcome.say : prompts('back-on-hold'),
    );
  }
  if (!context.checkNumber(outcome.number).ok) {
    return hold(moved.caller, queue, prompts('number-invalid', 'back-on-hold'));
  }
  const { number, consent } = outcome;
  return {
    caller: { ...moved.caller, state: { phase: 'saving', queue, agentId: undefined } },
    effects: [{ type: 'hush' }, { type: 'registerTicket', number, consent }],
  };
}

function hold(caller: Caller, queue: QueueId, words: readonly Utterance[]): CallerStep {
  const turn = caller.turn + 1;
  // Said even when empty: its end brings the music.
  return {
    caller: { turn, state: held(queue) },
    effects: [{ type: 'say', turn, utterances: words }],
  };
}

function held(queue: QueueId): CallerState {
  return { phase: 'holding', queue };
}

export function musicUntilAnnouncement(
  caller: Caller,
  state: CallerState & { phase: 'holding' },
  context: CallerContext,
): CallerStep {
  return { caller, effects: [{ type: 'music' }, announceLater(caller, state.queue, context)] };
}

function announceLater(caller: Caller, queue: QueueId, context: CallerContext): CallerEffect {
  const seconds = context.queues.get(queue)?.hold.announceEverySeconds ?? 60;
  return { type: 'announceAfter', turn: caller.turn, afterMs: seconds * 1000 };
}

export function announce(
  caller: Caller,
  event: Extract<CallerEvent, { type: 'announceDue' }>,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  const { state } = caller;
  if (state.phase !== 'holding' || event.turn !== caller.turn) return stay(caller);
  if (isOverForToday(state.queue, event.line, context, now)) {
    const closed = lastWords(caller, prompts(...context.entryPoint.closedPrompts), 'closed');
    return { caller: closed.caller, effects: [{ type: 'leaveLine' }, ...closed.effects] };
  }
  return hold(caller, state.queue, [
    ...prompts('position-intro'),
    { say: 'number', value: event.line.ahead + 1 },
    ...prompts('wait-intro'),
    { say: 'wait', waitSeconds: event.line.waitSeconds },
  ]);
}

/** The queue has closed and nobody is left to answer: holding on is of no use. */
function isOverForToday(
  queueId: QueueId,
  line: LineView,
  context: CallerContext,
  now: EpochMs,
): boolean {
  const queue = context.queues.get(queueId);
  const nobodyAnswers = line.waitSeconds === Number.POSITIVE_INFINITY;
  return nobodyAnswers && queue !== undefined && !openNow(context, queue.hours, now);
}

export function meetAgent(caller: Caller, agentId: AgentId): CallerStep {
  const { state } = caller;
  switch (state.phase) {
    case 'holding':
      return {
        caller: { ...caller, state: { phase: 'ringing', queue: state.queue, agentId } },
        effects: [{ type: 'ringAgent', agentId }],
      };
    case 'joining':
    case 'offer':
      return connecting(caller, state.queue, agentId);
    case 'saving':
      // Once saved, the ticket takes the caller's place and the agent is free again.
      return { caller: { ...caller, state: { ...state, agentId } }, effects: [] };
    case 'savingUnheard':
    case 'arriving':
    case 'menu':
    case 'ringing':
    case 'talking':
    case 'lastWords':
    case 'ended':
      return stay(caller);
  }
}

function connecting(caller: Caller, queue: QueueId, agentId: AgentId): CallerStep {
  const turn = caller.turn + 1;
  return {
    caller: { turn, state: { phase: 'ringing', queue, agentId } },
    effects: [
      { type: 'ringAgent', agentId },
      { type: 'say', turn, utterances: prompts('connecting') },
    ],
  };
}

export function ticketRegistered(caller: Caller): CallerStep {
  switch (caller.state.phase) {
    case 'saving':
      return lastWords(caller, prompts('ticket-confirmed'), 'ticketTaken');
    case 'savingUnheard':
      return end(caller, 'ticketTaken', []);
    default:
      return stay(caller);
  }
}

/** The ticket was not kept: the caller keeps the place, or is with the agent kept meanwhile. */
export function ticketFailed(caller: Caller): CallerStep {
  const { state } = caller;
  switch (state.phase) {
    case 'saving':
      return state.agentId === undefined
        ? hold(caller, state.queue, prompts('ticket-failed'))
        : connecting(caller, state.queue, state.agentId);
    case 'savingUnheard':
      return end(caller, 'failed', [{ type: 'leaveLine' }]);
    default:
      return stay(caller);
  }
}

/** The agent did not answer: back on hold, the music still playing. */
export function loseAgent(caller: Caller, context: CallerContext): CallerStep {
  if (caller.state.phase !== 'ringing') return stay(caller);
  const { queue } = caller.state;
  return {
    caller: { ...caller, state: held(queue) },
    effects: [announceLater(caller, queue, context)],
  };
}

export function turnAway(caller: Caller, context: CallerContext): CallerStep {
  if (caller.state.phase !== 'joining') return stay(caller);
  const words = context.queues.get(caller.state.queue)?.hold.fullPrompts ?? ['queue-full'];
  return lastWords(caller, prompts(...words), 'turnedAway');
}

export function loseQueue(caller: Caller, context: CallerContext): CallerStep {
  if (caller.state.phase !== 'joining') return stay(caller);
  return lastWords(caller, prompts(...context.entryPoint.closedPrompts), 'closed');
}
