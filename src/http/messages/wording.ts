import type { AttemptRecord, CancelReason, Slot, Ticket } from '../../domain/callback/ticket.ts';
import { hasEnded } from '../../domain/callback/ticket-step.ts';
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

/** Whoever waits on the line again knows it. */
const CANCELLED: Readonly<Record<CancelReason, TextOccasion | undefined>> = {
  asked: 'cancelled',
  numberRefused: 'ended',
  returned: undefined,
};

/** What a change of a ticket is to be texted as; undefined if it is not. */
export function occasionOf(before: Ticket | undefined, after: Ticket): TextOccasion | undefined {
  if (before === undefined) return after.slot === undefined ? 'registered' : 'booked';
  if (after.state.name === before.state.name && hasEnded(after)) return undefined;
  const last = after.attempts.length > before.attempts.length ? after.attempts.at(-1) : undefined;
  const missed = last !== undefined && MISSED.has(last.cause) ? 'missed' : undefined;
  switch (after.state.name) {
    case 'waiting':
      if (last !== undefined) return missed;
      return after.slot !== undefined && after.slot.from !== before.slot?.from
        ? 'booked'
        : undefined;
    case 'cancelled':
      return CANCELLED[after.state.because];
    case 'exhausted':
      // Who calls in soon after the last attempt is let to the front as well.
      return missed ?? 'ended';
    case 'expired':
      return 'ended';
    case 'dialling':
    case 'reached':
    case 'connected':
      return undefined;
  }
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
