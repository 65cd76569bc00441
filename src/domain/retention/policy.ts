import type { E164 } from '../ids.ts';

/** Kinds of record that age off, each at its own age. */
export const RETENTION_KINDS = [
  /** The telephone number of a ticket, counted from the ticket's end; the rest of it stays. */
  'ticketNumber',
  /** A ticket with its consent, from its end. */
  'ticket',
  /** The other party's number in a call record, from the call's end; the rest of it stays. */
  'callParty',
  /** A call record, from the call's end. */
  'call',
  /** A registered phone, from the end of its registration. */
  'contact',
  /** A webhook message, delivered or not, from its making. */
  'delivery',
  /** An answer kept for a request that may be sent again, from the end of its validity. */
  'idempotencyKey',
  /** What a ledger entry says in detail, from its time; who and what stay. */
  'ledgerDetail',
  /** A ledger entry as a whole, from its time. */
  'ledger',
] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

/** Days after which each kind of record is destroyed. */
export type RetentionPolicy = Readonly<Record<RetentionKind, number>>;

/** What holds unless an operator says otherwise. */
export const USUAL_RETENTION: RetentionPolicy = {
  ticketNumber: 30,
  ticket: 400,
  callParty: 90,
  call: 400,
  contact: 7,
  delivery: 14,
  idempotencyKey: 1,
  ledgerDetail: 1_100,
  ledger: 2_557,
};

/** Stands where a number was that has aged off. It is no number: nothing can be dialled by it. */
export const AGED_OFF_NUMBER: E164 = '+';
