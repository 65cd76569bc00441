import type { Answer, AnswerKind, AnswerManners, CallerScript } from './day.ts';
import { Random, seedOf } from './random.ts';

/** The carrier tells of a busy line after this. */
const BUSY_MS = 2_000;
/** Somebody who declines looks at the display first. */
const DECLINE_MS = 4_000;

/** Shares in the order in which the dice run through them. */
const KINDS = [
  'busy',
  'noAnswer',
  'declined',
  'machine',
  'pressesNothing',
  'choosesLater',
  'choosesCancel',
  'hangsUp',
] as const satisfies readonly (AnswerKind & keyof AnswerManners)[];

/** What becomes of the caller's attempt number `attempt`; the same whenever it is asked. */
export function answerOf(caller: CallerScript, attempt: number, ringSeconds: number): Answer {
  const random = new Random(seedOf(caller.seed, attempt));
  const what = kindOf(caller.answers, random.unit());
  const ringMs = Math.round(1_000 + random.exponential(caller.answers.ringMs - 1_000));
  const reactsMs = Math.round(random.between(4_000, 12_000));
  switch (what) {
    case 'busy':
      return { what, afterMs: BUSY_MS, reactsMs };
    case 'declined':
      return { what, afterMs: DECLINE_MS, reactsMs };
    case 'noAnswer':
      return { what, afterMs: ringSeconds * 1000, reactsMs };
    default:
      // Who would have taken longer than we let it ring has not answered.
      return ringMs < ringSeconds * 1000
        ? { what, afterMs: ringMs, reactsMs }
        : { what: 'noAnswer', afterMs: ringSeconds * 1000, reactsMs };
  }
}

function kindOf(manners: AnswerManners, dice: number): AnswerKind {
  let below = 0;
  for (const kind of KINDS) {
    below += manners[kind];
    if (dice < below) return kind;
  }
  return 'presses1';
}
