import type { Ticket } from '../../domain/callback/ticket.ts';
import type { TicketId } from '../../domain/ids.ts';
import type { Change } from '../ports.ts';
import type { Services } from '../services.ts';

/** A ticket as it now is, and what the ledger has to say of its way there. */
interface TicketChange {
  readonly ticket: Ticket;
  readonly facts: readonly Change[];
}

/** How often the store is asked again for what it refused. */
const RETRY_MS = 5_000;

/**
 * Keeps the moves of tickets. A move that the store refused has happened all the same: it is
 * written with the ticket's next move or after a pause, so that nobody who was served, or who
 * cancelled, is called again after a restart.
 */
export class TicketWriter {
  readonly #services: Services;
  readonly #refused = new Map<TicketId, TicketChange>();
  /** Each ticket as it was moved last, until that is on disk. */
  readonly #unkept = new Map<TicketId, Ticket>();
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(services: Services) {
    this.#services = services;
  }

  /** A ticket as it was moved last, if that is not on disk yet. */
  unkept(id: TicketId): Ticket | undefined {
    return this.#unkept.get(id);
  }

  /** Resolves once the move is on disk. @throws StoreFailure; the move is then tried again. */
  async write(ticket: Ticket, facts: readonly Change[]): Promise<void> {
    const earlier = this.#refused.get(ticket.id)?.facts ?? [];
    this.#refused.delete(ticket.id);
    this.#unkept.set(ticket.id, ticket);
    const change = { ticket, facts: [...earlier, ...facts] };
    try {
      await this.#services.store.commit([{ kind: 'ticket', ticket }, ...change.facts]);
      // A move before this one may have been refused meanwhile: it must not come after.
      this.#refused.delete(ticket.id);
      if (this.#unkept.get(ticket.id) === ticket) this.#unkept.delete(ticket.id);
    } catch (error) {
      this.#keepForLater(change);
      throw error;
    }
  }

  /** Tries a last time, and sets no more timers. */
  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#retry();
  }

  #keepForLater({ ticket, facts }: TicketChange): void {
    const before = this.#refused.get(ticket.id)?.facts ?? [];
    this.#refused.set(ticket.id, { ticket, facts: [...before, ...facts] });
    if (this.#closed) return;
    this.#cancelRetry ??= this.#services.clock.startTimer(RETRY_MS, () => {
      this.#cancelRetry = undefined;
      this.#retry();
    });
  }

  #retry(): void {
    for (const { ticket } of this.#refused.values()) {
      this.write(ticket, []).catch((error: unknown) => {
        this.#services.log.error('a ticket is still not kept', {
          ticketId: ticket.id,
          error: String(error),
        });
      });
    }
  }
}
