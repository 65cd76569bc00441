import { USUAL_CALLBACKS } from '../domain/callback/settings.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import { hasEnded, isUnderWay } from '../domain/callback/ticket-step.ts';
import type { EpochMs } from '../domain/ids.ts';
import { asKept } from '../domain/wait/kept-waits.ts';
import type { Dialler } from './callbacks/dialler.ts';
import type { KnownCallers } from './callers/known-callers.ts';
import type { FloorKeeper } from './line/floor-keeper.ts';
import type { WaitKeeper } from './line/wait-keeper.ts';
import type { Json } from './ports.ts';
import { keep, type Services } from './services.ts';
import type { TicketBook } from './tickets/ticket-book.ts';

/** What the housekeeping works with besides the services. */
export interface HouseholdRooms {
  readonly floor: FloorKeeper;
  readonly tickets: TicketBook;
  readonly dialler: Dialler;
  readonly waits: WaitKeeper;
  readonly known: KnownCallers;
}

const EVERY_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
/** What the names begin with under which the store remembers what was measured of each queue. */
const WAITS = 'waits ';

/** What is done every few minutes: old tickets expire, and what was measured is kept for the next start. */
export class Housekeeping {
  readonly #services: Services;
  readonly #rooms: HouseholdRooms;
  #cancel: () => void = () => undefined;

  constructor(services: Services, rooms: HouseholdRooms) {
    this.#services = services;
    this.#rooms = rooms;
  }

  /** Takes up what was measured before a stop; what can not be read is measured anew. @throws StoreFailure */
  async load(): Promise<void> {
    const memories = await this.#services.store.memories();
    this.#rooms.known.recall(memories);
    const waits = [...memories].filter(([name]) => name.startsWith(WAITS));
    const byQueue = waits.map(([name, value]) => [name.slice(WAITS.length), value] as const);
    const damaged = this.#rooms.waits.recall(Object.fromEntries(byQueue));
    if (damaged.length > 0) {
      this.#services.log.warn('what was measured of queues can not be read', {
        queues: damaged.join(' '),
      });
    }
  }

  start(): void {
    this.#cancel = this.#services.clock.startTimer(EVERY_MS, () => {
      this.#expireOld();
      this.#rooms.known.forgetOld();
      this.#keepMeasures();
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
    this.#keepMeasures();
  }

  /** Each queue by itself, so that no number of them is too many for one memory. */
  #keepMeasures(): void {
    for (const [queue, measured] of Object.entries(this.#rooms.waits.snapshot())) {
      // Numbers and lists alone, which the compiler can not tell of an interface.
      const value = asKept(measured) as unknown as Json;
      keep(this.#services, 'measures', [{ kind: 'memory', name: `${WAITS}${queue}`, value }]);
    }
  }

  #expireOld(): void {
    const now = this.#services.clock.now();
    for (const ticket of this.#rooms.tickets.waiting()) {
      if (this.#isTooOld(ticket, now)) this.#expire(ticket);
    }
  }

  /** A time that was booked counts from its end. */
  #isTooOld({ queue, registeredAt, slot }: Ticket, now: EpochMs): boolean {
    const settings = this.#services.plan().queues.get(queue)?.callback ?? USUAL_CALLBACKS;
    const since = Math.max(registeredAt, slot?.to ?? 0);
    return now - since > settings.retry.maxAgeHours * HOUR_MS;
  }

  #expire({ id }: Ticket): void {
    const { tickets, dialler, floor } = this.#rooms;
    const current = tickets.get(id);
    if (current === undefined || hasEnded(current) || isUnderWay(current)) return;
    tickets.move(id, { type: 'expired' }).catch((error: unknown) => {
      this.#services.log.error('a ticket did not expire', { ticketId: id, error: String(error) });
    });
    dialler.forget(id);
    if (floor.has(id)) floor.post({ type: 'left', entryId: id });
  }
}
