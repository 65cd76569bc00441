import type { EpochMs, TicketId } from '../../domain/ids.ts';
import type { Clock } from '../ports.ts';

/** How often the clock is looked at for a time of day: it may be set meanwhile. */
const LOOK_MS = 60_000;

/** One timer a ticket: when its pause is over. */
export class TicketTimers {
  readonly #clock: Clock;
  readonly #due: (ticketId: TicketId) => void;
  readonly #cancels = new Map<TicketId, () => void>();
  #closed = false;

  constructor(clock: Clock, due: (ticketId: TicketId) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  /** Due after so much time, however the clock is set; in place of an earlier timer. */
  start(ticketId: TicketId, afterMs: number): void {
    this.cancel(ticketId);
    if (this.#closed) return;
    const cancel = this.#clock.startTimer(Math.max(0, afterMs), () => {
      this.#cancels.delete(ticketId);
      this.#due(ticketId);
    });
    this.#cancels.set(ticketId, cancel);
  }

  /** Due at that time by the clock, also when the clock is set meanwhile; within a minute of it. */
  startAt(ticketId: TicketId, at: EpochMs): void {
    this.cancel(ticketId);
    if (this.#closed) return;
    const leftMs = Math.max(0, at - this.#clock.now());
    const cancel = this.#clock.startTimer(Math.min(leftMs, LOOK_MS), () => {
      this.#cancels.delete(ticketId);
      if (this.#clock.now() < at) this.startAt(ticketId, at);
      else this.#due(ticketId);
    });
    this.#cancels.set(ticketId, cancel);
  }

  cancel(ticketId: TicketId): void {
    this.#cancels.get(ticketId)?.();
    this.#cancels.delete(ticketId);
  }

  /** Ends all of them; none is set any more, so that a stopped server has nothing to wait for. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
