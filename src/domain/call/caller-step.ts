import type { EpochMs, LanguageId, PromptId, QueueId } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';
import { type DialogueEvent, prompts } from '../ivr/dialogue.ts';
import { hear, tell } from '../ivr/listener.ts';
import { type MenuAction, personQueue } from '../ivr/menu.ts';
import { beginMenu, leaving, type MenuStep, stepMenu } from '../ivr/menu-dialogue.ts';
import { stepOffer } from '../ivr/offer-dialogue.ts';
import { stepRepeat } from '../ivr/repeat-dialogue.ts';
import {
  type Caller,
  type CallerContext,
  type CallerEffect,
  type CallerEvent,
  type CallerStep,
  openNow,
} from './caller.ts';
import {
  announce,
  loseAgent,
  loseQueue,
  meetAgent,
  musicUntilAnnouncement,
  offerOnHold,
  settleInLine,
  takeOffer,
  ticketFailed,
  ticketRegistered,
  turnAway,
} from './caller-in-line.ts';
import { offerKey, universalKeys } from './caller-keys.ts';
import { end, hangUp, lastWords, leavingEffects, loseSound, stay } from './caller-leaving.ts';
import {
  askRepeat,
  returnToLine,
  takeRepeat,
  ticketChanged,
  ticketUnchanged,
} from './caller-repeat.ts';

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
  if (event.type !== 'said' && event.type !== 'silence' && event.type !== 'key') {
    return told(move(caller, event, context, now));
  }
  const heard = hear(caller.listener, event, universalKeys(caller.state, context));
  const listening: Caller = { ...caller, listener: heard.listener };
  if (heard.wantsPerson) return told(seekPerson(listening, context, now));
  if (heard.event === undefined) return { caller: listening, effects: heard.effects };
  return told(converse(listening, heard.event, context, now));
}

/** Notes what is said, for who wants to hear it again. */
function told(step: CallerStep): CallerStep {
  const { listener, effects } = tell<CallerEffect>(step.caller.listener, step.effects);
  return { caller: { ...step.caller, listener }, effects };
}

function move(
  caller: Caller,
  event: Exclude<CallerEvent, DialogueEvent>,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  switch (event.type) {
    case 'hungUp':
      return hangUp(caller, caller.state, event.by);
    case 'mediaFailed':
      return loseSound(caller);
    case 'ourFault':
      return apologise(caller);
    case 'answered':
      return arrive(caller, context, now);
    case 'joined':
      return caller.state.phase === 'joining'
        ? settleInLine(caller, caller.state, event, context, now)
        : stay(caller);
    case 'offerAsked':
      return offerOnHold(caller, event.line, context, now);
    case 'ticketChanged':
      return ticketChanged(caller);
    case 'ticketUnchanged':
      return event.because === 'gone'
        ? ticketGone(caller, context)
        : ticketUnchanged(caller, event.because);
    case 'lineFull':
      return turnAway(caller, context);
    case 'queueGone':
      return loseQueue(caller, context);
    case 'announceDue':
      return announce(caller, event, context, now);
    case 'ticketRegistered':
      return ticketRegistered(caller);
    case 'ticketFailed':
      return ticketFailed(caller, event.because, now);
    case 'ttyHeard':
      return noticeTty({ ...caller, isTty: true }, context, now);
    case 'assigned':
      return meetAgent(caller, event.agentId);
    case 'agentMissed':
      return loseAgent(caller, context, now);
    case 'talking':
      return caller.state.phase === 'ringing'
        ? { caller: { ...caller, state: { ...caller.state, phase: 'talking' } }, effects: [] }
        : stay(caller);
    case 'conversationEnded':
      return end(caller, 'served', [{ type: 'hangUp' }]);
  }
}

function apologise(caller: Caller): CallerStep {
  const goodbye = lastWords(caller, prompts('service-error'), 'failed');
  return { ...goodbye, effects: [...leavingEffects(caller.state), ...goodbye.effects] };
}

function arrive(caller: Caller, context: CallerContext, now: EpochMs): CallerStep {
  const { entryPoint } = context;
  if (!openNow(context, entryPoint.hours, now)) {
    return lastWords(caller, prompts(...entryPoint.closedPrompts), 'closed');
  }
  if (context.isRelay && entryPoint.accessible !== undefined) {
    return goToLine(caller, entryPoint.accessible.queue, context, now);
  }
  const { known } = context;
  if (known?.wasMissed === true && isQueueOpen(known.queue, context, now)) {
    return returnToLine(caller, known);
  }
  if (known !== undefined) return askRepeat(caller, known, prompts(...entryPoint.greeting));
  return enterMenu(caller, entryPoint.menu, entryPoint.greeting, context);
}

/** Who has no callback any more calls like anybody else. */
function ticketGone(caller: Caller, context: CallerContext): CallerStep {
  return caller.state.phase === 'changingTicket'
    ? enterMenu(caller, context.entryPoint.menu, ['repeat-gone'], context)
    : stay(caller);
}

