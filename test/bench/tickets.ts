import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ticket } from '../../src/domain/callback/ticket.ts';
import { asE164 } from '../../src/domain/numbering/e164.ts';
import { createStore } from '../../src/store/store.ts';
import { DNIS } from './server.ts';

const TICKETS_PER_COMMIT = 500;
/** Numbers that may be used in tests end with 0100 to 0199. */
const NUMBERS_PER_AREA = 100;
const FIRST_AREA = 201;
/** 201 to 999. */
const AREAS = 799;

/** Puts tickets into the line of a queue, as callers of the last hours would have. */
export async function fillLine(data: string, queue: string, count: number): Promise<void> {
  await mkdir(data, { recursive: true });
  const store = await createStore({ file: join(data, 'linekeeper.db') });
  const arrivedAt = Date.now() - count * 1000;
  for (let first = 1; first <= count; first += TICKETS_PER_COMMIT) {
    const tickets = Array.from(
      { length: Math.min(TICKETS_PER_COMMIT, count - first + 1) },
      (_, index) => benchTicket(first + index, queue, arrivedAt + (first + index) * 1000),
    );
    await store.commit(tickets.map((each) => ({ kind: 'ticket', ticket: each })));
  }
  await store.close();
}

/** A ticket in line; its number is one of those that may be used in tests. */
export function benchTicket(sequence: number, queue: string, arrivedAt: number): Ticket {
  const area = FIRST_AREA + (Math.floor(sequence / NUMBERS_PER_AREA) % AREAS);
  const line = String(100 + (sequence % NUMBERS_PER_AREA)).padStart(4, '0');
  const number = asE164(`+1${area}555${line}`);
  const dnis = asE164(DNIS);
  if (number === undefined || dnis === undefined) throw new Error('not a number');
  return {
    id: `ticket-bench-${sequence}`,
    queue,
    number,
    dnis,
    origin: {
      callId: `call-bench-${sequence}`,
      waitingSince: arrivedAt,
      language: 'en',
      path: [],
      code: undefined,
      isTty: false,
    },
    arrivedAt,
    arrivalSequence: sequence,
    registeredAt: arrivedAt,
    consent: { key: '1', source: 'ani', at: arrivedAt, promptVersion: '', language: 'en' },
    slot: undefined,
    state: { name: 'waiting', notBefore: arrivedAt, because: 'registered' },
    attempts: [],
  };
}
