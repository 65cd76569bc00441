import { mayCall } from '../domain/hours/calling-hours.ts';
import { type DayRange, WEEKDAYS, type Week } from '../domain/hours/hours.ts';
import type { AreaCode } from '../domain/numbering/plan.ts';
import type { NumberPolicy } from '../domain/numbering/policy.ts';

const MAX_NAMED = 10;

/** Some week without a change of clocks: a fortnight from here shows all hours there are. */
const ORDINARY_DAY = Date.UTC(2026, 5, 1);
const WEEK_MS = 7 * 86_400_000;

/** Area codes whose people could never be called, and why: one sentence for each reason. */
export function neverCalled(numbers: NumberPolicy): readonly string[] {
  // Holidays may fill any fortnight; what counts here is the week.
  const { callingHours, plan } = numbers;
  if (callingHours === undefined) return [];
  const usual = { ...numbers, callingHours: { ...callingHours, holidays: new Set<string>() } };
  const never = [...plan.areaCodes].filter(([area]) => {
    const time = mayCall(`+1${area}2345678`, usual, ORDINARY_DAY);
    return !time.ok && time.opensAt > ORDINARY_DAY + WEEK_MS;
  });
  const isClosed = ({ region }: AreaCode) =>
    !overlap(callingHours.usual, callingHours.byRegion.get(region));
  const closed = never.filter(([, area]) => isClosed(area)).map(([code]) => code);
  const apart = never.filter(([, area]) => !isClosed(area)).map(([code]) => code);
  return [
    ...sentence(closed, 'callingHours and those of their region are closed all week'),
    ...sentence(apart, 'callingHours leave no moment at which all of their time zones are open'),
  ];
}

/** Whether there is any time in a week at which both are open, by one clock. */
function overlap(usual: Week, region: Week | undefined): boolean {
  return WEEKDAYS.some((day) =>
    usual[day].some((one) => region === undefined || region[day].some((other) => meet(one, other))),
  );
}

function meet(one: DayRange, other: DayRange): boolean {
  return Math.max(one.fromMinute, other.fromMinute) < Math.min(one.toMinute, other.toMinute);
}

function sentence(areas: readonly string[], why: string): readonly string[] {
  if (areas.length === 0) return [];
  const more = areas.length > MAX_NAMED ? ` and ${areas.length - MAX_NAMED} more` : '';
  const named = `${areas.slice(0, MAX_NAMED).join(', ')}${more}`;
  return [`numbers.yaml: nobody is ever called in the area codes ${named}: ${why}.`];
}
