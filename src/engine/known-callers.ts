import type { KnownCaller } from '../domain/call/caller.ts';
import { milliseconds, wasMissed } from '../domain/callback/retry.ts';
import { USUAL_CALLBACKS } from '../domain/callback/settings.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import type { E164, EpochMs } from '../domain/ids.ts';
import type { Terms } from '../domain/ivr/offer-dialogue.ts';
import type { Utterance } from '../domain/ivr/speech.ts';
import type { LineReader } from './line-reader.ts';
import type { Services } from './services.ts';
import type { TicketBook } from './ticket-book.ts';

/** Longest time after a missed callback for which the store is asked. */
const LONGEST_GRACE_MS = 24 * 3_600_000;

/** Recognises callers by the number shown: those who have a ticket, and those whom we just missed. */
export class KnownCallers {
  readonly #services: Services;
  readonly #tickets: TicketBook;
  readonly #lines: LineReader;

  constructor(services: Services, tickets: TicketBook, lines: LineReader) {
    this.#services = services;
    this.#tickets = tickets;
    this.#lines = lines;
  }

  /** Undefined for a stranger. A store that can not be asked makes everybody one who is not in line. */
  async find(ani: E164): Promise<KnownCaller | undefined> {
    const open = this.#tickets.open.ofNumber(ani);
    if (open !== undefined) {
      // Who is being called just now can not be in two places.
      return open.state.name === 'waiting' ? this.#known(open, this.#isInGrace(open)) : undefined;
    }
    const now = this.#services.clock.now();
    const recent = await this.#services.store
      .recentTicketOf(ani, now - LONGEST_GRACE_MS)
      .catch((error: unknown) => {
        this.#services.log.error('a caller could not be looked up', { error: String(error) });
        return undefined;
      });
    return recent !== undefined && this.#isInGrace(recent) ? this.#known(recent, true) : undefined;
  }

  #isInGrace({ attempts, queue }: Ticket): boolean {
    const last = attempts.at(-1);
    if (last === undefined || !wasMissed(attempts)) return false;
    const settings = this.#services.plan().queues.get(queue)?.callback ?? USUAL_CALLBACKS;
    const graceMs = milliseconds(settings.retry.graceMinutes);
    return this.#services.clock.now() - last.endedAt <= graceMs;
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

  #terms({ id, queue }: Ticket): Terms {
    const { slots, timeZone } = this.#lines.view(id, queue);
    return { slots, slot: undefined, timeZone, now: this.#services.clock.now(), askCode: false };
  }

  #wait({ id, queue, slot }: Ticket): readonly Utterance[] {
    const now: EpochMs = this.#services.clock.now();
    if (slot !== undefined && slot.to > now) {
      const { timeZone } = this.#lines.view(id, queue);
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
