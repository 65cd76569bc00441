import { chooseOffer, type Offer } from '../callback/offer.ts';
import type { AgentId, EpochMs, QueueId } from '../ids.ts';
import { prompts } from '../ivr/dialogue.ts';
import { beginOffer } from '../ivr/offer-dialogue.ts';
import type { OfferStep, Terms } from '../ivr/offer-state.ts';
import type { Utterance } from '../ivr/speech.ts';
import {
  type Caller,
  type CallerContext,
  type CallerEffect,
  type CallerEvent,
  type CallerState,
  type CallerStep,
  type LineView,
  type NoTicket,
  openNow,
} from './caller.ts';
import { end, lastWords, stay } from './caller-leaving.ts';

/** In line: the offer if the wait is long, else hold. */
export function settleInLine(
  caller: Caller,
  state: CallerState & { phase: 'joining' },
  { line, isBack }: Pick<Extract<CallerEvent, { type: 'joined' }>, 'line' | 'isBack'>,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  const { queue } = state;
  if (isBack) {
    const words = prompts(state.back === 'missed' ? 'welcome-back' : 'back-on-hold');
    return hold(caller, queue, [...words, ...position(line)], now);
  }
  if (context.isRelay || caller.isTty) {
    return hold(caller, queue, [...prompts('relay-welcome'), ...position(line)], now);
  }
  const settings = context.queues.get(queue);
  const kind = settings === undefined ? 'none' : chooseOffer(settings.callback, line, false);
  if (kind !== 'none') return makeOffer(caller, queue, kind, line, context, now);
  return hold(caller, queue, line.waitSeconds > 0 ? prompts('hold-intro') : [], now);
}

/** The caller on hold pressed the key. */
export function offerOnHold(
  caller: Caller,
  line: LineView,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  if (caller.state.phase !== 'holding') return stay(caller);
  const { queue } = caller.state;
  const settings = context.queues.get(queue);
  const kind = settings === undefined ? 'none' : chooseOffer(settings.callback, line, true);
  return kind === 'none'
    ? hold(caller, queue, prompts('registering-off', 'back-on-hold'), now)
    : makeOffer(caller, queue, kind, line, context, now);
}

function makeOffer(
  caller: Caller,
  queue: QueueId,
  kind: Offer,
  line: LineView,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  const terms: Terms = {
    slots: kind === 'slot' ? line.slots : [],
    slot: undefined,
    timeZone: line.timeZone,
    now,
    askCode: context.queues.get(queue)?.callback.dial.askCode ?? false,
  };
  const offer = inOffer(caller, queue, kind, beginOffer(context.ani, terms, caller.turn + 1));
  const { waitSeconds } = line;
  return { ...offer, effects: [{ type: 'offered', waitSeconds }, ...offer.effects] };
}

function inOffer(caller: Caller, queue: QueueId, kind: Offer, step: OfferStep): CallerStep {
  const { turn } = step.dialogue;
  return {
    caller: { ...caller, turn, state: { phase: 'offer', queue, offer: step.dialogue, kind } },
    effects: step.effects,
  };
}

export function takeOffer(
  caller: Caller,
  { queue, kind }: CallerState & { phase: 'offer' },
  step: OfferStep,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  const moved = inOffer(caller, queue, kind, step);
  const { outcome } = step;
  if (outcome === undefined) return moved;
  if (outcome.result === 'declined') {
    const words = [...outcome.say, ...prompts('back-on-hold')];
    const held = hold(moved.caller, queue, words, now);
    return { ...held, effects: [{ type: 'declined' }, ...held.effects] };
  }
  const { number, consent, slot, code } = outcome;
  if (!context.checkNumber(number).ok) {
    return hold(moved.caller, queue, prompts('number-invalid', 'back-on-hold'), now);
  }
  return {
    caller: { ...moved.caller, state: { phase: 'saving', queue, agentId: undefined, kind, code } },
    effects: [{ type: 'hush' }, { type: 'registerTicket', number, consent, slot, code }],
  };
}

function hold(
  caller: Caller,
  queue: QueueId,
  words: readonly Utterance[],
  now: EpochMs,
): CallerStep {
  const turn = caller.turn + 1;
  // Said even when empty: its end brings the music.
  return {
    caller: { ...caller, turn, state: held(queue, now) },
    effects: [{ type: 'say', turn, utterances: words }],
  };
}

