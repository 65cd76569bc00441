import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { hasEnded } from '../../../src/domain/callback/ticket-step.ts';
import { valueAt } from '../../../src/domain/collections/ordered-map.ts';
import type { CallId, E164, TicketId } from '../../../src/domain/ids.ts';
import type { Floor } from '../../../src/domain/queue/floor.ts';
import type { Change } from '../../../src/engine/ports.ts';
import type { Breaks } from './diary.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Overhearing, SimulatedLeg } from './simulated-leg.ts';

/** Said only to who stands in line. */
const IN_LINE = new Set([
  'prompts/position-intro',
  'prompts/back-on-hold',
  'prompts/welcome-back',
  'prompts/hold-offer-again',
]);

const ASKS_FOR_NUMBER = new Set([
  'prompts/key-number',
  'prompts/offer-no-ani',
  'prompts/offer-use-ani-keys',
]);
const DIGITS_IN_NUMBER = 10;

/** A call that is listened to. */
interface Overheard {
  readonly callId: CallId;
  readonly ani: string | undefined;
  /** Tickets by which they may have been recognised. */
  readonly known: readonly TicketId[];
  /** Keyed since a number was asked for. */
  digits: string;
}

/** Listens to every caller and customer: what they are told must be what the store holds at that moment. */
export class SaidWatch {
  readonly #store: MemoryStore;
  readonly #floor: () => Floor;
  /** Somebody who held is told that they keep the callback they have. */
  readonly #leaves: (callId: CallId) => void;
  readonly #breaks: Breaks;
  readonly #takenIn = new Map<string, TicketId>();
  /** What callers did to tickets, as the ledger says. */
  readonly #changedIn = new Map<string, { readonly ticketId: TicketId; readonly what: string }>();
  /** Tickets whose customers were told that they are cancelled. */
  readonly toldCancelled = new Set<string>();
  /** How often each was said. */
  readonly said = new Map<string, number>();

  constructor(
    store: MemoryStore,
    floor: () => Floor,
    leaves: (callId: CallId) => void,
    breaks: Breaks,
  ) {
    this.#leaves = leaves;
    this.#store = store;
    this.#floor = floor;
    this.#breaks = breaks;
  }

  committed(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'ticket') {
        const { id, origin } = change.ticket;
        if (origin.callId !== undefined) this.#takenIn.set(origin.callId, id);
      }
      if (change.kind !== 'fact') continue;
      const { about, what, detail } = change.fact;
      if (typeof detail['callId'] !== 'string' || what === 'ticketRegistered') continue;
      this.#changedIn.set(detail['callId'], { ticketId: about as TicketId, what });
    }
  }

  /** Listens to a caller; `known`: the open tickets of the number shown. */
  caller({ callId, ani, known }: Omit<Overheard, 'digits'>, leg: SimulatedLeg): void {
    const call: Overheard = { callId, ani, known, digits: '' };
    leg.overhearing = {
      pressed: (key) => {
        call.digits += key;
      },
      heard: (sound) => {
        this.said.set(sound, (this.said.get(sound) ?? 0) + 1);
        if (ASKS_FOR_NUMBER.has(sound)) call.digits = '';
        if (sound === 'prompts/repeat-kept') this.#leaves(callId);
        this.#told(call, sound);
      },
    };
  }

  /** Listens to a customer who is called back. */
  customer(number: E164): Overhearing {
    return {
      pressed: () => undefined,
      heard: (sound) => {
        if (sound !== 'prompts/callback-cancelled') return;
        const cancelled = [...this.#store.tickets.values()].filter(
          ({ number: called, state }) =>
            called === number && state.name === 'cancelled' && state.by === 'callee',
        );
        if (cancelled.length === 0)
          this.#breaks('a customer was told "cancelled", and it is not', []);
        for (const { id } of cancelled) this.toldCancelled.add(id);
      },
    };
  }

  #told(call: Overheard, sound: string): void {
    const { callId } = call;
    if (IN_LINE.has(sound) && valueAt(this.#floor().entries, callId) === undefined) {
      this.#breaks(`"${sound}" was said to somebody who is not in line`, [callId]);
    }
    switch (sound) {
      case 'prompts/ticket-confirmed':
        this.#mustBe(call, this.#taken(callId), (ticket) => !hasEnded(ticket), 'registered');
        return;
      case 'prompts/slot-booked':
        this.#mustBe(
          call,
          this.#changed(callId, 'ticketSlotChanged') ?? this.#taken(callId),
          (ticket) => !hasEnded(ticket) && ticket.slot !== undefined,
          'booked',
        );
        return;
      case 'prompts/repeat-cancelled': {
        const ticket = this.#changed(callId, 'ticketCancelled');
        this.#mustBe(call, ticket, ({ state }) => state.name === 'cancelled', 'cancelled');
        if (ticket !== undefined) this.toldCancelled.add(ticket.id);
        return;
      }
      case 'prompts/repeat-number-changed': {
        const keyed = `+1${call.digits.slice(0, DIGITS_IN_NUMBER)}`;
        const ticket = this.#changed(callId, 'ticketNumberChanged');
        this.#mustBe(call, ticket, ({ number }) => number === keyed, 'changed');
        return;
      }
      case 'prompts/repeat-kept': {
        this.#mustBe(call, this.#keptFor(call), (ticket) => !hasEnded(ticket), 'kept');
        return;
      }
      default:
        return;
    }
  }

  /** The one by which they were recognised, or one of the number that they asked for once more. */
  #keptFor({ known, ani, digits }: Overheard): Ticket | undefined {
    const recognised = known.flatMap((id) => this.#store.tickets.get(id) ?? []);
    const open = recognised.find((ticket) => !hasEnded(ticket));
    if (open !== undefined) return open;
    const asked = digits.length < DIGITS_IN_NUMBER ? ani : `+1${digits.slice(0, DIGITS_IN_NUMBER)}`;
    for (const ticket of this.#store.tickets.values()) {
      if (ticket.number === asked && !hasEnded(ticket)) return ticket;
    }
    return recognised[0];
  }

  #taken(callId: CallId): Ticket | undefined {
    const id = this.#takenIn.get(callId);
    return id === undefined ? undefined : this.#store.tickets.get(id);
  }

  #changed(callId: CallId, what: string): Ticket | undefined {
    const change = this.#changedIn.get(callId);
    return change?.what === what ? this.#store.tickets.get(change.ticketId) : undefined;
  }

  #mustBe(
    { callId }: Overheard,
    ticket: Ticket | undefined,
    holds: (ticket: Ticket) => boolean,
    word: string,
  ): void {
    if (ticket !== undefined && holds(ticket)) return;
    const about = ticket === undefined ? [callId] : [callId, ticket.id];
    this.#breaks(`a caller was told "${word}", and the store does not say so`, about);
  }
}
