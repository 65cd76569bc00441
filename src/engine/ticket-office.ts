import { CallFailure } from '../domain/call/failure.ts';
import type { CancelledBy, Slot, Ticket } from '../domain/callback/ticket.ts';
import type { E164, EpochMs, LanguageId, QueueId, TicketId } from '../domain/ids.ts';
import type { NumberRule } from '../domain/numbering/policy.ts';
import type { Place } from '../domain/queue/line.ts';

/** A callback asked for by a program, for somebody who filled in a form. */
export interface OfficeRequest {
  readonly queue: QueueId;
  /** As given; checked like a keyed number. */
  readonly number: string;
  /** One of our numbers: shown to the customer, and names us in the greeting. */
  readonly dnis: E164;
  readonly language: LanguageId;
  /** They have a text telephone. */
  readonly isTty: boolean;
  readonly slot: Slot | undefined;
  /** Also if the number has an open ticket in the queue. */
  readonly again?: boolean;
  /** Wording that the person agreed to, by its version. */
  readonly promptVersion: string;
}

/** Why a request was not carried out. */
export type OfficeRefusal =
  | {
      readonly refused:
        | 'unknownQueue'
        | 'unknownDnis'
        | 'registeringOff'
        | 'tooManyTickets'
        | 'slotTaken';
    }
  | { readonly refused: 'number'; readonly rule: NumberRule }
  /** It has ended, or the customer is being called just now. */
  | { readonly refused: 'notWaiting'; readonly state: Ticket['state']['name'] }
  | { readonly refused: 'unknownTicket' }
  /** The number has this open ticket in the queue. */
  | { readonly refused: 'alreadyBooked'; readonly ticket: TicketId };

/** Where a ticket is to stand. */
export type NewPosition =
  | { readonly to: 'front' | 'back' }
  | { readonly to: 'before'; readonly ticket: TicketId };

/** A ticket with its place in line. */
export interface TicketView {
  readonly ticket: Ticket;
  /** Undefined once it has left the line. */
  readonly line: { readonly ahead: number; readonly wait: WaitView } | undefined;
}

/** An estimated wait with its 80 % band. Infinite when nobody works. */
export interface WaitView {
  readonly seconds: number;
  readonly lowSeconds: number;
  readonly highSeconds: number;
}

/** A queue as it stands. */
export interface QueueView {
  readonly queue: QueueId;
  readonly holders: number;
  readonly tickets: number;
  readonly staffed: number;
  readonly free: number;
  readonly wait: WaitView;
  readonly switches: Readonly<Record<QueueSwitch, boolean>>;
}

/** The switches: each of a queue's own, and turned while running. */
export const QUEUE_SWITCHES = ['offering', 'registering', 'dialling'] as const;
export type QueueSwitch = (typeof QUEUE_SWITCHES)[number];

/** The store refused a change of a ticket, which counts all the same and is kept as soon as it takes it. */
export class NotKeptYet extends CallFailure {
  constructor(cause: unknown) {
    super('store', `not kept yet: ${String(cause)}`, { cause });
    this.name = 'NotKeptYet';
  }
}

/** What programs and operators may ask of tickets. Each change is on disk when its promise resolves. */
export interface TicketOffice {
  /** @throws StoreFailure; then there is no ticket */
  create(request: OfficeRequest): Promise<TicketView | OfficeRefusal>;
  /** Of any age, as long as it is kept; as it now is, though that may not be on disk yet. */
  find(id: TicketId): Promise<TicketView | undefined>;
  /** Open tickets of a queue in the order of the line, behind the place `after`. */
  list(
    queue: QueueId,
    page: { readonly after: Place | undefined; readonly limit: number },
  ): readonly TicketView[];
  /** @throws NotKeptYet */
  cancel(id: TicketId, by: CancelledBy): Promise<TicketView | OfficeRefusal>;
  /** Another time, or none: back in line at its place. @throws NotKeptYet */
  reschedule(id: TicketId, slot: Slot | undefined): Promise<TicketView | OfficeRefusal>;
  /** The reason is kept in the ledger. @throws NotKeptYet */
  move(id: TicketId, to: NewPosition, reason: string): Promise<TicketView | OfficeRefusal>;
  queues(): readonly QueueView[];
  /** Times that can be booked and begin at `from` or later, soonest first; the first 200. */
  slots(queue: QueueId, from: EpochMs): readonly Slot[];
  /** Undefined: as configured again. Kept over a restart. @throws StoreFailure */
  turn(
    queue: QueueId,
    which: QueueSwitch,
    on: boolean | undefined,
    reason: string,
  ): Promise<QueueView | OfficeRefusal>;
}
