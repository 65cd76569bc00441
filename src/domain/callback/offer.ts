import { localTime, type OpeningHours } from '../hours/hours.ts';
import type { EpochMs } from '../ids.ts';
import type { CallbackSettings, OfferThreshold } from './settings.ts';

/** What the offer depends on, as it is when a caller joins the line or asks for it. */
export interface OfferView {
  readonly waitSeconds: number;
  /** Tickets open in the queue. */
  readonly openTickets: number;
  /** Seconds until the queue closes; undefined while it never does. */
  readonly secondsToClosing: number | undefined;
  /** Whether the queue offers now, by `isOffering`. */
  readonly isOffering: boolean;
  /** The switches as they are turned. */
  readonly offering: boolean;
  readonly registering: boolean;
  /** Whether calls to customers can be placed: trunks had room lately. */
  readonly trunksFree: boolean;
  /** Whether a slot can be booked. */
  readonly slotsFree: boolean;
}

/**
 * `line`: keep the place. `nextMorning`: keep it, though the queue will close before their turn.
 * `slot`: a time to choose.
 */
export type Offer = 'line' | 'nextMorning' | 'slot' | 'none';

/**
 * What a caller is offered. Where the place in line can not well be promised (too many
 * tickets, too long a wait, closing before their turn) a slot is offered. Who waits long is never
 * refused a callback for that: without slots they are told the truth and keep their place.
 * `asked`: the caller pressed the key, so that the threshold does not matter.
 */
export function chooseOffer(settings: CallbackSettings, view: OfferView, asked: boolean): Offer {
  if (!view.registering) return 'none';
  if (!asked && !(view.offering && view.isOffering)) return 'none';
  // The queue offers, but this caller's turn is near.
  if (!asked && view.waitSeconds < settings.offer.belowSeconds) return 'none';
  const { maxOpenTickets, maxWaitMinutes } = settings.offer;
  const isTooLong = view.waitSeconds > maxWaitMinutes * 60;
  const closesBefore =
    view.secondsToClosing !== undefined && view.waitSeconds > view.secondsToClosing;
  const isFull = view.openTickets >= maxOpenTickets || !view.trunksFree;
  if (!isTooLong && !closesBefore && !isFull) return 'line';
  if (view.slotsFree) return 'slot';
  if (isFull) return 'none';
  return closesBefore ? 'nextMorning' : 'line';
}

/**
 * Whether a queue offers callbacks, with hysteresis: from `aboveSeconds` on, until the wait falls
 * below `belowSeconds`.
 */
export function isOffering(
  settings: CallbackSettings,
  hours: OpeningHours | undefined,
  waitSeconds: number,
  wasOffering: boolean,
  now: EpochMs,
): boolean {
  const { aboveSeconds, belowSeconds } = thresholdAt(settings, hours, now);
  return waitSeconds >= (wasOffering ? belowSeconds : aboveSeconds);
}

function thresholdAt(
  { offer }: CallbackSettings,
  hours: OpeningHours | undefined,
  now: EpochMs,
): OfferThreshold {
  if (offer.busyHours.length === 0) return offer;
  const { minute } = localTime(hours?.timeZone ?? 'UTC', now);
  return (
    offer.busyHours.find(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute) ??
    offer
  );
}
