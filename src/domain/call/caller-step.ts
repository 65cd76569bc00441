import { isCallbackOffered } from '../callback/offer.ts';
import { isOpen } from '../hours/hours.ts';
import type { AgentId, EpochMs, HoursId, PromptId, QueueId } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';
import { type DialogueEvent, prompts } from '../ivr/dialogue.ts';
import type { MenuAction } from '../ivr/menu.ts';
import { beginMenu, type MenuStep, stepMenu } from '../ivr/menu-dialogue.ts';
import { beginOffer, type OfferStep, stepOffer } from '../ivr/offer-dialogue.ts';
import type { Utterance } from '../ivr/speech.ts';
import type { CallOutcome } from './call-record.ts';
import type {
  Caller,
  CallerContext,
  CallerEffect,
  CallerEvent,
  CallerState,
  LineView,
} from './caller.ts';

export interface CallerStep {
  readonly caller: Caller;
  readonly effects: readonly CallerEffect[];
}

/**
 * Moves a caller by one event. Total: what comes too late for the state is ignored, because a
 * caller can hang up, press a key or be assigned at any moment.
 */
export function stepCaller(
  caller: Caller,
  event: CallerEvent,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  if (caller.state.phase === 'ended') return stay(caller);
  switch (event.type) {
    case 'hungUp':
      return hangUp(caller, caller.state, event.by);
    case 'mediaFailed':
      return end(caller, 'failed', [...leavingEffects(caller.state), { type: 'hangUp' }]);
    case 'answered':
      return arrive(caller, context, now);
    case 'said':
    case 'silence':
    case 'key':
      return converse(caller, event, context, now);
    case 'joined':
      return caller.state.phase === 'joining'
        ? settleInLine(caller, caller.state.queue, event.line, context)
        : stay(caller);
    case 'lineFull':
      return turnAway(caller, context);
    case 'announceDue':
      return announce(caller, event);
    case 'ticketRegistered':
      return caller.state.phase === 'saving'
        ? lastWords(caller, prompts('ticket-confirmed'), 'ticketTaken')
        : stay(caller);
    case 'ticketFailed':
      return caller.state.phase === 'saving'
        ? hold(caller, caller.state.queue, prompts('ticket-failed'))
        : stay(caller);
    case 'assigned':
      return meetAgent(caller, event.agentId);
    case 'agentMissed':
      return loseAgent(caller, context);
    case 'talking':
      return caller.state.phase === 'ringing'
        ? { caller: { ...caller, state: { ...caller.state, phase: 'talking' } }, effects: [] }
        : stay(caller);
    case 'conversationEnded':
      return end(caller, 'served', [{ type: 'hangUp' }]);
  }
}

function arrive(caller: Caller, context: CallerContext, now: EpochMs): CallerStep {
  const { entryPoint } = context;
  if (!openNow(context, entryPoint.hours, now)) {
    return lastWords(caller, prompts(...entryPoint.closedPrompts), 'closed');
  }
  return enterMenu(caller, entryPoint.menu, entryPoint.greeting, context);
}

function enterMenu(
  caller: Caller,
  menuId: string,
  before: readonly PromptId[],
  context: CallerContext,
): CallerStep {
  const menu = context.menus.get(menuId);
  if (menu === undefined) throw new IllegalMove('caller', caller.state.phase, `menu ${menuId}`);
  return inMenu(beginMenu(menu, before, caller.turn + 1));
}

function inMenu(step: MenuStep): CallerStep {
  const { turn } = step.dialogue;
  return { caller: { turn, state: { phase: 'menu', menu: step.dialogue } }, effects: step.effects };
}

function converse(
  caller: Caller,
  event: DialogueEvent,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  const { state } = caller;
  switch (state.phase) {
    case 'menu': {
      const step = stepMenu(state.menu, event);
      const moved = inMenu(step);
      return step.action === undefined
        ? moved
        : takeAction(moved.caller, step.action, context, now);
    }
    case 'offer':
      return takeOffer(state.queue, stepOffer(state.offer, event, context.checkNumber), context);
    case 'holding':
      return isCurrent(caller, event)
        ? musicUntilAnnouncement(caller, state, context)
        : stay(caller);
    case 'ringing':
      return isCurrent(caller, event) ? { caller, effects: [{ type: 'music' }] } : stay(caller);
    case 'lastWords':
      return isCurrent(caller, event)
        ? end(caller, state.outcome, [{ type: 'hangUp' }])
        : stay(caller);
    case 'arriving':
    case 'joining':
    case 'saving':
    case 'talking':
    case 'ended':
      return stay(caller);
  }
}

function isCurrent(caller: Caller, event: DialogueEvent): boolean {
  return event.type === 'said' && event.turn === caller.turn;
}

