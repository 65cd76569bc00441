import type { KnownCaller } from '../../domain/call/caller.ts';
import { lastMissed, milliseconds } from '../../domain/callback/retry.ts';
import { USUAL_CALLBACKS } from '../../domain/callback/settings.ts';
import type { Ticket } from '../../domain/callback/ticket.ts';
import type { E164, EpochMs, TicketId } from '../../domain/ids.ts';
import type { Terms } from '../../domain/ivr/offer-state.ts';
import type { Utterance } from '../../domain/ivr/speech.ts';
import type { LineReader } from '../line/line-reader.ts';
import type { Json } from '../ports.ts';
import { keep, type Services } from '../services.ts';
import type { TicketBook } from '../tickets/ticket-book.ts';

/** What the names begin with under which the store remembers whose grace is used. */
const GRACE = 'grace ';

/** Of the last hours; more than are missed in them. */
const MOST_GRACE_USED = 10_000;

/** Longest time after a missed callback for which the store is asked. */
const LONGEST_GRACE_MS = 24 * 3_600_000;

/** Recognises callers by the number shown: those who have a ticket, and those whom we just missed. */
export class KnownCallers {
  readonly #services: Services;
  readonly #tickets: TicketBook;
  readonly #lines: LineReader;
  /** Tickets whose callers have been let to the front, and when; oldest first. */
  readonly #graceUsed = new Map<TicketId, EpochMs>();

  constructor(services: Services, tickets: TicketBook, lines: LineReader) {
    this.#services = services;
    this.#tickets = tickets;
    this.#lines = lines;
  }

  /** Who was let to the front once is not the next time. @returns whether it is the first time */
  useGrace(ticketId: TicketId): boolean {
    if (this.#graceUsed.has(ticketId)) return false;
    const now = this.#services.clock.now();
    this.#graceUsed.set(ticketId, now);
    this.#remember(ticketId, now);
    return true;
  }

  /** Takes up what the store remembers of it. */
  recall(memories: ReadonlyMap<string, Json>): void {
    const used = [...memories].flatMap(([name, at]) =>
      name.startsWith(GRACE)
        ? [{ ticketId: name.slice(GRACE.length) as TicketId, at: typeof at === 'number' ? at : 0 }]
        : [],
    );
    used.sort((a, b) => a.at - b.at);
    for (const { ticketId, at } of used) this.#graceUsed.set(ticketId, at);
  }

  /** Forgets what can not be asked for any more. */
  forgetOld(): void {
    const since = this.#services.clock.now() - LONGEST_GRACE_MS;
    for (const [ticketId, at] of this.#graceUsed) {
      if (at >= since && this.#graceUsed.size <= MOST_GRACE_USED) break;
      this.#graceUsed.delete(ticketId);
      this.#remember(ticketId, null);
    }
  }

  #remember(ticketId: TicketId, value: EpochMs | null): void {
    keep(this.#services, 'grace', [{ kind: 'memory', name: `${GRACE}${ticketId}`, value }]);
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
