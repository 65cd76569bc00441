import type { EpochMs, RegionId } from '../ids.ts';
import { noTimes, type RecentTimes, timesOf, withTime } from './recent.ts';
import { emptyTally, fitsAt, setBackTo, type Tally, withAmount } from './tally.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How much may happen within any minute or 24 hours; what operators set under `ceilings`. */
export interface Ceilings {
  readonly registrationsPerNumberPerDay: number;
  /** Callbacks asked for from one ANI, whatever numbers they are for. */
  readonly registrationsPerCallerPerDay: number;
  readonly registrationsPerMinute: number;
  readonly registrationsPerDay: number;
  readonly attemptsPerNumberPerDay: number;
  readonly attemptsPerMinute: number;
  readonly attemptsPerDay: number;
  /** Undefined: calls are not priced. */
  readonly cost: CostCeiling | undefined;
}

/** In the operator's currency. A call is reckoned in advance, at its usual length. */
interface CostCeiling {
  readonly perDay: number;
  readonly usualMinutes: number;
  readonly usual: Price;
  /** By state, province or country. */
  readonly byRegion: ReadonlyMap<RegionId, Price>;
}

interface Price {
  readonly perAttempt: number;
  readonly perMinute: number;
}

export type CeilingRule = Exclude<keyof Ceilings, 'cost'> | 'costPerDay';

/**
 * What happened of late. Numbers are keys in memory alone; the engine hands in keyed hashes of them.
 * Never changed: each admission makes another, which shares nearly all with the one before.
 */
export interface RecentUse {
  readonly registrationsByNumber: RecentTimes;
  readonly registrationsByCaller: RecentTimes;
  readonly attemptsByNumber: RecentTimes;
  readonly registrationsInMinute: Tally;
  readonly registrationsInDay: Tally;
  readonly attemptsInMinute: Tally;
  readonly attemptsInDay: Tally;
  readonly costInDay: Tally;
}

/** Admitted, with the state after it; or the ceiling that was reached. */
export type Admission =
  | { readonly ok: true; readonly use: RecentUse }
  | {
      readonly ok: false;
      readonly rule: CeilingRule;
      /** When there will be room, if nothing else happens; undefined if never. */
      readonly notBefore: EpochMs | undefined;
    };

export const NO_USE: RecentUse = {
  registrationsByNumber: noTimes(DAY_MS),
  registrationsByCaller: noTimes(DAY_MS),
  attemptsByNumber: noTimes(DAY_MS),
  registrationsInMinute: emptyTally(MINUTE_MS),
  registrationsInDay: emptyTally(DAY_MS),
  attemptsInMinute: emptyTally(MINUTE_MS),
  attemptsInDay: emptyTally(DAY_MS),
  costInDay: emptyTally(DAY_MS),
};

/** One callback asked for; `caller` is undefined if the ANI was withheld. */
export interface Registration {
  readonly number: string;
  readonly caller: string | undefined;
}

/** One call to a number of a region. */
export interface Dialling {
  readonly number: string;
  readonly region: RegionId | undefined;
}

/** Whether a callback may be asked for now; counted if so. */
export function admitRegistration(
  use: RecentUse,
  asked: Registration,
  ceilings: Ceilings,
  now: EpochMs,
): Admission {
  const { number, caller } = asked;
  const reached =
    perKey(use.registrationsByNumber, number, ceilings, 'registrationsPerNumberPerDay', now) ??
    perKey(use.registrationsByCaller, caller, ceilings, 'registrationsPerCallerPerDay', now) ??
    forAll(use.registrationsInMinute, ceilings, 'registrationsPerMinute', now) ??
    forAll(use.registrationsInDay, ceilings, 'registrationsPerDay', now);
  return reached ?? { ok: true, use: withRegistration(use, asked, now) };
}

