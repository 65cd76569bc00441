import type { Ticket } from '../domain/callback/ticket.ts';
import { hasEnded } from '../domain/callback/ticket-step.ts';
import type { TicketId } from '../domain/ids.ts';
import type { Change } from '../engine/ports.ts';

/** What is to be kept together with changes, so that it is if and only if they are. */
export interface News {
  readonly changes: readonly Change[];
  /** To be told once whether all of it is on disk. */
  readonly settled: (kept: boolean) => void;
}

/** Makes news of a ticket that changed from `before`; undefined if it is new. Must not throw. */
export type NewsMaker = (before: Ticket | undefined, after: Ticket) => News;

/** Knows every open ticket as it was last written, and so what is new about it. */
export class TicketNews {
  readonly #open = new Map<TicketId, Ticket>();
  readonly #make: NewsMaker;

  /** `open`: tickets that were open at the start; they are no news. */
  constructor(open: readonly Ticket[], make: NewsMaker) {
    for (const ticket of open) this.#open.set(ticket.id, ticket);
    this.#make = make;
  }

  /** The news in changes that are about to be written. */
  of(changes: readonly Change[]): News {
    const news = changes.flatMap((change) =>
      change.kind === 'ticket' ? [this.#ofTicket(change.ticket)] : [],
    );
    return {
      changes: news.flatMap((each) => each.changes),
      settled: (kept) => {
        for (const each of news) each.settled(kept);
      },
    };
  }

  #ofTicket(after: Ticket): News {
    const { id } = after;
    const before = this.#open.get(id);
    this.#open.set(id, after);
    const { changes, settled } = this.#make(before, after);
    return {
      changes,
      settled: (kept) => {
        settled(kept);
        if (this.#open.get(id) !== after) return;
        if (!kept && before !== undefined) this.#open.set(id, before);
        else if (!kept || hasEnded(after)) this.#open.delete(id);
      },
    };
  }
}
