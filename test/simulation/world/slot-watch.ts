import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { hasEnded } from '../../../src/domain/callback/ticket-step.ts';
import type { TicketId } from '../../../src/domain/ids.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Breaks } from './diary.ts';

/** A booking is judged at most so long before it is told. */
const SLACK_MS = 5_000;

/** Counts who is booked for when, and holds it against the time that the forecast staff has. */
export class SlotWatch {
  readonly #plan: () => Plan;
  readonly #breaks: Breaks;
  readonly #booked = new Map<string, Set<TicketId>>();
  readonly #slotOf = new Map<TicketId, string>();
  /** Handle times of each queue in the last moments, oldest first. */
  readonly #handleTimes = new Map<string, { readonly at: number; readonly seconds: number }[]>();
  /** Bookings seen. */
  bookings = 0;
  /** Slots that were seen full. */
  readonly full = new Set<string>();

  constructor(plan: () => Plan, breaks: Breaks) {
    this.#plan = plan;
    this.#breaks = breaks;
  }

  /** A new process has nobody but who is in the store. */
  restarted(tickets: Iterable<Ticket>): void {
    this.#booked.clear();
    this.#slotOf.clear();
    this.#handleTimes.clear();
    for (const ticket of tickets) this.#book(ticket);
  }

  handleTime(queue: string, seconds: number, now: number): void {
    const times = this.#handleTimes.get(queue) ?? [];
    if (times.at(-1)?.seconds !== seconds) times.push({ at: now, seconds });
    while (times.length > 1 && now - (times[1]?.at ?? now) > SLACK_MS) times.shift();
    this.#handleTimes.set(queue, times);
  }

  moved(ticket: Ticket): void {
    const slot = this.#book(ticket);
    if (slot === undefined) return;
    this.bookings += 1;
    const count = this.#booked.get(slot)?.size ?? 0;
    const capacity = this.#capacity(ticket.queue);
    if (count > capacity) this.#breaks(`${count} are booked where ${capacity} can be`, [ticket.id]);
    if (count === capacity) this.full.add(slot);
  }

  /** @returns the slot if it is a new booking. */
  #book(ticket: Ticket): string | undefined {
    const { id, queue, slot } = ticket;
    const before = this.#slotOf.get(id);
    const after = slot === undefined || hasEnded(ticket) ? undefined : `${queue} ${slot.from}`;
    if (before === after) return undefined;
    if (before !== undefined) this.#booked.get(before)?.delete(id);
    if (after === undefined) {
      this.#slotOf.delete(id);
      return undefined;
    }
    this.#slotOf.set(id, after);
    this.#booked.set(after, (this.#booked.get(after) ?? new Set()).add(id));
    return after;
  }

  /** Of the sample's forecast, which says the same for every hour. */
  #capacity(queue: string): number {
    const settings = this.#plan().queues.get(queue)?.callback.slots;
    const agents = settings?.forecast[0]?.agents ?? 0;
    const times = this.#handleTimes.get(queue) ?? [];
    const expected = this.#plan().queues.get(queue)?.expectedHandleSeconds ?? 0;
    // Before anybody was served, the operators' guess counts.
    const measured = times.length === 0 ? [expected] : times.map(({ seconds }) => seconds);
    const shortest = Math.min(...measured);
    if (settings === undefined) return 0;
    return Math.floor(((agents * settings.minutes * 60) / shortest) * settings.bookableShare);
  }
}
