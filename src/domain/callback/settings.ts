import type { DayRange, Weekday } from '../hours/hours.ts';
import type { Key } from '../ivr/keys.ts';

/** The offer of a callback and how it is kept; what operators set under `callback` of a queue. */
export interface CallbackSettings {
  /** Three switches, each on its own. Callers are told of callbacks. */
  readonly offering: boolean;
  /** New callbacks are taken, from callers and by API. */
  readonly registering: boolean;
  /** Customers are called. Off: tickets keep their places. */
  readonly dialling: boolean;
  readonly offer: OfferSettings;
  readonly dial: DialSettings;
  readonly retry: RetrySettings;
  /** Undefined: no slots are offered. */
  readonly slots: SlotSettings | undefined;
}

/** When a callback is offered. */
interface OfferSettings extends OfferThreshold {
  /** Other thresholds for hours of the day, in the queue's time zone; the first that fits counts. */
  readonly busyHours: readonly BusyHours[];
  /** Tickets open at once; above it a slot is offered. */
  readonly maxOpenTickets: number;
  /** Longest wait that is promised "in line"; above it a slot is offered. */
  readonly maxWaitMinutes: number;
  /** Said again on hold at this interval; 0: never. */
  readonly againEverySeconds: number;
  /** Pressed on hold at any time it leads to the offer. */
  readonly key: Key;
}

/**
 * Hysteresis: offering begins when the wait is estimated at `aboveSeconds` or more and goes on until it
 * falls below `belowSeconds`.
 */
export interface OfferThreshold {
  readonly aboveSeconds: number;
  /** At most `aboveSeconds`. */
  readonly belowSeconds: number;
}

interface BusyHours extends OfferThreshold, DayRange {}

/** How a customer is called. */
export interface DialSettings {
  /** Whether the customer or the agent is called first. */
  readonly order: 'customerFirst' | 'agentFirst';
  /** The customer's telephone rings this long. */
  readonly ringSeconds: number;
  /** Time to press 1 after the greeting of a callback has been heard. */
  readonly confirmSeconds: number;
  /** Times the greeting of a callback is said before "no key" ends it. */
  readonly confirmTries: number;
  /** Customers of this queue called at once; who talks with an agent is not called any more. */
  readonly maxCallsOut: number;
  /** Whether callers choose two digits that the callback says, so that they know who calls. */
  readonly askCode: boolean;
}

/** Kinds of failure that an operator rules on. */
export type RetryKind =
  | 'busy'
  | 'noAnswer'
  | 'machine'
  | 'declined'
  | 'invalidNumber'
  | 'congestion'
  | 'carrierFailure'
  | 'ourFailure';

/** What follows an attempt that failed. */
export interface RetryRule {
  /**
   * Attempts that may fail in this way before the ticket ends; of the carrier's and our own failures
   * those in a row are one.
   */
  readonly attempts: number;
  /** Pause before the next; for the carrier's and our own failures doubled by each further one. */
  readonly pauseMinutes: number;
  /** `back`: at the end of the line. */
  readonly place: 'keep' | 'back';
}

export interface RetrySettings {
  /** Attempts in all that failed on the customer's side. */
  readonly maxAttempts: number;
  readonly rules: Readonly<Record<RetryKind, RetryRule>>;
  /** After a missed callback, calling in within this time leads back to the front. */
  readonly graceMinutes: number;
  /** A ticket that has not been served after this ends as expired. */
  readonly maxAgeHours: number;
}

/** Callbacks at a time of the caller's choice. */
export interface SlotSettings {
  /** Length of a slot; divides an hour. */
  readonly minutes: number;
  /** Share of the staff's time that may be booked, 0 to 1. */
  readonly bookableShare: number;
  /** Slots are offered up to this many hours ahead. */
  readonly horizonHours: number;
  /** Agents expected at work; outside of these times no slot is offered. The first that fits counts. */
  readonly forecast: readonly StaffForecast[];
}

/** Agents expected at work for the queue, in the queue's time zone. */
interface StaffForecast extends DayRange {
  readonly days: readonly Weekday[];
  readonly agents: number;
}

/** What holds unless an operator says otherwise; also for tickets of a queue that was taken out. */
export const USUAL_CALLBACKS: CallbackSettings = {
  offering: true,
  registering: true,
  dialling: true,
  offer: {
    aboveSeconds: 60,
    belowSeconds: 40,
    busyHours: [],
    maxOpenTickets: 1000,
    maxWaitMinutes: 240,
    againEverySeconds: 120,
    key: '2',
  },
  dial: {
    order: 'customerFirst',
    ringSeconds: 30,
    confirmSeconds: 8,
    confirmTries: 2,
    maxCallsOut: 100,
    askCode: false,
  },
  retry: {
    maxAttempts: 3,
    rules: {
      busy: { attempts: 3, pauseMinutes: 5, place: 'keep' },
      noAnswer: { attempts: 3, pauseMinutes: 10, place: 'keep' },
      machine: { attempts: 2, pauseMinutes: 15, place: 'keep' },
      declined: { attempts: 2, pauseMinutes: 15, place: 'keep' },
      invalidNumber: { attempts: 1, pauseMinutes: 0, place: 'keep' },
      congestion: { attempts: 30, pauseMinutes: 1, place: 'keep' },
      carrierFailure: { attempts: 30, pauseMinutes: 1, place: 'keep' },
      ourFailure: { attempts: 30, pauseMinutes: 1, place: 'keep' },
    },
    graceMinutes: 30,
    maxAgeHours: 72,
  },
  slots: undefined,
};
