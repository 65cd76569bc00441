import type { Plan } from '../engine/plan.ts';
import { type Confident, confident } from './confidence.ts';
import type { Day, Span } from './day.ts';
import { type DayModel, peopleOf } from './day-model.ts';
import { seedOf } from './random.ts';
import { agentsAtWork } from './recorded-shifts.ts';
import { simulate } from './simulate.ts';
import type { Tally } from './tally.ts';

/** Figures of a run, by name. */
const FIGURES = {
  holdAsaSeconds: (tally: Tally) => tally.holdWaits.meanSeconds,
  callbackWaitSeconds: (tally: Tally) => tally.callbackWaits.meanSeconds,
  abandonedPercent: (tally: Tally) => (100 * tally.abandoned) / Math.max(1, tally.joined),
  turnedAway: (tally: Tally) => tally.turnedAway + tally.closed,
  offered: (tally: Tally) => tally.offered,
  accepted: (tally: Tally) => tally.registered,
  connected: (tally: Tally) => tally.connected,
  holdMinutesSaved: (tally: Tally) => tally.savedMs / 60_000,
  occupancyPercent: (tally: Tally, staffedMs: number) =>
    staffedMs === 0 ? 0 : (100 * (tally.talkMs + tally.wrapUpMs)) / staffedMs,
} as const satisfies Record<string, (tally: Tally, staffedMs: number) => number>;
export type FigureName = keyof typeof FIGURES;
export const FIGURE_NAMES = Object.keys(FIGURES) as readonly FigureName[];

/** One figure under both configurations. */
export interface Compared {
  readonly recorded: Confident;
  readonly other: Confident;
  /** Other less recorded, run by run with the same people: narrower than the two apart. */
  readonly difference: Confident;
}
export type Comparison = Readonly<Record<FigureName, Compared>>;

/** What is run. */
export interface ReplaySettings {
  readonly runs: number;
  readonly seed: number;
  readonly shifts: ReadonlyMap<string, readonly Span[]>;
}

/** After the last arrival, tickets are followed for so long. */
const FOLLOWED_MS = 24 * 3_600_000;
/** An agent's phone rings so long, on average; the records do not tell. */
const AGENT_RING_MS = 4_000;

/** Runs both plans with the same people, over and over. */
export function compare(
  model: DayModel,
  plans: { readonly recorded: Plan; readonly other: Plan },
  settings: ReplaySettings,
): Comparison {
  const runs = Array.from({ length: settings.runs }, (_, run) => {
    const seed = seedOf(settings.seed, run);
    const callers = peopleOf(model, seed);
    return {
      recorded: figuresOf(dayOf(plans.recorded, callers, settings, seed)),
      other: figuresOf(dayOf(plans.other, callers, settings, seed)),
    };
  });
  const compared = FIGURE_NAMES.map((name): [FigureName, Compared] => {
    const recorded = runs.map((run) => run.recorded[name]);
    const other = runs.map((run) => run.other[name]);
    const differences = other.map((value, index) => value - (recorded[index] ?? 0));
    return [
      name,
      {
        recorded: confident(recorded),
        other: confident(other),
        difference: confident(differences),
      },
    ];
  });
  return Object.fromEntries(compared) as Record<FigureName, Compared>;
}

function dayOf(plan: Plan, callers: Day['callers'], { shifts }: ReplaySettings, seed: number): Day {
  const agents = agentsAtWork(plan.agents.keys(), shifts, AGENT_RING_MS, seedOf(seed, -1));
  const endsAt = (callers.at(-1)?.dialsAt ?? 0) + FOLLOWED_MS;
  return { plan, endsAt, callers, agents, troubles: [] };
}

function figuresOf(day: Day): Readonly<Record<FigureName, number>> {
  const tally = simulate(day);
  const staffedMs = day.agents
    .flatMap(({ shifts }) => shifts)
    .reduce((sum, { from, to }) => sum + to - from, 0);
  const figures = FIGURE_NAMES.map((name) => [name, FIGURES[name](tally, staffedMs)] as const);
  return Object.fromEntries(figures) as Record<FigureName, number>;
}
