import type { AnswerManners, CallerScript } from '../../../src/replay/day.ts';

/** Everybody answers at once and presses 1. */
export const MANNERS: AnswerManners = {
  busy: 0,
  noAnswer: 0,
  declined: 0,
  machine: 0,
  pressesNothing: 0,
  choosesLater: 0,
  choosesCancel: 0,
  hangsUp: 0,
  ringMs: 2_000,
};

export function callerScript(change: Partial<CallerScript> = {}): CallerScript {
  return {
    person: 1,
    dialsAt: 0,
    dnis: '+18005550100',
    queue: 'general',
    number: '2025550101',
    patienceMs: 600_000,
    talkMs: 60_000,
    takesCallback: true,
    decidesMs: 20_000,
    redialsMs: [],
    answers: MANNERS,
    seed: 1,
    ...change,
  };
}
