import * as z from 'zod';
import { type RetryKind, USUAL_CALLBACKS } from '../../domain/callback/settings.ts';
import { WEEKDAYS } from '../../domain/hours/hours.ts';
import { KEYS } from '../../domain/ivr/keys.ts';
import { minutes, oneOf, whole } from './blocks.ts';
import { range } from './hours.ts';

const MAX_BUSY_HOURS = 24;
const MAX_FORECASTS = 100;

const trueOrFalse = z.boolean({ error: 'true or false' });
const key = oneOf(KEYS);

const aboveSeconds = whole(0, 7200, 'seconds');
const belowSeconds = whole(0, 7200, 'seconds');

const { offer: OFFER, dial: DIAL, retry: RETRY } = USUAL_CALLBACKS;

const busyHours = z.strictObject({ hours: range, aboveSeconds, belowSeconds });

const offer = z.strictObject({
  aboveSeconds: aboveSeconds
    .default(OFFER.aboveSeconds)
    .describe('Offering begins when the estimated wait is at least this.'),
  belowSeconds: belowSeconds
    .default(OFFER.belowSeconds)
    .describe('It goes on until the estimated wait falls below this; at most aboveSeconds.'),
  busyHours: z
    .array(busyHours)
    .max(MAX_BUSY_HOURS, { error: `at most ${MAX_BUSY_HOURS}` })
    .default([])
    .describe('Other thresholds at some hours of the day; the first that fits counts.'),
  maxOpenTickets: whole(0, 100_000, 'tickets')
    .default(OFFER.maxOpenTickets)
    .describe('Above it a slot is offered, or none.'),
  maxWaitMinutes: whole(1, 1440, 'minutes')
    .default(OFFER.maxWaitMinutes)
    .describe('A longer wait is not promised "in line"; a slot is offered, or none.'),
  againEverySeconds: whole(0, 3600, 'seconds')
    .default(OFFER.againEverySeconds)
    .describe('Callers on hold hear of the offer again at this interval; 0: never.'),
  key: key.default(OFFER.key).describe('Pressed on hold at any time, it leads to the offer.'),
});

const dial = z.strictObject({
  order: oneOf(['customerFirst', 'agentFirst']).default(DIAL.order),
  ringSeconds: whole(5, 120, 'seconds')
    .default(DIAL.ringSeconds)
    .describe("The customer's telephone rings this long."),
  confirmSeconds: whole(2, 30, 'seconds').default(DIAL.confirmSeconds).describe('Time to press 1.'),
  confirmTries: whole(1, 5).default(DIAL.confirmTries).describe('Times the question is asked.'),
  maxCallsOut: whole(1, 10_000, 'calls')
    .default(DIAL.maxCallsOut)
    .describe('Customers called at once.'),
  askCode: trueOrFalse
    .default(DIAL.askCode)
    .describe('Callers choose two digits that the callback says back.'),
});

function rule(kind: RetryKind) {
  const usual = RETRY.rules[kind];
  return z
    .strictObject({
      attempts: whole(1, 30)
        .default(usual.attempts)
        .describe('Attempts that may fail like this; faults in a row are one.'),
      pauseMinutes: minutes(0, 1440).default(usual.pauseMinutes),
      place: oneOf(['keep', 'back']).default(usual.place).describe('back: at the end of the line.'),
    })
    .prefault({});
}

const rules = z.strictObject({
  busy: rule('busy'),
  noAnswer: rule('noAnswer'),
  machine: rule('machine'),
  declined: rule('declined'),
  invalidNumber: rule('invalidNumber'),
  congestion: rule('congestion'),
  carrierFailure: rule('carrierFailure'),
  ourFailure: rule('ourFailure'),
} satisfies Record<RetryKind, z.ZodType>);

const retry = z.strictObject({
  maxAttempts: whole(1, 10)
    .default(RETRY.maxAttempts)
    .describe(
      'Calls in all that did not reach them. Failures of the carrier or ours do not count.',
    ),
  rules: rules.prefault({}),
  graceMinutes: whole(0, 1440, 'minutes')
    .default(RETRY.graceMinutes)
    .describe('Who calls in this long after a missed callback goes to the front.'),
  maxAgeHours: whole(1, 720, 'hours')
    .default(RETRY.maxAgeHours)
    .describe('After that a ticket expires.'),
});

const forecast = z.strictObject({
  days: z.array(oneOf(WEEKDAYS)).min(1, { error: 'at least one day' }),
  hours: range,
  agents: whole(0, 10_000, 'agents'),
});

const slots = z.strictObject({
  minutes: z
    .union([z.literal(15), z.literal(20), z.literal(30), z.literal(60)], {
      error: '15, 20, 30 or 60 minutes',
    })
    .default(30),
  bookableShare: z
    .number({ error: '0 to 1' })
    .min(0, { error: '0 to 1' })
    .max(1, { error: '0 to 1' })
    .default(0.5)
    .describe("Share of the staff's time that may be booked."),
  // From a Friday's evening to Monday's.
  horizonHours: whole(1, 336, 'hours').default(72).describe('How far ahead slots are offered.'),
  forecast: z
    .array(forecast)
    .max(MAX_FORECASTS, { error: `at most ${MAX_FORECASTS}` })
    .describe('Agents expected at work; the first that fits counts.'),
});

/** `callback` of a queue. */
export const callback = z.strictObject({
  offering: trueOrFalse.default(true).describe('Callers are offered callbacks.'),
  registering: trueOrFalse.default(true).describe('New callbacks are taken.'),
  dialling: trueOrFalse
    .default(true)
    .describe('Customers are called. Off: tickets keep their places.'),
  offer: offer.prefault({}),
  dial: dial.prefault({}),
  retry: retry.prefault({}),
  slots: slots.optional().describe("Callbacks at a time of the caller's choice. Left out: none."),
});
