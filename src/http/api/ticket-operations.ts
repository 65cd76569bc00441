import type { TicketId } from '../../domain/ids.ts';
import type { Place } from '../../domain/queue/line.ts';
import type { NewPosition, TicketOffice } from '../../engine/ticket-office.ts';
import type { KeyHolder } from '../access/api-key.ts';
import type { Surroundings } from '../ports.ts';
import { type FieldError, Problem } from '../problems/problem.ts';
import { granted } from '../problems/refusals.ts';
import { ticketAnswer, ticketsAnswer } from './answers.ts';
import { type Operation, operation } from './operation.ts';
import {
  createTicket,
  listQuery,
  moveTicket,
  noBody,
  rescheduleTicket,
  ticketPath,
} from './schemas.ts';
import { ticketOf } from './ticket-view.ts';

interface Needs {
  readonly office: TicketOffice;
  readonly surroundings: () => Surroundings;
}

/** Everything that is asked of tickets. */
export function ticketOperations(needs: Needs): readonly Operation[] {
  return [
    createOperation(needs),
    readOperation(needs),
    listOperation(needs),
    cancelOperation(needs),
    rescheduleOperation(needs),
    moveOperation(needs),
  ];
}

/** Whole numbers where they are read alone: answers to changes are kept, and numbers must not be. */
function numbersFor({ scopes }: KeyHolder): 'masked' | 'whole' {
  return scopes.has('numbers:read') ? 'whole' : 'masked';
}

function createOperation({ office, surroundings }: Needs): Operation {
  return operation({
    id: 'createTicket',
    method: 'POST',
    url: '/v1/tickets',
    summary: 'Ask for a callback for somebody who filled in a form.',
    scope: 'tickets:write',
    idempotency: 'required',
    body: createTicket,
    answer: { status: 201, description: 'The callback is promised.', schema: ticketAnswer },
    problems: [
      'unknown-queue',
      'unknown-number-dialled',
      'registering-off',
      'too-many-tickets',
      'already-booked',
      'slot-taken',
      'number-refused',
    ],
    async handle({ body }) {
      const { defaultLanguage, languages } = surroundings();
      const { language = defaultLanguage, slot, textTelephone, ...rest } = body;
      if (!languages.includes(language)) throw unknownLanguage(languages);
      const view = granted(await office.create({ ...rest, language, isTty: textTelephone, slot }));
      const headers = { location: `/v1/tickets/${view.ticket.id}` };
      return { status: 201, headers, body: ticketOf(view, 'masked') };
    },
  });
}

function unknownLanguage(languages: readonly string[]): Problem {
  const error: FieldError = {
    in: 'body',
    field: 'language',
    detail: `One of ${languages.join(', ')}.`,
  };
  return new Problem('invalid-request', { errors: [error] });
}

function readOperation({ office }: Needs): Operation {
  return operation({
    id: 'readTicket',
    method: 'GET',
    url: '/v1/tickets/{id}',
    summary: 'A ticket, with its place in line while it waits.',
    scope: 'tickets:read',
    path: ticketPath,
    answer: { status: 200, description: 'The ticket.', schema: ticketAnswer },
    problems: ['unknown-ticket'],
    async handle({ path, holder }) {
      const view = await office.find(path.id);
      if (view === undefined) throw new Problem('unknown-ticket');
      return { status: 200, body: ticketOf(view, numbersFor(holder)) };
    },
  });
}

function listOperation({ office }: Needs): Operation {
  return operation({
    id: 'listTickets',
    method: 'GET',
    url: '/v1/tickets',
    summary: 'Open tickets of a queue in the order of the line, page by page.',
    scope: 'tickets:read',
    query: listQuery,
    answer: {
      status: 200,
      description: 'A page; `next` is the cursor of the one after it, null at the end.',
      schema: ticketsAnswer,
    },
    problems: ['unknown-queue'],
    handle({ query, holder }) {
      if (!office.queues().some(({ queue }) => queue === query.queue)) {
        throw new Problem('unknown-queue');
      }
      const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
      // One more than is shown tells whether another page follows.
      const found = office.list(query.queue, { after, limit: query.limit + 1 });
      const page = found.slice(0, query.limit);
      const last = page.at(-1);
      const next = found.length > page.length && last !== undefined ? cursorOf(last.ticket) : null;
      const numbers = numbersFor(holder);
      return { status: 200, body: { tickets: page.map((view) => ticketOf(view, numbers)), next } };
    },
  });
}

/** The place in line of the last that was shown: it stays true when that ticket has ended. */
function cursorOf({ arrivedAt, arrivalSequence }: Place): string {
  return Buffer.from(`${arrivedAt} ${arrivalSequence}`).toString('base64url');
}

function readCursor(cursor: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [arrivedAt, arrivalSequence] = text.split(' ').map(Number);
  if (Number.isSafeInteger(arrivedAt) && Number.isSafeInteger(arrivalSequence)) {
    return { arrivedAt: Number(arrivedAt), arrivalSequence: Number(arrivalSequence) };
  }
  const error: FieldError = { in: 'query', field: 'cursor', detail: 'next of the page before.' };
  throw new Problem('invalid-request', { errors: [error] });
}

function cancelOperation({ office }: Needs): Operation {
  return operation({
    id: 'cancelTicket',
    method: 'POST',
    url: '/v1/tickets/{id}/cancel',
    summary: 'The customer is not called any more.',
    scope: 'tickets:write',
    idempotency: 'optional',
    path: ticketPath,
    body: noBody,
    answer: { status: 200, description: 'The ticket as it ended.', schema: ticketAnswer },
    problems: ['unknown-ticket', 'not-waiting', 'not-kept-yet'],
    async handle({ path }) {
      return {
        status: 200,
        body: ticketOf(granted(await office.cancel(path.id, 'api')), 'masked'),
      };
    },
  });
}

function rescheduleOperation({ office }: Needs): Operation {
  return operation({
    id: 'rescheduleTicket',
    method: 'POST',
    url: '/v1/tickets/{id}/reschedule',
    summary: 'Book another time, or none: back in line at its place.',
    scope: 'tickets:write',
    idempotency: 'optional',
    path: ticketPath,
    body: rescheduleTicket,
    answer: { status: 200, description: 'The ticket as it stands.', schema: ticketAnswer },
    problems: ['unknown-ticket', 'not-waiting', 'slot-taken', 'not-kept-yet'],
    async handle({ path, body }) {
      const view = granted(await office.reschedule(path.id, body.slot ?? undefined));
      return { status: 200, body: ticketOf(view, 'masked') };
    },
  });
}

function moveOperation({ office }: Needs): Operation {
  return operation({
    id: 'moveTicket',
    method: 'POST',
    url: '/v1/tickets/{id}/move',
    summary: 'Another place in line; the reason is kept in the ledger.',
    scope: 'tickets:write',
    idempotency: 'optional',
    path: ticketPath,
    body: moveTicket,
    answer: { status: 200, description: 'The ticket at its new place.', schema: ticketAnswer },
    problems: ['unknown-ticket', 'not-waiting', 'not-kept-yet'],
    async handle({ path, body }) {
      const view = granted(await office.move(path.id, positionOf(body), body.reason));
      return { status: 200, body: ticketOf(view, 'masked') };
    },
  });
}

function positionOf(body: {
  readonly position: 'front' | 'back' | 'before';
  readonly ticket?: TicketId | undefined;
}): NewPosition {
  const { position, ticket } = body;
  if (position !== 'before') return { to: position };
  if (ticket === undefined) throw new Error('checked: a place before needs a ticket');
  return { to: 'before', ticket };
}
