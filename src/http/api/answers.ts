import * as z from 'zod';
import { stateName } from './schemas.ts';

const time = z.iso.datetime().meta({ description: 'RFC 3339, in UTC.' });

const wait = z
  .object({
    seconds: z.number(),
    lowSeconds: z.number(),
    highSeconds: z.number(),
  })
  .meta({ description: 'Estimated wait with its 80 % band. Null: nobody works.' });

const span = z.object({ from: time, to: time });

export const ticketAnswer = z
  .object({
    id: z.string(),
    queue: z.string(),
    number: z
      .string()
      .meta({ description: 'Masked, unless asked for with GET and the scope numbers:read.' }),
    dnis: z.string(),
    state: stateName,
    because: z
      .string()
      .nullable()
      .meta({ description: 'Why it is not called yet, or why it ended.' }),
    notBefore: time.nullable().meta({ description: 'While it waits: not called before.' }),
    endedAt: time.nullable(),
    agent: z.string().nullable().meta({
      description: 'While it is dialling or reached: who is kept for it. Connected: who answered.',
    }),
    source: z.enum(['ani', 'keyed', 'api']),
    language: z.string(),
    textTelephone: z.boolean(),
    path: z.array(z.string()).meta({ description: 'The way through the menus.' }),
    promptVersion: z.string().meta({ description: 'Of the wording that was agreed to.' }),
    agreedAt: time,
    waitingSince: time,
    arrivedAt: time.meta({ description: 'The place in line.' }),
    registeredAt: time,
    slot: span.nullable(),
    attempts: z.array(
      z.object({
        startedAt: time,
        endedAt: time,
        cause: z.string(),
        agent: z.string(),
        times: z
          .int()
          .meta({ description: 'Failures of the carrier or of ours in a row are one.' }),
      }),
    ),
    line: z
      .object({ ahead: z.int(), wait: wait.nullable() })
      .nullable()
      .meta({ description: 'Null once it has left the line.' }),
  })
  .meta({ id: 'Ticket' });

export const ticketsAnswer = z
  .object({ tickets: z.array(ticketAnswer), next: z.string().nullable() })
  .meta({ id: 'TicketPage' });

export const queueAnswer = z
  .object({
    id: z.string(),
    holders: z.int().meta({ description: 'Callers on hold.' }),
    tickets: z.int(),
    staffed: z.int().meta({ description: 'Agents at work for it.' }),
    free: z.int(),
    wait: wait.nullable(),
    switches: z.object({ offering: z.boolean(), registering: z.boolean(), dialling: z.boolean() }),
  })
  .meta({ id: 'Queue' });

export const queuesAnswer = z.object({ queues: z.array(queueAnswer) }).meta({ id: 'Queues' });

export const slotsAnswer = z.object({ slots: z.array(span) }).meta({ id: 'Slots' });

export const healthAnswer = z
  .object({
    status: z.enum(['ok', 'draining', 'failing']),
    parts: z.record(z.string(), z.boolean()),
  })
  .meta({ id: 'Health' });

export const receivedAnswer = z
  .object({ understood: z.enum(['stop', 'start', 'nothing']) })
  .meta({ id: 'ReceivedMessage' });

export const kindAnswer = z
  .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })
  .meta({ id: 'ProblemKind' });

/** RFC 9457. */
export const problemAnswer = z
  .object({
    type: z.string().meta({ description: 'A URI reference (RFC 3986), stable.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'path']),
          field: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
    rule: z.string().optional(),
    state: z.string().optional(),
    scope: z.string().optional(),
    ticket: z.string().optional(),
  })
  .meta({ id: 'Problem' });
