import type { Ticket } from '../domain/callback/ticket.ts';
import type { TicketId } from '../domain/ids.ts';

/** Hears of a ticket that changed from `before`; undefined if it is new. Must not throw. */
export type TicketListener = (before: Ticket | undefined, after: Ticket) => void;

/** Knows every open ticket as it was last, and so what is new about it. */
export class TicketChanges {
  readonly #open = new Map<TicketId, Ticket>();
  readonly #listeners: readonly TicketListener[];

  /** `open`: tickets that were open at the start; nobody is told of them. */
  constructor(open: readonly Ticket[], listeners: readonly TicketListener[]) {
    for (const ticket of open) this.#open.set(ticket.id, ticket);
    this.#listeners = listeners;
  }

  /** A ticket is new, or not what it was. */
  moved(after: Ticket): void {
    const before = this.#open.get(after.id);
    if (isOpen(after)) this.#open.set(after.id, after);
    else this.#open.delete(after.id);
    for (const listener of this.#listeners) listener(before, after);
  }
}

function isOpen({ state }: Ticket): boolean {
  return state.name === 'waiting' || state.name === 'dialling' || state.name === 'reached';
}
