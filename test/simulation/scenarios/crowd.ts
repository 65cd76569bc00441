import type { EpochMs } from '../../../src/domain/ids.ts';
import type { AgentScript, AnswerManners, CallerScript, Span } from '../../../src/replay/day.ts';
import { Random, seedOf } from '../../../src/replay/random.ts';

/** Kinds of callers, and how many there are of each. */
export interface CrowdSettings {
  readonly callers: number;
  readonly patienceSeconds: number;
  readonly talkSeconds: number;
  readonly takesCallback: number;
  /** Chance to dial again after a call that led to nothing. */
  readonly redials: number;
  /** Share of callers who key numbers that cost money to call. */
  readonly hostile: number;
  readonly answers: AnswerManners;
}

/** A share of all calls comes evenly over a span of time. */
export interface Wave extends Span {
  readonly share: number;
}

export const USUAL_ANSWERS: AnswerManners = {
  busy: 0.06,
  noAnswer: 0.12,
  declined: 0.03,
  machine: 0.1,
  pressesNothing: 0.02,
  choosesLater: 0.04,
  choosesCancel: 0.03,
  hangsUp: 0.02,
  ringMs: 9_000,
};

export const USUAL_CROWD: Omit<CrowdSettings, 'callers'> = {
  patienceSeconds: 900,
  talkSeconds: 240,
  takesCallback: 0.6,
  redials: 0.2,
  hostile: 0,
  answers: USUAL_ANSWERS,
};

const DNIS = '+18005550100';
const QUEUES = ['refunds', 'general'] as const;
const MOST_REDIALS = 5;

/** Callers by waves, in the order in which they dial. */
export function crowd(
  seed: number,
  waves: readonly Wave[],
  settings: CrowdSettings,
): readonly CallerScript[] {
  const random = new Random(seedOf(seed, -1));
  const scripts: CallerScript[] = [];
  for (const wave of waves) {
    const count = Math.round(settings.callers * wave.share);
    for (let index = 0; index < count; index += 1) {
      const dialsAt = Math.floor(random.between(wave.from, wave.to));
      scripts.push(callerOf(seed, scripts.length, dialsAt, settings));
    }
  }
  return scripts.toSorted((a, b) => a.dialsAt - b.dialsAt);
}

function callerOf(
  seed: number,
  person: number,
  dialsAt: EpochMs,
  settings: CrowdSettings,
): CallerScript {
  const random = new Random(seedOf(seed, person));
  const { answers } = settings;
  return {
    person,
    dialsAt,
    dnis: DNIS,
    queue: QUEUES[random.below(QUEUES.length)] ?? 'general',
    number: random.chance(settings.hostile) ? dearNumber(random) : numberOf(person),
    patienceMs: Math.round(random.exponential(settings.patienceSeconds) * 1000),
    talkMs: Math.round(random.exponential(settings.talkSeconds) * 1000) + 5_000,
    takesCallback: random.chance(settings.takesCallback),
    decidesMs: Math.round(random.between(20_000, 50_000)),
    redialsMs: redialsOf(random, settings.redials),
    answers,
    seed: seedOf(seed, person + 0x10000000),
  };
}

function redialsOf(random: Random, chance: number): readonly number[] {
  const pauses: number[] = [];
  while (pauses.length < MOST_REDIALS && random.chance(chance)) {
    pauses.push(Math.round(random.between(20_000, 300_000)));
  }
  return pauses;
}

const AREA_CODES = ['202', '212', '215', '303', '305', '312', '404', '415', '512', '617'];

/** Kept for fiction, so that nobody real is ever meant. */
function numberOf(person: number): string {
  const area = AREA_CODES[Math.floor(person / 100) % AREA_CODES.length] ?? '202';
  return `${area}55501${String(person % 100).padStart(2, '0')}`;
}

/** Premium, toll-free, personal, islands, abroad, emergency, a URI. */
const DEAR_NUMBERS = [
  '9005550100',
  '2029765555',
  '8005550199',
  '5005550100',
  '8765550100',
  '+442079460000',
  '911',
  'sip:premium@example.com',
];

function dearNumber(random: Random): string {
  return DEAR_NUMBERS[random.below(DEAR_NUMBERS.length)] ?? '9005550100';
}

/** Whether a number that was called is one of those that must never be. */
export function isDear(number: string): boolean {
  return /^\+1(?:900|8[0-9][0-9]555019|500|876|\d{3}976)|^\+(?!1)|^sip:|911$/u.test(number);
}

/** Agents with the same shifts; `agent0`, `agent1`, ... */
export function staff(
  seed: number,
  count: number,
  shifts: (index: number) => readonly Span[],
): readonly AgentScript[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `agent${index}`,
    shifts: shifts(index),
    misses: 0.005,
    absentMs: 120_000,
    ringMs: 4_000,
    seed: seedOf(seed, -2 - index),
  }));
}