function enterMenu(
  caller: Caller,
  menuId: string,
  before: readonly PromptId[],
  context: CallerContext,
): CallerStep {
  const menu = context.menus.get(menuId);
  if (menu === undefined) throw new IllegalMove('caller', caller.state.phase, `menu ${menuId}`);
  const path = caller.state.phase === 'menu' ? caller.state.menu.path : [];
  return inMenu(caller, beginMenu(menu, before, caller.turn + 1, path));
}

function inMenu(caller: Caller, step: MenuStep): CallerStep {
  const { turn, path } = step.dialogue;
  return {
    caller: { ...caller, turn, path, state: { phase: 'menu', menu: step.dialogue } },
    effects: step.effects,
  };
}

/** The key for a person, which no menu lists. */
function seekPerson(caller: Caller, context: CallerContext, now: EpochMs): CallerStep {
  if (caller.state.phase === 'repeat') return seekPersonFromRepeat(caller, context, now);
  if (caller.state.phase !== 'menu') return stay(caller);
  const { menu } = caller.state;
  const queue = personQueue(menu.menu, context.entryPoint);
  if (queue === undefined) return stay(caller);
  const { path } = leaving(menu, menu.menu.universalKeys.person);
  return takeAction({ ...caller, path }, { to: 'queue', queue }, context, now);
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
      const moved = inMenu(caller, step);
      return step.action === undefined
        ? moved
        : takeAction(moved.caller, step.action, context, now);
    }
    case 'repeat': {
      const step = stepRepeat(state.repeat, event, context.checkNumber);
      const { known } = context;
      const taken =
        known === undefined
          ? undefined
          : takeRepeat(caller, step, known, isQueueOpen(known.queue, context, now));
      return taken ?? enterMenu(caller, context.entryPoint.menu, [], context);
    }
    case 'offer':
      return takeOffer(
        caller,
        state,
        stepOffer(state.offer, event, context.checkNumber),
        context,
        now,
      );
    case 'holding':
      if (event.type === 'key' && event.key === offerKey(state.queue, context)) {
        return { caller, effects: [{ type: 'askOffer' }] };
      }
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
    case 'changingTicket':
    case 'joining':
    case 'saving':
    case 'savingUnheard':
    case 'talking':
    case 'ended':
      return stay(caller);
  }
}

/** They may call about something else: a person is where the first menu has one. */
function seekPersonFromRepeat(caller: Caller, context: CallerContext, now: EpochMs): CallerStep {
  const menu = context.menus.get(context.entryPoint.menu);
  const queue = menu === undefined ? undefined : personQueue(menu, context.entryPoint);
  return queue === undefined ? stay(caller) : goToLine(caller, queue, context, now);
}

/** The caller is spoken to in another language from here on. */
function speakIn(language: LanguageId, step: CallerStep): CallerStep {
  const voice = { ...step.caller.listener.voice, language };
  return { ...step, effects: [{ type: 'useVoice', voice }, ...step.effects] };
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
      return action.language === undefined
        ? enterMenu(caller, action.menu, [], context)
        : speakIn(action.language, enterMenu(caller, action.menu, [], context));
    case 'repeat':
      return caller.state.phase === 'menu'
        ? enterMenu(caller, caller.state.menu.menu.id, [], context)
        : stay(caller);
    case 'hangUp':
      return lastWords(caller, prompts(...action.prompts), 'abandonedInMenu');
    case 'queue':
      return goToLine(caller, action.queue, context, now);
  }
}

function goToLine(
  caller: Caller,
  queueId: QueueId,
  context: CallerContext,
  now: EpochMs,
): CallerStep {
  const queue = context.queues.get(queueId);
  if (queue === undefined) throw new IllegalMove('caller', 'menu', `queue ${queueId}`);
  if (!openNow(context, queue.hours, now)) {
    return lastWords(caller, prompts(...context.entryPoint.closedPrompts), 'closed');
  }
  return {
    caller: { ...caller, state: { phase: 'joining', queue: queue.id, back: undefined } },
    effects: [{ type: 'joinLine', queue: queue.id }],
  };
}

function isQueueOpen(queueId: QueueId, context: CallerContext, now: EpochMs): boolean {
  const queue = context.queues.get(queueId);
  return queue !== undefined && openNow(context, queue.hours, now);
}

/** A text telephone can not follow a menu: it goes where the operator leads such callers. */
function noticeTty(caller: Caller, context: CallerContext, now: EpochMs): CallerStep {
  const { accessible } = context.entryPoint;
  const { phase } = caller.state;
  const isAsked = phase === 'arriving' || phase === 'menu' || phase === 'repeat';
  return accessible !== undefined && isAsked
    ? goToLine(caller, accessible.queue, context, now)
    : stay(caller);
}