/** Counts a callback that was asked for. */
export function withRegistration(
  use: RecentUse,
  { number, caller }: Registration,
  at: EpochMs,
): RecentUse {
  const { registrationsByCaller } = use;
  return {
    ...use,
    registrationsByNumber: withTime(use.registrationsByNumber, number, at),
    registrationsByCaller:
      caller === undefined ? registrationsByCaller : withTime(registrationsByCaller, caller, at),
    registrationsInMinute: withAmount(use.registrationsInMinute, 1, at),
    registrationsInDay: withAmount(use.registrationsInDay, 1, at),
  };
}

/** Whether a call may be made now; counted, with its cost, if so. */
export function admitDialling(
  use: RecentUse,
  call: Dialling,
  ceilings: Ceilings,
  now: EpochMs,
): Admission {
  const cost = costOf(call.region, ceilings.cost);
  const reached =
    perKey(use.attemptsByNumber, call.number, ceilings, 'attemptsPerNumberPerDay', now) ??
    forAll(use.attemptsInMinute, ceilings, 'attemptsPerMinute', now) ??
    forAll(use.attemptsInDay, ceilings, 'attemptsPerDay', now) ??
    costReached(use.costInDay, cost, ceilings.cost, now);
  return reached ?? { ok: true, use: withDialling(use, call, ceilings, now) };
}

/** Counts a call that was made, and its cost. */
export function withDialling(
  use: RecentUse,
  { number, region }: Dialling,
  ceilings: Ceilings,
  at: EpochMs,
): RecentUse {
  const cost = costOf(region, ceilings.cost);
  return {
    ...use,
    attemptsByNumber: withTime(use.attemptsByNumber, number, at),
    attemptsInMinute: withAmount(use.attemptsInMinute, 1, at),
    attemptsInDay: withAmount(use.attemptsInDay, 1, at),
    costInDay: cost === 0 ? use.costInDay : withAmount(use.costInDay, cost, at),
  };
}

/** The same use for a clock that was set back: no ceiling is reached for longer than usual. */
export function useAt(use: RecentUse, now: EpochMs): RecentUse {
  return {
    ...use,
    registrationsInMinute: setBackTo(use.registrationsInMinute, now),
    registrationsInDay: setBackTo(use.registrationsInDay, now),
    attemptsInMinute: setBackTo(use.attemptsInMinute, now),
    attemptsInDay: setBackTo(use.attemptsInDay, now),
    costInDay: setBackTo(use.costInDay, now),
  };
}

type Refusal = Admission & { readonly ok: false };
type CountRule = Exclude<CeilingRule, 'costPerDay'>;

function perKey(
  recent: RecentTimes,
  key: string | undefined,
  ceilings: Ceilings,
  rule: CountRule,
  now: EpochMs,
): Refusal | undefined {
  if (key === undefined) return undefined;
  const times = timesOf(recent, key, now);
  if (times.length < ceilings[rule]) return undefined;
  const leaves = times[times.length - ceilings[rule]];
  const notBefore = leaves === undefined ? undefined : leaves + recent.windowMs;
  return { ok: false, rule, notBefore };
}

function forAll(
  tally: Tally,
  ceilings: Ceilings,
  rule: CountRule,
  now: EpochMs,
): Refusal | undefined {
  const notBefore = fitsAt(tally, 1, ceilings[rule], now);
  return notBefore === now ? undefined : { ok: false, rule, notBefore };
}

function costReached(
  tally: Tally,
  cost: number,
  ceiling: CostCeiling | undefined,
  now: EpochMs,
): Refusal | undefined {
  if (ceiling === undefined || cost === 0) return undefined;
  const notBefore = fitsAt(tally, cost, ceiling.perDay, now);
  return notBefore === now ? undefined : { ok: false, rule: 'costPerDay', notBefore };
}

function costOf(region: RegionId | undefined, cost: CostCeiling | undefined): number {
  if (cost === undefined) return 0;
  const price = (region === undefined ? undefined : cost.byRegion.get(region)) ?? cost.usual;
  return price.perAttempt + price.perMinute * cost.usualMinutes;
}
