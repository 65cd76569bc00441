import { isOpen, type OpeningHours } from '../hours/hours.ts';
import type { EpochMs } from '../ids.ts';
import type { SlotSettings } from './settings.ts';
import { agentsExpected } from './staff-forecast.ts';
import type { Slot } from './ticket.ts';

const MINUTE_MS = 60_000;
/** Nobody is promised a slot that begins in less than this. */
const NOTICE_MS = 10 * MINUTE_MS;
/** Slots looked at in one search: two weeks of quarter hours. */
const MAX_SLOTS = 1_344;

/** What is needed to know which slots are free. */
export interface SlotBook {
  readonly settings: SlotSettings;
  /** Undefined: always open. */
  readonly hours: OpeningHours | undefined;
  /** Mean handle time of the queue. */
  readonly handleSeconds: number;
  /** Tickets booked, by the beginning of their slot. */
  readonly booked: ReadonlyMap<EpochMs, number>;
  /** Whether the customer may be called at a time, such as not at night. */
  readonly suits: (at: EpochMs) => boolean;
}

/** Slots that can be booked, soonest first, at most `limit`. */
export function freeSlots(book: SlotBook, now: EpochMs, limit: number): readonly Slot[] {
  const lengthMs = book.settings.minutes * MINUTE_MS;
  const end = now + book.settings.horizonHours * 60 * MINUTE_MS;
  const free: Slot[] = [];
  let from = Math.ceil((now + NOTICE_MS) / lengthMs) * lengthMs;
  for (let count = 0; count < MAX_SLOTS && from < end && free.length < limit; count += 1) {
    if (isFree(book, from)) free.push({ from, to: from + lengthMs });
    from += lengthMs;
  }
  return free;
}

/** Whether a slot can still be booked: one of the grid, in time, with capacity left. */
export function isBookable(book: SlotBook, slot: Slot, now: EpochMs): boolean {
  const lengthMs = book.settings.minutes * MINUTE_MS;
  return (
    slot.to - slot.from === lengthMs &&
    slot.from % lengthMs === 0 &&
    slot.from >= now &&
    slot.from < now + book.settings.horizonHours * 60 * MINUTE_MS &&
    isFree(book, slot.from)
  );
}

function isFree(book: SlotBook, from: EpochMs): boolean {
  if ((book.booked.get(from) ?? 0) >= capacity(book, from)) return false;
  return book.suits(from) && book.suits(from + book.settings.minutes * MINUTE_MS - 1);
}

/** Calls that the forecast staff can take in the slot, of which a share may be booked. */
function capacity({ settings, hours, handleSeconds }: SlotBook, from: EpochMs): number {
  const lengthMs = settings.minutes * MINUTE_MS;
  if (hours !== undefined && !(isOpen(hours, from) && isOpen(hours, from + lengthMs - 1))) return 0;
  const agents = agentsExpected(settings.forecast, hours?.timeZone ?? 'UTC', from) ?? 0;
  const calls = (agents * settings.minutes * 60) / Math.max(1, handleSeconds);
  return Math.floor(calls * settings.bookableShare);
}
