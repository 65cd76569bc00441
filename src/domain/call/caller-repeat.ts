import type { QueueId } from '../ids.ts';
import { prompts } from '../ivr/dialogue.ts';
import { beginRepeat, type RepeatStep } from '../ivr/repeat-dialogue.ts';
import type { Utterance } from '../ivr/speech.ts';
import type { Caller, CallerEffect, CallerStep, KnownCaller, TicketChoice } from './caller.ts';
import { lastWords, stay } from './caller-leaving.ts';

/** Asks a caller who has a callback booked what they want. */
export function askRepeat(
  caller: Caller,
  known: KnownCaller,
  before: readonly Utterance[],
): CallerStep {
  return inRepeat(caller, beginRepeat(known.ticket, before, caller.turn + 1));
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
      return lastWords(caller, prompts('repeat-kept'), 'ticketKept');
    case 'return':
      // Holding a line that nobody answers is of no use: the callback stays.
      return isOpen
        ? returnToLine(caller, known)
        : lastWords(caller, prompts('repeat-kept'), 'ticketKept');
    case 'cancel':
      return change(caller, known, { choice: 'cancel' });
    case 'booked':
      return change(caller, known, { choice: 'slot', slot: outcome.slot });
    case 'changed': {
      const { number, consent } = outcome;
      return change(caller, known, { choice: 'number', number, consent });
    }
  }
}

/** Back in line where the ticket stands, or stood. */
export function returnToLine(
  caller: Caller,
  { queue, ticket, wasMissed }: KnownCaller,
): CallerStep {
  return {
    caller: { ...caller, state: joiningBack(queue) },
    effects: [{ type: 'returnToLine', ticketId: ticket.id, toFront: wasMissed }],
  };
}

function joiningBack(queue: QueueId): Caller['state'] {
  return { phase: 'joining', queue, isBack: true };
}

function change(caller: Caller, { ticket }: KnownCaller, choice: TicketChoice): CallerStep {
  const effect: CallerEffect = { type: 'changeTicket', ticketId: ticket.id, change: choice };
  return {
    caller: { ...caller, state: { phase: 'changingTicket', change: choice } },
    effects: [{ type: 'hush' }, effect],
  };
}

/** Says what was kept, or that it could not be. */
export function ticketChanged(caller: Caller, kept: boolean): CallerStep {
  if (caller.state.phase !== 'changingTicket') return stay(caller);
  if (!kept) return lastWords(caller, prompts('service-error'), 'failed');
  switch (caller.state.change.choice) {
    case 'cancel':
      return lastWords(caller, prompts('repeat-cancelled'), 'ticketCancelled');
    case 'number':
      return lastWords(caller, prompts('repeat-number-changed'), 'ticketKept');
    case 'slot':
      return lastWords(caller, prompts('slot-booked'), 'ticketKept');
  }
}
