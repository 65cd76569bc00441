import type { EpochMs } from '../ids.ts';
import type { OpeningHours, Weekday } from './hours.ts';
import { DAY_MS, type DayNumber, dateText, MINUTE_MS, offsetSpans } from './zone-clock.ts';

/** A stretch of time during which hours are open; `from` included, `to` excluded. */
export interface OpenSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Days in UTC that are kept of one set of hours; nobody asks further than a year and a half ahead. */
const MAX_KEPT_DAYS = 600;

/** 1970-01-01 was a Thursday. */
const FROM_THURSDAY: readonly Weekday[] = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'];

/** Spans by day in UTC, of hours that never change: a reload makes others. */
const kept = new WeakMap<OpeningHours, Map<DayNumber, readonly OpenSpan[]>>();

/** When the hours are open on a day as UTC counts it, in order; spans that touch are one. */
export function openSpans(hours: OpeningHours, utcDay: DayNumber): readonly OpenSpan[] {
  let days = kept.get(hours);
  if (days === undefined) {
    days = new Map();
    kept.set(hours, days);
  }
  const known = days.get(utcDay);
  if (known !== undefined) return known;
  const spans = reckon(hours, utcDay);
  if (days.size >= MAX_KEPT_DAYS) days.clear();
  days.set(utcDay, spans);
  return spans;
}

export function weekdayOf(day: DayNumber): Weekday {
  return FROM_THURSDAY[((day % 7) + 7) % 7] ?? 'thu';
}

/** Goes through the stretches of one offset; within each, local time is UTC shifted. */
function reckon(hours: OpeningHours, utcDay: DayNumber): readonly OpenSpan[] {
  const found: OpenSpan[] = [];
  for (const stretch of offsetSpans(hours.timeZone, utcDay * DAY_MS, (utcDay + 1) * DAY_MS)) {
    const firstDay = Math.floor((stretch.from + stretch.offsetMs) / DAY_MS);
    const lastDay = Math.floor((stretch.to - 1 + stretch.offsetMs) / DAY_MS);
    for (let day = firstDay; day <= lastDay; day += 1) {
      for (const local of openOn(hours, day)) {
        const from = Math.max(stretch.from, local.from - stretch.offsetMs);
        const to = Math.min(stretch.to, local.to - stretch.offsetMs);
        if (from < to) found.push({ from, to });
      }
    }
  }
  return joined(found);
}

/** The open spans of a local day, in local time. */
function openOn(hours: OpeningHours, day: DayNumber): readonly OpenSpan[] {
  if (hours.holidays.size > 0 && hours.holidays.has(dateText(day))) return [];
  return hours.week[weekdayOf(day)].map(({ fromMinute, toMinute }) => ({
    from: day * DAY_MS + fromMinute * MINUTE_MS,
    to: day * DAY_MS + toMinute * MINUTE_MS,
  }));
}

function joined(spans: readonly OpenSpan[]): readonly OpenSpan[] {
  const result: OpenSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && span.from <= last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    } else {
      result.push(span);
    }
  }
  return result;
}