function held(queue: QueueId, offeredAt: EpochMs): CallerState {
  return { phase: 'holding', queue, offeredAt };
}

function position(line: LineView): readonly Utterance[] {
  const { ahead, lowSeconds, highSeconds } = line;
  return [
    ...prompts('position-intro'),
    { say: 'number', value: ahead + 1 },
    ...prompts('wait-intro'),
    { say: 'waitRange', lowSeconds, highSeconds },
  ];
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
  const again = offerAgain(state, event.line, context, now);
  const words = [...position(event.line), ...again];
  return hold(caller, state.queue, words, again.length > 0 ? now : state.offeredAt);
}

/** Who holds hears of the offer again at an interval. */
function offerAgain(
  { queue, offeredAt }: CallerState & { phase: 'holding' },
  line: LineView,
  context: CallerContext,
  now: EpochMs,
): readonly Utterance[] {
  const callback = context.queues.get(queue)?.callback;
  if (callback === undefined || callback.offer.againEverySeconds === 0) return [];
  if (now - offeredAt < callback.offer.againEverySeconds * 1000) return [];
  if (chooseOffer(callback, line, false) === 'none') return [];
  return [...prompts('hold-offer-again'), { say: 'key', key: callback.offer.key }];
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
    case 'repeat':
    case 'changingTicket':
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
    caller: { ...caller, turn, state: { phase: 'ringing', queue, agentId } },
    effects: [
      { type: 'ringAgent', agentId },
      { type: 'say', turn, utterances: prompts('connecting') },
    ],
  };
}

export function ticketRegistered(caller: Caller): CallerStep {
  switch (caller.state.phase) {
    case 'saving':
      return lastWords(caller, confirmed(caller.state), 'ticketTaken');
    case 'savingUnheard':
      return end(caller, 'ticketTaken', []);
    default:
      return stay(caller);
  }
}

function confirmed({
  kind,
  code,
}: CallerState & { readonly phase: 'saving' }): readonly Utterance[] {
  const chosen: readonly Utterance[] =
    code === undefined ? [] : [...prompts('code-chosen'), { say: 'digits', digits: code }];
  switch (kind) {
    case 'slot':
      return [...chosen, ...prompts('slot-booked')];
    case 'nextMorning':
      return [...chosen, ...prompts('ticket-next-morning', 'ticket-confirmed')];
    case 'line':
    case 'none':
      return [...chosen, ...prompts('ticket-confirmed')];
  }
}

const FAILED = {
  store: ['ticket-failed'],
  refused: ['number-not-now', 'back-on-hold'],
  slotTaken: ['slot-taken', 'back-on-hold'],
} as const;

/** The ticket was not kept: the caller keeps the place, or is with the agent kept meanwhile. */
export function ticketFailed(caller: Caller, because: NoTicket, now: EpochMs): CallerStep {
  const { state } = caller;
  switch (state.phase) {
    case 'saving':
      if (state.agentId !== undefined) return connecting(caller, state.queue, state.agentId);
      return because === 'alreadyBooked'
        ? keepTheOther(caller)
        : hold(caller, state.queue, prompts(...FAILED[because]), now);
    case 'savingUnheard': {
      const outcome = because === 'alreadyBooked' ? 'ticketKept' : 'failed';
      return end(caller, outcome, [{ type: 'leaveLine' }]);
    }
    default:
      return stay(caller);
  }
}

/** One callback for a number in a queue: the other one came before, and stays. */
function keepTheOther(caller: Caller): CallerStep {
  const kept = lastWords(caller, prompts('repeat-kept'), 'ticketKept');
  return { caller: kept.caller, effects: [{ type: 'leaveLine' }, ...kept.effects] };
}

/** The agent did not answer: back on hold, the music still playing. */
export function loseAgent(caller: Caller, context: CallerContext, now: EpochMs): CallerStep {
  if (caller.state.phase !== 'ringing') return stay(caller);
  const { queue } = caller.state;
  return {
    caller: { ...caller, state: held(queue, now) },
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
