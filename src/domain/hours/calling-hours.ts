import type { E164, EpochMs, RegionId } from '../ids.ts';
import type { NumberPolicy } from '../numbering/policy.ts';
import { type Whereabouts, whereaboutsOf } from '../numbering/whereabouts.ts';
import { type DayRange, nextOpening, type OpeningHours, WEEKDAYS, type Week } from './hours.ts';
import { DAY_MS } from './zone-clock.ts';

/**
 * When people may be called, by their own clocks. The hours of law (47 CFR 64.1200 (c)(1): 8 to 21)
 * are for telephone solicitation. A callback that somebody asked for is none; these hours are the
 * cautious default, and an operator's to change.
 */
export interface CallingHours {
  /** In every region. */
  readonly usual: Week;
  /** Narrower: a call must be within these and the usual hours. */
  readonly byRegion: ReadonlyMap<RegionId, Week>;
  /** Local dates (YYYY-MM-DD) on which nobody is called. */
  readonly holidays: ReadonlySet<string>;
  /** Zones that all must be open for numbers of no place. */
  readonly unplacedTimeZones: readonly string[];
}

/** Whether somebody may be called. */
export type CallingTime =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** The next moment at which every zone is open; a fortnight ahead if none is until then. */
      readonly opensAt: EpochMs;
    };

const FORTNIGHT_MS = 14 * DAY_MS;

/** Kept of policies that never change: a reload makes another. */
const kept = new WeakMap<CallingHours, Map<string, readonly OpeningHours[]>>();

/** Whether a number may be called: in every zone in which it may ring it must be open. Total. */
export function mayCall(number: E164, policy: NumberPolicy, at: EpochMs): CallingTime {
  const { callingHours } = policy;
  if (callingHours === undefined) return { ok: true };
  const zones = hoursOf(whereaboutsOf(number, policy), callingHours);
  const opensAt = allOpen(zones, at);
  return opensAt === at ? { ok: true } : { ok: false, opensAt };
}

/** The first moment from `at` on at which all are open at once. */
function allOpen(zones: readonly OpeningHours[], at: EpochMs): EpochMs {
  const horizon = at + FORTNIGHT_MS;
  let moment = at;
  for (;;) {
    const before = moment;
    for (const hours of zones) moment = nextOpening(hours, moment) ?? horizon;
    if (moment >= horizon) return horizon;
    if (moment === before) return moment;
  }
}

/** The hours of each zone, narrowed to those of the region. */
function hoursOf(where: Whereabouts | undefined, calling: CallingHours): readonly OpeningHours[] {
  let known = kept.get(calling);
  if (known === undefined) {
    known = new Map();
    kept.set(calling, known);
  }
  const timeZones = where?.timeZones ?? calling.unplacedTimeZones;
  const key = [where?.region ?? '', ...timeZones].join(' ');
  const hours = known.get(key) ?? timeZones.map((zone) => zoneHours(zone, where?.region, calling));
  known.set(key, hours);
  return hours;
}

function zoneHours(
  timeZone: string,
  region: RegionId | undefined,
  { usual, byRegion, holidays }: CallingHours,
): OpeningHours {
  const narrower = region === undefined ? undefined : byRegion.get(region);
  const week = narrower === undefined ? usual : common(usual, narrower);
  return { id: `calling ${region ?? ''}`, timeZone, week, holidays };
}

function common(a: Week, b: Week): Week {
  const days = WEEKDAYS.map((day) => [day, commonRanges(a[day], b[day])] as const);
  return Object.fromEntries(days) as Record<(typeof WEEKDAYS)[number], readonly DayRange[]>;
}

function commonRanges(a: readonly DayRange[], b: readonly DayRange[]): readonly DayRange[] {
  return a
    .flatMap((one) =>
      b.map((other) => ({
        fromMinute: Math.max(one.fromMinute, other.fromMinute),
        toMinute: Math.min(one.toMinute, other.toMinute),
      })),
    )
    .filter(({ fromMinute, toMinute }) => fromMinute < toMinute);
}
