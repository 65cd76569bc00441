import type { Utterance } from '../ivr/speech.ts';
import type { CallOutcome } from './call-record.ts';
import type { Caller, CallerEffect, CallerState, CallerStep } from './caller.ts';

export function lastWords(
  caller: Caller,
  utterances: readonly Utterance[],
  outcome: CallOutcome,
): CallerStep {
  const turn = caller.turn + 1;
  return {
    caller: { ...caller, turn, state: { phase: 'lastWords', outcome } },
    effects: [{ type: 'say', turn, utterances }],
  };
}

export function hangUp(
  caller: Caller,
  state: CallerState,
  by: 'party' | 'us' | 'failure',
): CallerStep {
  if (state.phase === 'saving') return leaveUnheard(caller);
  if (state.phase === 'savingUnheard') return stay(caller);
  return end(caller, outcomeAt(state, by === 'party'), leavingEffects(state));
}

/** What was said or settled before stands; else only who hangs up themselves has abandoned. */
function outcomeAt(
  state: Exclude<CallerState, { phase: 'saving' | 'savingUnheard' }>,
  byCaller: boolean,
): CallOutcome {
  switch (state.phase) {
    case 'arriving':
    case 'menu':
    case 'repeat':
    case 'changingTicket':
      return byCaller ? 'abandonedInMenu' : 'failed';
    case 'joining':
    case 'offer':
    case 'holding':
    case 'ringing':
      return byCaller ? 'abandonedOnHold' : 'failed';
    case 'talking':
      return 'served';
    case 'lastWords':
    case 'ended':
      return state.outcome;
  }
}

/** The key was pressed, so the ticket is kept though nobody hears of it. */
function leaveUnheard(caller: Caller): CallerStep {
  return { caller: { ...caller, state: { phase: 'savingUnheard' } }, effects: [] };
}

/** The media server refused something: nothing more can be said. In talk nothing has to be. */
export function loseSound(caller: Caller): CallerStep {
  const { state } = caller;
  if (state.phase === 'talking') return stay(caller);
  const left = hangUp(caller, state, 'failure');
  return { caller: left.caller, effects: [...left.effects, { type: 'hangUp' }] };
}

/** What must be undone when the caller goes away. */
export function leavingEffects(state: CallerState): readonly CallerEffect[] {
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
    case 'repeat':
    case 'changingTicket':
    case 'saving':
    case 'savingUnheard':
    case 'lastWords':
    case 'ended':
      return [];
  }
}

export function end(
  caller: Caller,
  outcome: CallOutcome,
  effects: readonly CallerEffect[],
): CallerStep {
  return {
    caller: { ...caller, state: { phase: 'ended', outcome } },
    effects: [...effects, { type: 'ended', outcome }],
  };
}

export function stay(caller: Caller): CallerStep {
  return { caller, effects: [] };
}
