import type { EpochMs } from '../ids.ts';

/** What was heard of a called party: it began or ceased to speak, or a beep has just ended. */
export interface AnswerSign {
  readonly kind: 'speechBegan' | 'speechEnded' | 'beep';
  readonly at: EpochMs;
}

/** Who seems to have answered, and by what. A help: the key alone proves a person. */
export type AnswerClass =
  | { readonly answer: 'person'; readonly by: 'shortGreeting' }
  | { readonly answer: 'machine'; readonly by: 'beep' | 'longGreeting' | 'manyPhrases' }
  | { readonly answer: 'unknown'; readonly by: 'silence' | 'tooSoon' };

/** Signs that are looked at; an answer tells what it is well before. */
export const MAX_SIGNS = 64;

/**
 * "Hello?" and "Miller residence, good evening" are shorter; a recorded greeting is longer, and its
 * pauses are. The figures are those in use for detection by cadence (Asterisk's AMD, for one: greeting
 * 1.5 s, silence after it 0.8 s), moved towards "unknown", since to greet a person twice costs little.
 */
const SHORT_GREETING_MS = 2_000;
const LONG_GREETING_MS = 3_000;
/** Silence after a greeting by which somebody waits to be spoken to. */
const WAITS_AFTER_MS = 900;
/** Pauses within a greeting, as between two sentences. */
const JOINED_BY_MS = 700;
/** Longest time after the answer in which a greeting begins. */
const BEGINS_WITHIN_MS = 4_000;
/** Phrases, each after a pause, that no person says to somebody who only speaks to them. */
const MANY_PHRASES = 4;
/** What is said after this is talk with our prompt, not a greeting. */
const GREETING_WITHIN_MS = 15_000;

interface Phrase {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly over: boolean;
}

/**
 * Classifies an answer by the cadence of what was heard since `answeredAt`, at `now`. Signs in any
 * order, doubled, or from before the answer are put up with. Total.
 */
export function classifyAnswer(
  signs: readonly AnswerSign[],
  answeredAt: EpochMs,
  now: EpochMs,
): AnswerClass {
  const heard = signs.slice(0, MAX_SIGNS).filter(({ at }) => at >= answeredAt && at <= now);
  if (heard.some(({ kind }) => kind === 'beep')) return { answer: 'machine', by: 'beep' };
  const phrases = greetingPhrases(heard, answeredAt, now);
  const [greeting] = phrases;
  if (phrases.some((phrase) => phrase.to - phrase.from > LONG_GREETING_MS)) {
    return { answer: 'machine', by: 'longGreeting' };
  }
  if (phrases.length >= MANY_PHRASES) return { answer: 'machine', by: 'manyPhrases' };
  if (greeting === undefined) return { answer: 'unknown', by: 'silence' };
  const isShort = greeting.over && greeting.to - greeting.from <= SHORT_GREETING_MS;
  const waitedMs = (phrases[1]?.from ?? now) - greeting.to;
  return isShort && waitedMs >= WAITS_AFTER_MS
    ? { answer: 'person', by: 'shortGreeting' }
    : { answer: 'unknown', by: 'tooSoon' };
}

/** Stretches of speech, joined over short pauses; only those that a greeting may hold. */
function greetingPhrases(
  signs: readonly AnswerSign[],
  answeredAt: EpochMs,
  now: EpochMs,
): readonly Phrase[] {
  const phrases: Phrase[] = [];
  let since: EpochMs | undefined;
  for (const { kind, at } of signs.toSorted((one, other) => one.at - other.at)) {
    if (kind === 'speechBegan') since ??= at;
    if (kind !== 'speechEnded' || since === undefined) continue;
    add(phrases, { from: since, to: at, over: true });
    since = undefined;
  }
  if (since !== undefined) add(phrases, { from: since, to: now, over: false });
  const [first] = phrases;
  if (first === undefined || first.from - answeredAt > BEGINS_WITHIN_MS) return [];
  return phrases.filter(({ from }) => from - answeredAt <= GREETING_WITHIN_MS);
}

function add(phrases: Phrase[], next: Phrase): void {
  const last = phrases.at(-1);
  if (last === undefined || next.from - last.to > JOINED_BY_MS) phrases.push(next);
  else phrases[phrases.length - 1] = { ...next, from: last.from };
}
