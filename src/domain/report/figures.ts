import type { OvertakeReason } from '../queue/overtake.ts';
import type { Tally } from './tally.ts';

/** A number, or null where there was nothing to take the mean or the share of. */
type Value = number | null;

/** What a row of a report says, by its column; `docs/reports.md` defines each. */
export type Figures = Readonly<Record<FigureName, Value>>;

type Reckon = (tally: Tally) => Value;

/** In the order of the columns. */
const RECKONED = {
  joined: ({ joined }) => joined,
  answeredOnHold: ({ answeredOnHold: answered }) => answered,
  holdAsaSeconds: ({ holdWaitMs, answeredOnHold: answered }) => meanSeconds(holdWaitMs, answered),
  abandonedOnHold: ({ abandonedOnHold: abandoned }) => abandoned,
  abandonedAfterSeconds: ({ abandonedAfterMs, abandonedOnHold: abandoned }) =>
    meanSeconds(abandonedAfterMs, abandoned),
  offered: ({ offered }) => offered,
  accepted: ({ accepted }) => accepted,
  declined: ({ declined }) => declined,
  registered: ({ registered }) => registered,
  attempted: ({ attempted }) => attempted,
  attempts: ({ attempts }) => attempts,
  reached: ({ reached }) => reached,
  connected: ({ connected }) => connected,
  cancelled: ({ cancelled }) => cancelled,
  exhausted: ({ exhausted }) => exhausted,
  expired: ({ expired }) => expired,
  open: ({ open }) => open,
  callbackWaitSeconds: ({ callbackWaitMs, connected }) => meanSeconds(callbackWaitMs, connected),
  promised: ({ promised }) => promised,
  punctual: ({ punctual }) => punctual,
  early: ({ early }) => early,
  late: ({ late }) => late,
  punctuality: ({ punctual, promised }) => share(punctual, promised),
  estimates: ({ estimates }) => estimates,
  estimateErrorSeconds: ({ estimateErrorMs, estimates }) => meanSeconds(estimateErrorMs, estimates),
  estimateBiasSeconds: ({ estimateBiasMs, estimates }) => meanSeconds(estimateBiasMs, estimates),
  bands: ({ bands }) => bands,
  bandCoverage: ({ bandsHeld, bands }) => share(bandsHeld, bands),
  holdSavedMinutes: ({ holdSavedMs }) => rounded(holdSavedMs / 60_000, 10),
  overtakes: ({ overtakes }) => sum(Object.values(overtakes)),
  overtakesRegistered: because('registered'),
  overtakesUnreachable: because('unreachable'),
  overtakesChoseLater: because('choseLater'),
  overtakesSlot: because('slot'),
  overtakesCalledHours: because('calledHours'),
  overtakesClosed: because('closed'),
  overtakesDialling: because('dialling'),
  overtakesFault: because('fault'),
  overtakesBeingCalled: because('beingCalled'),
  overtakesSkill: because('skill'),
  overtakesGrace: because('grace'),
  overtakesMoved: because('moved'),
  overtakesUnexplained: because('unexplained'),
} as const satisfies Readonly<Record<string, Reckon>>;

export type FigureName = keyof typeof RECKONED;
export const FIGURE_NAMES = Object.keys(RECKONED) as readonly FigureName[];

/** The figures of a tally. */
export function figuresOf(tally: Tally): Figures {
  const entries = FIGURE_NAMES.map((name) => [name, RECKONED[name](tally)] as const);
  return Object.fromEntries(entries) as Record<FigureName, Value>;
}

function because(reason: OvertakeReason | 'unexplained'): Reckon {
  return ({ overtakes }) => overtakes[reason];
}

/** To a tenth of a second. */
function meanSeconds(sumMs: number, count: number): Value {
  return count === 0 ? null : rounded(sumMs / count / 1000, 10);
}

/** 0 to 1, to a thousandth. */
function share(part: number, whole: number): Value {
  return whole === 0 ? null : rounded(part / whole, 1000);
}

function rounded(value: number, parts: number): number {
  // No minus before a zero.
  return Math.round(value * parts) / parts + 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
