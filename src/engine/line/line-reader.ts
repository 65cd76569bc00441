import type { LineView } from '../../domain/call/caller.ts';
import { isOffering } from '../../domain/callback/offer.ts';
import { freeSlots, isBookable, type SlotBook } from '../../domain/callback/slots.ts';
import type { Slot } from '../../domain/callback/ticket.ts';
import { sizeOf, valueAt } from '../../domain/collections/ordered-map.ts';
import { mayCall } from '../../domain/hours/calling-hours.ts';
import { closesAt, isOpen, type OpeningHours } from '../../domain/hours/hours.ts';
import type { E164, EpochMs, QueueId } from '../../domain/ids.ts';
import type { EntryId, QueueOnFloor } from '../../domain/queue/floor.ts';
import { countForWait } from '../../domain/queue/line.ts';
import type { PlannedStaff, WaitEstimate } from '../../domain/wait/wait-estimate.ts';
import type { Services } from '../services.ts';
import type { TicketBook } from '../tickets/ticket-book.ts';
import type { FloorKeeper } from './floor-keeper.ts';
import { StaffPlan } from './staff-plan.ts';
import type { Switches } from './switches.ts';
import type { WaitKeeper } from './wait-keeper.ts';

/** Slots that are told of at once. */
const MAX_SLOTS_OFFERED = 6;
/** Trunks without room for so long limit what is promised. */
const TRUNKS_FULL_MS = 60_000;
/** Of a queue that has no hours. */
const NO_ZONE = 'UTC';

/** Place and wait of somebody in line. */
export interface PlaceInLine {
  readonly ahead: number;
  readonly wait: WaitEstimate;
}

/** Reads the lines: places, waits, what is to be offered, which times are free. */
export class LineReader {
  readonly #services: Services;
  readonly #floor: FloorKeeper;
  readonly #tickets: TicketBook;
  readonly #waits: WaitKeeper;
  readonly #switches: Switches;
  readonly #staffPlan = new StaffPlan();
  readonly #isOffering = new Map<QueueId, boolean>();
  #fullSince: EpochMs | undefined;

  constructor(
    services: Services,
    rooms: {
      readonly floor: FloorKeeper;
      readonly tickets: TicketBook;
      readonly waits: WaitKeeper;
      readonly switches: Switches;
    },
  ) {
    this.#services = services;
    this.#floor = rooms.floor;
    this.#tickets = rooms.tickets;
    this.#waits = rooms.waits;
    this.#switches = rooms.switches;
  }

