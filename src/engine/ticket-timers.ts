import type { TicketId } from '../domain/ids.ts';
import type { Clock } from './ports.ts';

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

  /** Sets the ticket's timer in place of an earlier one. */
  start(ticketId: TicketId, afterMs: number): void {
    this.cancel(ticketId);
    if (this.#closed) return;
    const cancel = this.#clock.startTimer(Math.max(0, afterMs), () => {
      this.#cancels.delete(ticketId);
      this.#due(ticketId);
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
