import type { AttemptRecord, Slot, Ticket } from '../../domain/callback/ticket.ts';
import type { E164 } from '../../domain/ids.ts';
import { zoneWords } from '../../domain/ivr/languages/language.ts';
import { languageOf } from '../../domain/ivr/languages/table.ts';
import { zoneName } from '../../domain/ivr/zone-name.ts';
import type { MessageSettings, TextOccasion } from '../../domain/notification/settings.ts';

/** Causes of a missed callback: the customer's telephone rang, or may have. */
const MISSED: ReadonlySet<AttemptRecord['cause']> = new Set([
  'busy',
  'noAnswer',
  'declined',
  'machine',
  'noKey',
]);

/** What a change of a ticket is to be texted as; undefined if it is not. */
export function occasionOf(before: Ticket | undefined, after: Ticket): TextOccasion | undefined {
  if (before === undefined) return after.slot === undefined ? 'registered' : 'booked';
  if (after.state.name === 'cancelled') {
    // Whoever waits on the line again has not cancelled.
    return before.state.name !== 'cancelled' && after.state.because === 'asked'
      ? 'cancelled'
      : undefined;
  }
  if (after.attempts.length > before.attempts.length && after.state.name === 'waiting') {
    const last = after.attempts.at(-1);
    return last !== undefined && MISSED.has(last.cause) ? 'missed' : undefined;
  }
  const isBooked = after.slot !== undefined && after.slot.from !== before.slot?.from;
  return isBooked && after.state.name === 'waiting' ? 'booked' : undefined;
}

/** The text for an occasion in the ticket's language; undefined if the operator wrote none. */
export function textFor(
  occasion: TextOccasion,
  ticket: Ticket,
  settings: MessageSettings,
  timeZone: string,
): string | undefined {
  const { language } = ticket.origin;
  const wording = settings.texts[occasion].get(language);
  const time = ticket.slot === undefined ? '' : spokenSpan(ticket.slot, language, timeZone);
  return wording
    ?.replaceAll('{number}', () => dialable(ticket.dnis))
    .replaceAll('{time}', () => time);
}

/** `1-800-555-0100` within the North American plan; elsewhere as it is. */
function dialable(number: E164): string {
  const nanp = /^\+1(\d{3})(\d{3})(\d{4})$/u.exec(number);
  return nanp === null ? number : `1-${nanp[1]}-${nanp[2]}-${nanp[3]}`;
}

/** `Wednesday, November 25 at 9:30 AM, eastern time`, in the time zone of the queue. */
function spokenSpan({ from }: Slot, language: string, timeZone: string): string {
  const time = new Intl.DateTimeFormat(language, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
  }).format(from);
  const zone = zoneWords(zoneName(timeZone)).map((part) => languageOf(language).parts.get(part));
  return [time, ...zone].join(', ');
}
