import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import type { OfficeRefusal, TicketView } from '../../../src/engine/ticket-office.ts';
import { fictionalNumber } from './people.ts';
import type { World } from './world.ts';

const DNIS = '+18005550100';
const QUEUES = ['refunds', 'general'];
const SWITCHES = ['offering', 'registering', 'dialling'] as const;
/** Of numbers that programs ask to be called. */
const AREA_CODES = ['281', '301', '302', '304'];
const REFUSED = ['+18005550100', '+19005550123', '911', ''];
const MINUTE_MS = 60_000;
/** What the disk of a bad day refuses, and a process that died under a request. */
const EXPECTED = /injected|the process is dead/u;

/** How many of each were done, and how many refused. */
export type OfficeCounts = Map<string, number>;

/** Programs ask for callbacks, and operators change them, every few seconds of the day. */
export function officeAtWork(world: World, untilMs: number): OfficeCounts {
  const counts: OfficeCounts = new Map();
  const act = new OfficeHours(world, counts);
  const again = (): void => {
    if (world.clock.now() > untilMs) {
      act.everythingOn();
      return;
    }
    act.something();
    world.clock.startTimer(world.random.exponential(25) * 1_000, again);
  };
  again();
  return counts;
}

class OfficeHours {
  readonly #world: World;
  readonly #counts: OfficeCounts;
  #created = 0;

  constructor(world: World, counts: OfficeCounts) {
    this.#world = world;
    this.#counts = counts;
  }

  something(): void {
    const { random } = this.#world;
    const queue = QUEUES[random.below(QUEUES.length)] ?? '';
    const dice = random.unit();
    if (dice < 0.3) this.#create(queue);
    else if (dice < 0.5) this.#withTicket(queue, (ticket) => this.#move(queue, ticket));
    else if (dice < 0.7) this.#withTicket(queue, (ticket) => this.#reschedule(queue, ticket));
    else if (dice < 0.8) this.#withTicket(queue, (ticket) => this.#cancel(ticket));
    else if (dice < 0.84) this.#turn(queue);
  }

  everythingOn(): void {
    for (const queue of QUEUES) {
      for (const which of SWITCHES) this.#turnTo(queue, which, undefined);
    }
  }

  #create(queue: string): void {
    const { random, engine } = this.#world;
    this.#created += 1;
    const bad = REFUSED[random.below(REFUSED.length)] ?? '';
    const number = random.chance(0.1) ? bad : fictionalNumber(this.#created, AREA_CODES);
    const slot = random.chance(0.4) ? this.#slot(queue) : undefined;
    const isTty = random.chance(0.1);
    const asked = {
      queue,
      number,
      dnis: DNIS,
      language: 'en',
      isTty,
      slot,
      promptVersion: 'form',
    } as const;
    this.#answered('create', engine.office.create(asked));
  }

  /** One that is free, or was, or none that anybody offers. */
  #slot(queue: string): Ticket['slot'] {
    const { random, engine, clock } = this.#world;
    const slots = engine.office.slots(queue, clock.now());
    if (random.chance(0.1)) return { from: clock.now() + 1, to: clock.now() + 30 * MINUTE_MS };
    if (random.chance(0.1)) {
      const from = Math.ceil(clock.now() / (30 * MINUTE_MS)) * 30 * MINUTE_MS;
      return { from, to: from + 30 * MINUTE_MS };
    }
    return slots[random.below(Math.min(3, slots.length))];
  }

  #withTicket(queue: string, act: (ticket: Ticket) => void): void {
    const { engine, random } = this.#world;
    const views = engine.office.list(queue, { after: undefined, limit: 100 });
    const view = views[random.below(views.length)];
    if (view !== undefined) act(view.ticket);
  }

  #move(queue: string, { id }: Ticket): void {
    const { engine, random } = this.#world;
    const { office } = engine;
    const dice = random.unit();
    if (dice < 0.6) {
      const to = dice < 0.3 ? 'front' : 'back';
      this.#answered('move', office.move(id, { to }, 'simulated'));
      return;
    }
    this.#withTicket(queue, (other) => {
      this.#answered('move', office.move(id, { to: 'before', ticket: other.id }, 'simulated'));
    });
  }

  #reschedule(queue: string, { id }: Ticket): void {
    const { random, engine } = this.#world;
    const slot = random.chance(0.3) ? undefined : this.#slot(queue);
    this.#answered('reschedule', engine.office.reschedule(id, slot));
  }

  #cancel({ id }: Ticket): void {
    const by = this.#world.random.chance(0.5) ? 'operator' : 'api';
    const cancelled = this.#world.engine.office.cancel(id, by);
    this.#answered('cancel', cancelled, ({ ticket }) => {
      this.#world.watches.said.toldCancelled.add(ticket.id);
    });
  }

  #turn(queue: string): void {
    const { random, clock } = this.#world;
    const which = SWITCHES[random.below(SWITCHES.length)] ?? 'offering';
    this.#turnTo(queue, which, false);
    clock.startTimer(random.exponential(5) * MINUTE_MS, () => {
      this.#turnTo(queue, which, random.chance(0.5) ? true : undefined);
    });
  }

  #turnTo(queue: string, which: (typeof SWITCHES)[number], on: boolean | undefined): void {
    const world = this.#world;
    world.engine.office.turn(queue, which, on, 'simulated').then(
      (view) => {
        this.#count(`turn ${which} ${on ?? 'back'}`);
        if ('refused' in view) return;
        // As configured, every switch is on.
        world.watches.rule(
          view.switches[which] === (on ?? true),
          'a switch is not as it was turned',
          [],
        );
        if (which === 'dialling')
          world.watches.tickets.dialling(queue, on ?? true, world.clock.now());
      },
      (error: unknown) => {
        this.#failed(error);
        // The switch may stand either way.
        if (which === 'dialling') world.watches.tickets.dialling(queue, true, world.clock.now());
      },
    );
  }

  /** What a program is told is what the store holds, unless the ticket has moved on since. */
  #answered(
    what: string,
    promise: Promise<TicketView | OfficeRefusal>,
    then: (view: TicketView) => void = () => undefined,
  ): void {
    const world = this.#world;
    promise.then(
      (view) => {
        if ('refused' in view) {
          this.#count(`${what} refused ${view.refused}`);
          return;
        }
        this.#count(what);
        const { ticket } = view;
        const hasMovedOn = world.watches.tickets.now(ticket.id) !== ticket;
        const isKept = world.store.tickets.get(ticket.id) === ticket;
        const rule = `a program was told of "${what}", and the store does not say so`;
        world.watches.rule(hasMovedOn || isKept, rule, [ticket.id]);
        then(view);
      },
      (error: unknown) => {
        this.#failed(error);
      },
    );
  }

  #failed(error: unknown): void {
    if (EXPECTED.test(String(error))) this.#count('failed');
    else this.#world.errors.push(`the office threw ${String(error)}`);
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
}
