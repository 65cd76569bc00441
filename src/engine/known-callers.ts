import type { KnownCaller } from '../domain/call/caller.ts';
import { lastMissed, milliseconds } from '../domain/callback/retry.ts';
import { USUAL_CALLBACKS } from '../domain/callback/settings.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import type { E164, EpochMs, TicketId } from '../domain/ids.ts';
import type { Terms } from '../domain/ivr/offer-state.ts';
import type { Utterance } from '../domain/ivr/speech.ts';
import type { LineReader } from './line-reader.ts';
import type { Services } from './services.ts';
import type { TicketBook } from './ticket-book.ts';

/** Of the last hours; more than are missed in them. */
const MOST_GRACE_USED = 10_000;

/** Longest time after a missed callback for which the store is asked. */
const LONGEST_GRACE_MS = 24 * 3_600_000;

/** Recognises callers by the number shown: those who have a ticket, and those whom we just missed. */
export class KnownCallers {
  readonly #services: Services;
  readonly #tickets: TicketBook;
  readonly #lines: LineReader;
  /** Ended tickets whose callers have been let to the front; oldest first. */
  readonly #graceUsed = new Set<TicketId>();

  constructor(services: Services, tickets: TicketBook, lines: LineReader) {
    this.#services = services;
    this.#tickets = tickets;
    this.#lines = lines;
  }

  /** Who was let to the front once is a stranger the next time. */
  graceUsed(ticketId: TicketId): void {
    this.#graceUsed.add(ticketId);
    for (const oldest of this.#graceUsed) {
      if (this.#graceUsed.size <= MOST_GRACE_USED) break;
      this.#graceUsed.delete(oldest);
    }
  }

  /** Undefined for a stranger. A store that can not be asked makes everybody one who is not in line. */
  async find(ani: E164): Promise<KnownCaller | undefined> {
    const open = this.#tickets.open.ofNumber(ani);
    if (open !== undefined) {
      // Who is spoken with just now on another telephone is a stranger on this one.
      return open.state.name === 'reached' ? undefined : this.#known(open, this.#isInGrace(open));
    }
    const now = this.#services.clock.now();
    const recent = await this.#services.store
      .recentTicketOf(ani, now - LONGEST_GRACE_MS)
      .catch((error: unknown) => {
        this.#services.log.error('a caller could not be looked up', { error: String(error) });
        return undefined;
      });
    if (recent === undefined || this.#graceUsed.has(recent.id)) return undefined;
    return this.#isInGrace(recent) ? this.#known(recent, true) : undefined;
  }

  #isInGrace({ attempts, queue }: Ticket): boolean {
    const missed = lastMissed(attempts);
    if (missed === undefined) return false;
    const settings = this.#services.plan().queues.get(queue)?.callback ?? USUAL_CALLBACKS;
    const graceMs = milliseconds(settings.retry.graceMinutes);
    return this.#services.clock.now() - missed.endedAt <= graceMs;
  }

  #known(ticket: Ticket, missed: boolean): KnownCaller {
    const { id, queue, number } = ticket;
    return {
      ticket: {
        id,
        lastFour: number.slice(-4),
        wait: this.#wait(ticket),
        terms: this.#terms(ticket),
      },
      queue,
      wasMissed: missed,
    };
  }

  #terms({ id, queue, number }: Ticket): Terms {
    const { slots, timeZone } = this.#lines.view(id, queue, number);
    return { slots, slot: undefined, timeZone, now: this.#services.clock.now(), askCode: false };
  }

  #wait({ id, queue, number, slot }: Ticket): readonly Utterance[] {
    const now: EpochMs = this.#services.clock.now();
    if (slot !== undefined && slot.to > now) {
      const { timeZone } = this.#lines.view(id, queue, number);
      return [{ say: 'slot', ...slot, timeZone, now }];
    }
    const { wait } = this.#lines.placeOf(id, queue);
    const { lowSeconds, highSeconds } = wait;
    return [
      { say: 'prompt', prompt: 'wait-intro' },
      { say: 'waitRange', lowSeconds, highSeconds },
    ];
  }
}
