import * as z from 'zod';
import { DAY_MS, type DayNumber, dateText } from '../../domain/hours/zone-clock.ts';
import type { TicketId } from '../../domain/ids.ts';
import { TICKET_STATES } from '../../domain/notification/settings.ts';
import { MAX_REPORT_DAYS } from '../../domain/report/compile.ts';
import { GRAINS } from '../../domain/report/period.ts';
import { QUEUE_SWITCHES } from '../../engine/ticket-office.ts';
import { holdsNumber } from '../../observe/mask.ts';
import { senderOf } from '../messages/received.ts';

const MAX_NAME_LENGTH = 40;
const MAX_REASON_LENGTH = 200;
/** As long as the longest number with signs between its digits. */
const MAX_NUMBER_LENGTH = 40;
const MAX_PAGE = 200;

const queueId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/u, { error: 'The name of a queue.' })
  .meta({ examples: ['refunds'] });

const ticketId = z
  .custom<TicketId>((value) => typeof value === 'string' && /^ticket-[\w-]{1,80}$/u.test(value), {
    error: 'The id of a ticket, such as ticket-….',
  })
  .meta({ type: 'string', pattern: '^ticket-[\\w-]{1,80}$' });

const e164 = z
  .templateLiteral(['+', z.string().regex(/^[1-9]\d{6,14}$/u)], {
    error: 'A number in E.164, such as +18005550100.',
  })
  .meta({ examples: ['+18005550100'] });

/** RFC 3339, any offset; milliseconds since the epoch inside. */
const instant = z.iso
  .datetime({
    offset: true,
    error: 'A time with its offset (RFC 3339): 2026-11-25T09:30:00-05:00.',
  })
  .max(40);
const since1970 = instant.transform((text) => Date.parse(text));

const language = z
  .string()
  .regex(/^[a-z]{2}$/u, { error: 'A language of two letters, such as en.' });

const slot = z
  .strictObject({ from: since1970, to: since1970 })
  .refine(({ from, to }) => from < to, { error: 'from before to' })
  .meta({ description: 'A span of time; `to` excluded.' });

const NO_NUMBERS = 'No telephone number: not seven or more digits in a row.';
const reason = z
  .string()
  .min(1)
  .max(MAX_REASON_LENGTH)
  .regex(/^[^\p{Cc}]*\S[^\p{Cc}]*$/u, { error: 'Text on one line.' })
  .refine((text) => !holdsNumber(text), {
    error: `${NO_NUMBERS} The ledger keeps it for years.`,
  })
  .meta({ description: `Kept in the ledger. No personal data. ${NO_NUMBERS}` });

/** Who asks for a callback for somebody, by web or app. */
export const createTicket = z.strictObject({
  queue: queueId,
  number: z
    .string()
    .min(1)
    .max(MAX_NUMBER_LENGTH)
    .meta({ description: 'As the customer gave it.', examples: ['(202) 555-0123'] }),
  dnis: e164.meta({ description: 'Which of our numbers is shown to the customer.' }),
  language: language.optional().meta({ description: 'Left out: the language of the system.' }),
  textTelephone: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether the customer has a text telephone (TTY).' }),
  again: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether another is wanted where the number has an open one.' }),
  slot: slot.optional().meta({ description: 'Left out: as soon as it is their turn.' }),
  promptVersion: z
    .string()
    .regex(/^[\w.:-]{1,64}$/u, { error: '1 to 64 letters, digits and . : _ -' })
    .meta({ description: 'Version of the wording that the customer agreed to.' }),
});

export const rescheduleTicket = z.strictObject({
  slot: slot.nullable().meta({ description: 'null: back in line, at its place.' }),
});

export const moveTicket = z
  .strictObject({
    position: z.enum(['front', 'back', 'before']),
    ticket: ticketId.optional().meta({ description: 'With `before`: the one to stand before.' }),
    reason,
  })
  .refine(({ position, ticket }) => (position === 'before') === (ticket !== undefined), {
    path: ['ticket'],
    error: 'With position "before" the id of a ticket, otherwise nothing.',
  });

export const turnSwitch = z.strictObject({
  on: z
    .boolean({ error: ({ input }) => (input === undefined ? undefined : 'true, false or null.') })
    .nullable()
    .meta({ description: 'null: as queues.yaml says.' }),
  reason,
});

const SENDER_FORM = 'A number in E.164, or ten digits.';
const sender = z
  .string()
  .max(MAX_NUMBER_LENGTH)
  .transform((text, context) => {
    const number = senderOf(text);
    if (number !== undefined) return number;
    context.addIssue({ code: 'custom', message: SENDER_FORM });
    return z.NEVER;
  });

export const receivedMessage = z.strictObject({
  from: sender.meta({ description: `Who wrote. ${SENDER_FORM}` }),
  text: z.string().max(2000),
});

export const noBody = z.strictObject({});

export const ticketPath = z.strictObject({ id: ticketId });
export const queuePath = z.strictObject({ id: queueId });
export const switchPath = z.strictObject({ id: queueId, which: z.enum(QUEUE_SWITCHES) });
export const namePath = z.strictObject({ name: z.string().max(MAX_NAME_LENGTH) });

export const listQuery = z.strictObject({
  queue: queueId,
  cursor: z
    .string()
    .regex(/^[\w-]{1,200}$/u, { error: 'next of the page before.' })
    .optional()
    .meta({ description: '`next` of the page before.' }),
  limit: wholeText(1, MAX_PAGE).default(50),
});

export const slotsQuery = z.strictObject({
  from: since1970.optional().meta({ description: 'Left out: from now on.' }),
});

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/u, { error: 'A day, such as 2026-11-25.' })
  .transform((text, context): DayNumber => {
    const number = Date.parse(`${text}T00:00:00Z`) / DAY_MS;
    // Some engines take 30 February for 2 March.
    if (Number.isInteger(number) && dateText(number) === text) return number;
    context.addIssue({ code: 'custom', message: 'There is no such day.' });
    return z.NEVER;
  })
  .meta({ format: 'date' });

export const reportQuery = z
  .strictObject({
    queue: queueId.optional().meta({ description: 'Left out: every queue.' }),
    from: day.meta({ description: 'First day, in the time zone of each queue.' }),
    to: day.meta({ description: 'Last day, included.' }),
    by: z.enum(GRAINS).default('day'),
    format: z.enum(['json', 'csv']).default('json'),
  })
  .refine(({ from, to }) => from <= to && to - from < MAX_REPORT_DAYS, {
    path: ['to'],
    error: `From the first day on, at most ${MAX_REPORT_DAYS} days.`,
  });

/** A whole number as it stands in an address. */
function wholeText(least: number, most: number) {
  const error = `A whole number from ${least} to ${most}.`;
  return z
    .string()
    .regex(/^\d{1,6}$/u, { error })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error });
}

/** Names of the states, for answers. */
export const stateName = z.enum(TICKET_STATES);
