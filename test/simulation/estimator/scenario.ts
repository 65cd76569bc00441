import type { Random } from '../../../src/replay/random.ts';

/** Traffic and people of one simulated queue. Times are seconds. */
export interface Scenario {
  readonly kind: 'Poisson' | 'bursty' | 'impatient' | 'human times' | 'callbacks' | 'shifts';
  readonly name: string;
  /** Agents at the start. */
  readonly agents: number;
  /** Offered load per agent at the start, by the time of arrival. */
  readonly load: Load;
  readonly talk: Distribution;
  readonly wrapUpSeconds: number;
  readonly patience: Distribution | undefined;
  readonly callbacks?: Callbacks;
  readonly shifts?: Shifts;
  readonly arrivals: number;
}

interface Callbacks {
  /** Share of those who would wait that take one. */
  readonly share: number;
  readonly chanceReached: number;
  /** Seconds for which an agent is kept while the customer's telephone rings. */
  readonly ringSeconds: number;
}

/** The staff changes at these intervals, by turns, to these multiples of `agents`. */
interface Shifts {
  readonly everySeconds: number;
  readonly multiples: readonly number[];
  /** Whether the estimators are told of them beforehand. */
  readonly planned: boolean;
}

/** A steady load, or one that changes at random times between two. */
interface Load {
  readonly low: number;
  readonly high: number;
  readonly meanSpellSeconds: number;
}

export interface Distribution {
  readonly mean: number;
  /** Coefficient of variation: 1 is exponential, any other lognormal. */
  readonly variation: number;
}

/** One value. */
export function draw(random: Random, { mean, variation }: Distribution): number {
  if (variation === 1) return random.exponential(mean);
  const sigmaSquare = Math.log(1 + variation * variation);
  const normal =
    Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
  return mean * Math.exp(Math.sqrt(sigmaSquare) * normal - sigmaSquare / 2);
}

const EXPONENTIAL_TALK: Distribution = { mean: 300, variation: 1 };
const PATIENCE: Distribution = { mean: 900, variation: 1 };

function steady(load: number): Load {
  return { low: load, high: load, meanSpellSeconds: Number.POSITIVE_INFINITY };
}

function bursts(low: number, high: number): Load {
  return { low, high, meanSpellSeconds: 1800 };
}

const PLAIN = {
  talk: EXPONENTIAL_TALK,
  wrapUpSeconds: 0,
  patience: undefined,
  arrivals: 40_000,
} as const;

/** Every kind of traffic that the estimate has to stand. */
export const SCENARIOS: readonly Scenario[] = [
  { ...PLAIN, kind: 'Poisson', name: '5 agents', agents: 5, load: steady(0.95) },
  { ...PLAIN, kind: 'Poisson', name: '50 agents', agents: 50, load: steady(0.98) },
  {
    ...PLAIN,
    kind: 'Poisson',
    name: '200 agents',
    agents: 200,
    load: steady(1.02),
    patience: { mean: 3600, variation: 1 },
  },
  {
    ...PLAIN,
    kind: 'bursty',
    name: '10 agents',
    agents: 10,
    load: bursts(0.6, 1.4),
    patience: { mean: 3600, variation: 1 },
  },
  {
    ...PLAIN,
    kind: 'bursty',
    name: '100 agents',
    agents: 100,
    load: bursts(0.6, 1.4),
    patience: { mean: 3600, variation: 1 },
  },
  {
    ...PLAIN,
    kind: 'impatient',
    name: '20 agents',
    agents: 20,
    load: steady(1.3),
    patience: PATIENCE,
  },
  {
    ...PLAIN,
    kind: 'impatient',
    name: '150 agents',
    agents: 150,
    load: bursts(0.9, 1.6),
    patience: PATIENCE,
  },
  {
    ...PLAIN,
    kind: 'impatient',
    name: '60 agents, lognormal patience',
    agents: 60,
    load: steady(1.3),
    patience: { mean: 900, variation: 1.6 },
  },
  {
    ...PLAIN,
    kind: 'human times',
    name: '8 agents, lognormal talk, wrap-up',
    agents: 8,
    load: bursts(0.5, 1.3),
    talk: { mean: 270, variation: 1.2 },
    wrapUpSeconds: 30,
    patience: { mean: 3600, variation: 1 },
  },
  {
    ...PLAIN,
    kind: 'human times',
    name: '80 agents, lognormal talk, wrap-up',
    agents: 80,
    load: bursts(0.7, 1.3),
    talk: { mean: 270, variation: 1.2 },
    wrapUpSeconds: 30,
    patience: PATIENCE,
  },
  {
    ...PLAIN,
    kind: 'callbacks',
    name: '10 agents, 40 % tickets',
    agents: 10,
    load: bursts(0.6, 1.5),
    patience: { mean: 1800, variation: 1 },
    callbacks: { share: 0.4, chanceReached: 0.7, ringSeconds: 25 },
  },
  {
    ...PLAIN,
    kind: 'callbacks',
    name: '100 agents, 60 % tickets',
    agents: 100,
    load: bursts(0.6, 1.6),
    patience: { mean: 1800, variation: 1 },
    callbacks: { share: 0.6, chanceReached: 0.55, ringSeconds: 25 },
  },
  {
    ...PLAIN,
    kind: 'callbacks',
    name: '30 agents, 50 % tickets, lognormal talk, wrap-up',
    agents: 30,
    load: bursts(0.6, 1.5),
    talk: { mean: 270, variation: 1.2 },
    wrapUpSeconds: 30,
    patience: { mean: 1800, variation: 1 },
    callbacks: { share: 0.5, chanceReached: 0.6, ringSeconds: 25 },
  },
  {
    ...PLAIN,
    kind: 'shifts',
    name: '40 agents, planned',
    agents: 40,
    load: steady(1.05),
    patience: { mean: 1800, variation: 1 },
    shifts: { everySeconds: 3600, multiples: [1, 0.6, 1.4, 0.8], planned: true },
  },
  {
    ...PLAIN,
    kind: 'shifts',
    name: '120 agents, planned',
    agents: 120,
    load: steady(1),
    patience: { mean: 3600, variation: 1 },
    shifts: { everySeconds: 2700, multiples: [1, 0.7, 1.3, 0.9], planned: true },
  },
  {
    ...PLAIN,
    kind: 'shifts',
    name: '40 agents, unplanned',
    agents: 40,
    load: steady(1.05),
    patience: { mean: 1800, variation: 1 },
    shifts: { everySeconds: 3600, multiples: [1, 0.6, 1.4, 0.8], planned: false },
  },
];