  /** Place and wait of somebody in line; the end of the line for somebody who is not. */
  placeOf(entryId: EntryId | undefined, queueId: QueueId): PlaceInLine {
    const queue = this.#floor.floor.queues.get(queueId);
    const placed = entryId === undefined ? undefined : valueAt(this.#floor.floor.entries, entryId);
    if (queue === undefined || placed?.agentId !== undefined) {
      return { ahead: 0, wait: this.#estimate(queueId, queue, 0, 0, true) };
    }
    const counted = countForWait(queue.line, placed?.entry);
    const { holders } = counted;
    // While nobody may be called, who is on the line does not wait for tickets.
    const passes = queue.calls.left <= 0 && placed?.entry.kind !== 'ticket';
    const tickets = passes ? 0 : counted.tickets;
    const wait = this.#estimate(queueId, queue, holders, tickets, false);
    return { ahead: holders + tickets, wait };
  }

  #estimate(
    queueId: QueueId,
    queue: QueueOnFloor | undefined,
    holdersAhead: number,
    ticketsAhead: number,
    isServed: boolean,
  ): WaitEstimate {
    const now = this.#services.clock.now();
    const free = queue === undefined ? 0 : sizeOf(queue.free);
    return this.#waits.estimate(queueId, {
      holdersAhead,
      ticketsAhead,
      staffed: queue?.staffed ?? 0,
      plannedStaff: this.#plannedStaff(queueId, queue, now),
      free: isServed ? Math.max(1, free) : free,
      soonFreeSeconds: this.#floor.wrapUpsOf(queueId).map((until) => (until - now) / 1000),
      wrapUpSeconds: queue?.settings.wrapUpSeconds ?? 0,
      // After closing, those who are there still serve who holds.
      secondsToClosing: this.#secondsToClosing(queueId) || Number.POSITIVE_INFINITY,
    });
  }

  #plannedStaff(
    queueId: QueueId,
    queue: QueueOnFloor | undefined,
    now: EpochMs,
  ): readonly PlannedStaff[] {
    const forecast = queue?.settings.callback.slots?.forecast;
    if (queue === undefined || forecast === undefined || queue.staffed === 0) return [];
    const timeZone = this.#hoursOf(queueId)?.timeZone ?? NO_ZONE;
    return this.#staffPlan.ahead(queueId, { forecast, timeZone, staffed: queue.staffed }, now);
  }

  /** The line as a caller's rules see it. `number`: theirs, as far as it is known. */
  view(entryId: EntryId, queueId: QueueId, number: E164 | undefined): LineView {
    const { ahead, wait } = this.placeOf(entryId, queueId);
    const slots = this.slots(queueId, MAX_SLOTS_OFFERED, number);
    return {
      ahead,
      waitSeconds: wait.seconds,
      lowSeconds: wait.lowSeconds,
      highSeconds: wait.highSeconds,
      openTickets: this.#tickets.open.countIn(queueId),
      secondsToClosing: this.#secondsToClosing(queueId),
      isOffering: this.#offers(queueId),
      offering: this.#switches.isOn(queueId, 'offering'),
      registering: this.#switches.isOn(queueId, 'registering'),
      trunksFree: this.#trunksFree(),
      slotsFree: slots.length > 0,
      slots,
      timeZone: this.#hoursOf(queueId)?.timeZone ?? NO_ZONE,
    };
  }

  /** What was said to somebody; its truth is measured. */
  quoted(entryId: EntryId, queueId: QueueId): void {
    const { wait } = this.placeOf(entryId, queueId);
    this.#waits.quoted(entryId, wait, this.#services.clock.now());
  }

  /**
   * Times that can be booked, soonest first, none that begins before `from`; with a number such as it
   * may be called at.
   */
  slots(
    queueId: QueueId,
    limit: number,
    number: E164 | undefined,
    from: EpochMs = Number.NEGATIVE_INFINITY,
  ): readonly Slot[] {
    const book = this.#slotBook(queueId, number);
    if (book === undefined) return [];
    const suits = (at: EpochMs) => at >= from && book.suits(at);
    return freeSlots({ ...book, suits }, this.#services.clock.now(), limit);
  }

  canBook(queueId: QueueId, slot: Slot, number: E164): boolean {
    const book = this.#slotBook(queueId, number);
    return book !== undefined && isBookable(book, slot, this.#services.clock.now());
  }

  #slotBook(queueId: QueueId, number: E164 | undefined): SlotBook | undefined {
    const settings = this.#floor.settingsOf(queueId)?.callback.slots;
    if (settings === undefined) return undefined;
    return {
      settings,
      hours: this.#hoursOf(queueId),
      handleSeconds: this.#waits.handleSeconds(queueId),
      booked: this.#tickets.open.bookedIn(queueId),
      suits: (at) => number === undefined || mayCall(number, this.#services.plan().numbers, at).ok,
    };
  }

  /** Judged by the end of the line, so that who stands at its head does not end the offer for all. */
  #offers(queueId: QueueId): boolean {
    const waitSeconds = this.placeOf(undefined, queueId).wait.seconds;
    const callback = this.#floor.settingsOf(queueId)?.callback;
    if (callback === undefined) return false;
    const offers = isOffering(
      callback,
      this.#hoursOf(queueId),
      waitSeconds,
      this.#isOffering.get(queueId) ?? false,
      this.#services.clock.now(),
    );
    this.#isOffering.set(queueId, offers);
    return offers;
  }

  /** Full for a moment is not full: callbacks are for later. */
  #trunksFree(): boolean {
    const now = this.#services.clock.now();
    if (this.#services.telephony.outgoingCapacity() > 0) this.#fullSince = undefined;
    else this.#fullSince ??= now;
    return this.#fullSince === undefined || now - this.#fullSince < TRUNKS_FULL_MS;
  }

  #hoursOf(queueId: QueueId): OpeningHours | undefined {
    const hours = this.#floor.settingsOf(queueId)?.hours;
    return hours === undefined ? undefined : this.#services.plan().hours.get(hours);
  }

  #secondsToClosing(queueId: QueueId): number | undefined {
    const hours = this.#hoursOf(queueId);
    const now = this.#services.clock.now();
    if (hours !== undefined && !isOpen(hours, now)) return 0;
    const closing = hours === undefined ? undefined : closesAt(hours, now);
    return closing === undefined ? undefined : (closing - now) / 1000;
  }
}
