import * as z from 'zod';
import { type RetentionKind, USUAL_RETENTION } from '../../domain/retention/policy.ts';
import { whole } from './blocks.ts';

const MAX_DAYS = 36_500;
/** Audits want the ledger for 90 days at least. */
const MIN_LEDGER_DAYS = 90;

const days = (usual: number, min = 1) => whole(min, MAX_DAYS, 'days').default(usual);

/**
 * `retention` of `system.yaml`: days after which each kind of record is destroyed. A part of a record
 * does not outlive the whole.
 */
export const retention = z
  .strictObject({
    ticketNumber: days(USUAL_RETENTION.ticketNumber).describe(
      'The number of a ticket, from its end. The ticket stays, without it.',
    ),
    ticket: days(USUAL_RETENTION.ticket).describe('A ticket with its consent, from its end.'),
    callParty: days(USUAL_RETENTION.callParty).describe(
      "The other party's number in a call record, from the call's end.",
    ),
    call: days(USUAL_RETENTION.call).describe("A call record, from the call's end."),
    contact: days(USUAL_RETENTION.contact).describe(
      'A registered phone, from the end of its registration.',
    ),
    delivery: days(USUAL_RETENTION.delivery).describe(
      'A webhook message, delivered or not, from its making.',
    ),
    idempotencyKey: days(USUAL_RETENTION.idempotencyKey).describe(
      'An answer kept for a repeated API request, from the end of its validity.',
    ),
    ledgerDetail: days(USUAL_RETENTION.ledgerDetail, MIN_LEDGER_DAYS).describe(
      'What an entry of the ledger says in detail, from its time.',
    ),
    ledger: days(USUAL_RETENTION.ledger, MIN_LEDGER_DAYS).describe(
      'An entry of the ledger, from its time.',
    ),
  } satisfies Record<RetentionKind, z.ZodType>)
  .refine((policy) => policy.ticketNumber <= policy.ticket, {
    path: ['ticketNumber'],
    error: 'at most the days of ticket',
  })
  .refine((policy) => policy.callParty <= policy.call, {
    path: ['callParty'],
    error: 'at most the days of call',
  })
  .refine((policy) => policy.ledgerDetail <= policy.ledger, {
    path: ['ledgerDetail'],
    error: 'at most the days of ledger',
  })
  .prefault({})
  .describe('Days after which each kind of record is destroyed. What is destroyed leaves a proof.');
