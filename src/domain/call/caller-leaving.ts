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
    caller: { turn, state: { phase: 'lastWords', outcome } },
    effects: [{ type: 'say', turn, utterances }],
  };
}

export function hangUp(
  caller: Caller,
  state: CallerState,
  by: 'party' | 'us' | 'failure',
): CallerStep {
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
    case 'saving':
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