function takeAction(
  caller: Caller,
  action: MenuAction,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  switch (action.to) {
    case 'menu':
      return enterMenu(caller, action.menu, [], context);
    case 'repeat':
      return caller.state.phase === 'menu'
        ? enterMenu(caller, caller.state.menu.menu.id, [], context)
        : stay(caller);
    case 'hangUp':
      return lastWords(caller, prompts(...action.prompts), 'abandonedInMenu');
    case 'queue': {
      const queue = context.queues.get(action.queue);
      if (queue === undefined) throw new IllegalMove('caller', 'menu', `queue ${action.queue}`);
      if (!openNow(context, queue.hours, now)) {
        return lastWords(caller, prompts(...context.entryPoint.closedPrompts), 'closed');
      }
      return {
        caller: { ...caller, state: { phase: 'joining', queue: queue.id } },
        effects: [{ type: 'joinLine', queue: queue.id }],
      };
    }
  }
}

/** In line: the offer if the wait is long, else hold. */
function settleInLine(
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

function takeOffer(queue: QueueId, step: OfferStep, context: CallerContext): CallerStep {
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
    caller: { ...moved.caller, state: { phase: 'saving', queue } },
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

function musicUntilAnnouncement(
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

function announce(
  caller: Caller,
  event: Extract<CallerEvent, { type: 'announceDue' }>,
): CallerStep {
  const { state } = caller;
  if (state.phase !== 'holding' || event.turn !== caller.turn) return stay(caller);
  return hold(caller, state.queue, [
    ...prompts('position-intro'),
    { say: 'number', value: event.line.ahead + 1 },
    ...prompts('wait-intro'),
    { say: 'wait', waitSeconds: event.line.waitSeconds },
  ]);
}

function meetAgent(caller: Caller, agentId: AgentId): CallerStep {
  const { state } = caller;
  switch (state.phase) {
    case 'holding':
      return {
        caller: { ...caller, state: { phase: 'ringing', queue: state.queue, agentId } },
        effects: [{ type: 'ringAgent', agentId }],
      };
    case 'joining':
    case 'offer': {
      const turn = caller.turn + 1;
      return {
        caller: { turn, state: { phase: 'ringing', queue: state.queue, agentId } },
        effects: [
          { type: 'ringAgent', agentId },
          { type: 'say', turn, utterances: prompts('connecting') },
        ],
      };
    }
    case 'arriving':
    case 'menu':
    case 'saving':
    case 'ringing':
    case 'talking':
    case 'lastWords':
    case 'ended':
      // While a ticket is being saved it takes the caller's place, and the agent is freed with it.
      return stay(caller);
  }
}

/** The agent did not answer: back on hold, the music still playing. */
function loseAgent(caller: Caller, context: CallerContext): CallerStep {
  if (caller.state.phase !== 'ringing') return stay(caller);
  const { queue } = caller.state;
  return {
    caller: { ...caller, state: held(queue) },
    effects: [announceLater(caller, queue, context)],
  };
}

function turnAway(caller: Caller, context: CallerContext): CallerStep {
  if (caller.state.phase !== 'joining') return stay(caller);
  const words = context.queues.get(caller.state.queue)?.hold.fullPrompts ?? ['queue-full'];
  return lastWords(caller, prompts(...words), 'turnedAway');
}

function lastWords(
  caller: Caller,
  utterances: readonly Utterance[],
  outcome: CallOutcome,
): CallerStep {
  const turn = caller.turn + 1;
  return {
    caller: { turn, state: { phase: 'lastWords', outcome } },
    effects: [{ type: 'say', turn, utterances }],
  };
}

function hangUp(caller: Caller, state: CallerState, by: 'party' | 'us' | 'failure'): CallerStep {
  return end(caller, by === 'failure' ? 'failed' : outcomeAt(state), leavingEffects(state));
}

function outcomeAt(state: CallerState): CallOutcome {
  switch (state.phase) {
    case 'arriving':
    case 'menu':
      return 'abandonedInMenu';
    case 'joining':
    case 'offer':
    case 'holding':
    case 'ringing':
      return 'abandonedOnHold';
    case 'saving':
      // The key was pressed: the ticket is kept (or its failure logged) though nobody hears of it.
      return 'ticketTaken';
    case 'talking':
      return 'served';
    case 'lastWords':
    case 'ended':
      return state.outcome;
  }
}

/** What must be undone when the caller goes away. */
function leavingEffects(state: CallerState): readonly CallerEffect[] {
  switch (state.phase) {
    case 'joining':
    case 'offer':
    case 'holding':
      return [{ type: 'leaveLine' }];
    case 'ringing':
      return [{ type: 'stopRinging' }, { type: 'leaveLine' }];
    case 'talking':
      return [{ type: 'endConversation' }];
    case 'arriving':
    case 'menu':
    case 'saving':
    case 'lastWords':
    case 'ended':
      return [];
  }
}

function end(caller: Caller, outcome: CallOutcome, effects: readonly CallerEffect[]): CallerStep {
  return {
    caller: { ...caller, state: { phase: 'ended', outcome } },
    effects: [...effects, { type: 'ended', outcome }],
  };
}

function openNow(context: CallerContext, hoursId: HoursId, now: EpochMs): boolean {
  const hours = context.hours.get(hoursId);
  return hours === undefined || isOpen(hours, now);
}

function stay(caller: Caller): CallerStep {
  return { caller, effects: [] };
}
