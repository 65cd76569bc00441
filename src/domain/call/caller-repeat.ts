import type { QueueId } from '../ids.ts';
import { prompts } from '../ivr/dialogue.ts';
import { beginRepeat, type RepeatStep } from '../ivr/repeat-dialogue.ts';
import type { Utterance } from '../ivr/speech.ts';
import type {
  Caller,
  CallerEffect,
  CallerStep,
  KnownCaller,
  NoTicket,
  TicketChoice,
} from './caller.ts';
import { lastWords, stay } from './caller-leaving.ts';

/** Asks a caller who has a callback booked what they want. */
export function askRepeat(
  caller: Caller,
  known: KnownCaller,
  before: readonly Utterance[],
): CallerStep {
  return inRepeat(caller, beginRepeat(known.ticket, before, caller.turn + 1, 0));
}

function inRepeat(caller: Caller, step: RepeatStep): CallerStep {
  const { turn } = step.dialogue;
  return {
    caller: { ...caller, turn, state: { phase: 'repeat', repeat: step.dialogue } },
    effects: step.effects,
  };
}

/** What the dialogue came to; undefined: on to the menu. */
export function takeRepeat(
  asked: Caller,
  step: RepeatStep,
  known: KnownCaller,
  isOpen: boolean,
): CallerStep | undefined {
  const moved = inRepeat(asked, step);
  const { outcome } = step;
  if (outcome === undefined) return moved;
  const { caller } = moved;
  switch (outcome.result) {
    case 'menu':
      return undefined;
    case 'kept':
      return change(caller, step, { choice: 'keep' });
    case 'return':
      // Holding a line that nobody answers is of no use: the callback stays.
      return isOpen ? returnToLine(caller, known) : change(caller, step, { choice: 'keep' });
    case 'cancel':
      return change(caller, step, { choice: 'cancel' });
    case 'booked':
      return change(caller, step, { choice: 'slot', slot: outcome.slot });
    case 'changed': {
      const { number, consent } = outcome;
      return change(caller, step, { choice: 'number', number, consent });
    }
  }
}

/** Back in line where the ticket stands, or stood. */
export function returnToLine(
  caller: Caller,
  { queue, ticket, wasMissed }: KnownCaller,
): CallerStep {
  return {
    caller: { ...caller, state: joiningBack(queue, wasMissed ? 'missed' : 'asked') },
    effects: [{ type: 'returnToLine', queue, ticketId: ticket.id, toFront: wasMissed }],
  };
}

function joiningBack(queue: QueueId, back: 'missed' | 'asked'): Caller['state'] {
  return { phase: 'joining', queue, back };
}

function change(caller: Caller, { dialogue }: RepeatStep, choice: TicketChoice): CallerStep {
  const { ticket, timesAsked } = dialogue;
  const effect: CallerEffect = { type: 'changeTicket', ticketId: ticket.id, change: choice };
  return {
    caller: { ...caller, state: { phase: 'changingTicket', change: choice, ticket, timesAsked } },
    effects: [{ type: 'hush' }, effect],
  };
}

/** The ticket is as it was: who asked for what can not be had is asked again. */
export function ticketUnchanged(caller: Caller, because: NoTicket): CallerStep {
  const { state } = caller;
  if (state.phase !== 'changingTicket') return stay(caller);
  if (because === 'store') return lastWords(caller, prompts('service-error'), 'failed');
  const words = prompts(because === 'slotTaken' ? 'slot-taken' : 'number-not-now');
  return inRepeat(caller, beginRepeat(state.ticket, words, caller.turn + 1, state.timesAsked));
}

/** Says what was kept. */
export function ticketChanged(caller: Caller): CallerStep {
  if (caller.state.phase !== 'changingTicket') return stay(caller);
  switch (caller.state.change.choice) {
    case 'keep':
      return lastWords(caller, prompts('repeat-kept'), 'ticketKept');
    case 'cancel':
      return lastWords(caller, prompts('repeat-cancelled'), 'ticketCancelled');
    case 'number':
      return lastWords(caller, prompts('repeat-number-changed'), 'ticketKept');
    case 'slot':
      return lastWords(caller, prompts('slot-booked'), 'ticketKept');
  }
}
