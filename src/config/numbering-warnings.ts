import { mayCall } from '../domain/hours/calling-hours.ts';
import type { NumberPolicy } from '../domain/numbering/policy.ts';

const MAX_NAMED = 10;

/** Some week without a change of clocks: a fortnight from here shows all hours there are. */
const ORDINARY_DAY = Date.UTC(2026, 5, 1);
const WEEK_MS = 7 * 86_400_000;

/**
 * Area codes whose people could never be called, because the hours leave no moment at which all of
 * their time zones are open.
 */
export function neverCalled(numbers: NumberPolicy): readonly string[] {
  // Holidays may fill any fortnight; what counts here is the week.
  const { callingHours } = numbers;
  if (callingHours === undefined) return [];
  const usual = { ...numbers, callingHours: { ...callingHours, holidays: new Set<string>() } };
  const areas = [...numbers.plan.areaCodes.keys()].filter((area) => {
    const time = mayCall(`+1${area}2345678`, usual, ORDINARY_DAY);
    return !time.ok && time.opensAt > ORDINARY_DAY + WEEK_MS;
  });
  if (areas.length === 0) return [];
  const more = areas.length > MAX_NAMED ? ` and ${areas.length - MAX_NAMED} more` : '';
  return [
    `numbers.yaml: callingHours leave no moment to call ${areas.slice(0, MAX_NAMED).join(', ')}${more}: ` +
      'their time zones are never open at once.',
  ];
}
