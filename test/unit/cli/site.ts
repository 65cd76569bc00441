import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Site } from '../../../src/cli/site.ts';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import type { Change, LedgerFact } from '../../../src/engine/ports.ts';
import { createStore } from '../../../src/store/store.ts';

/** 2026-11-25, 09:00 in New York. */
export const NINE = Date.UTC(2026, 10, 25, 14);
const MINUTE = 60_000;

/** A server's records while it runs, with these changes committed one by one. */
export async function siteWith(changes: readonly Change[]) {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-site-'));
  const site: Site = {
    database: join(folder, 'linekeeper.db'),
    timeZones: new Map([['refunds', 'America/New_York']]),
    notices: new Map([['en', { version: 'a1b2c3', text: 'We call you & record "you" <there>.' }]]),
  };
  const store = await createStore({ file: site.database });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  for (const change of changes) await store.commit([change]);
  return { site, store };
}

/** What the ledger says at so many minutes past nine. */
export function fact(
  minute: number,
  what: string,
  about: string,
  detail: LedgerFact['detail'],
): Change {
  return { kind: 'fact', fact: { at: NINE + minute * MINUTE, about, what, detail } };
}

const A = { queue: 'refunds', arrivedAt: NINE, arrivalSequence: 41 };
const B = { queue: 'refunds', arrivedAt: NINE + 3 * MINUTE, arrivalSequence: 42 };

const TICKET: Ticket = {
  id: 'ticket-a',
  queue: 'refunds',
  number: '+12025550123',
  dnis: '+18005550100',
  origin: {
    callId: 'call-a',
    waitingSince: NINE,
    language: 'en',
    path: ['main 1'],
    code: undefined,
    isTty: false,
  },
  arrivedAt: NINE,
  arrivalSequence: 41,
  registeredAt: NINE + MINUTE,
  consent: {
    key: '1',
    source: 'ani',
    at: NINE + MINUTE,
    promptVersion: 'a1b2c3',
    language: 'en',
  },
  slot: undefined,
  state: { name: 'connected', agentId: 'alice', at: NINE + 20 * MINUTE },
  attempts: [
    {
      startedAt: NINE + 5 * MINUTE,
      endedAt: NINE + 6 * MINUTE,
      cause: 'noAnswer',
      agentId: 'alice',
    },
    {
      startedAt: NINE + 19 * MINUTE,
      endedAt: NINE + 20 * MINUTE,
      cause: 'connected',
      agentId: 'alice',
    },
  ],
};

/** The ticket of `TICKET_LIFE`, with what a test wants different. */
export function ticketOf(changes: Partial<Ticket> = {}): Ticket {
  return { ...TICKET, ...changes };
}

/** A took a ticket, was not reached at first, was overtaken by B meanwhile, and connected. */
export const TICKET_LIFE: readonly Change[] = [
  { kind: 'ticket', ticket: TICKET },
  fact(0, 'joinedLine', 'call-a', A),
  fact(0.5, 'callbackOffered', 'call-a', { queue: 'refunds', waitSeconds: 600 }),
  fact(1, 'ticketRegistered', 'ticket-a', {
    ...A,
    callId: 'call-a',
    source: 'ani',
    key: '1',
    promptVersion: 'a1b2c3',
    language: 'en',
    state: 'waiting',
  }),
  fact(1.5, 'ticketDue', 'ticket-a', { queue: 'refunds' }),
  fact(3, 'joinedLine', 'call-b', B),
  fact(5, 'assigned', 'ticket-a', { ...A, agentId: 'alice', overtook: 0, unexplained: 0 }),
  fact(5, 'attemptStarted', 'ticket-a', { queue: 'refunds', state: 'dialling', agentId: 'alice' }),
  fact(6, 'attemptEnded', 'ticket-a', {
    ...A,
    state: 'waiting',
    cause: 'noAnswer',
    because: 'unreachable',
    notBefore: NINE + 16 * MINUTE,
  }),
  fact(6, 'assigned', 'call-b', { ...B, agentId: 'alice', overtook: 1, unexplained: 0 }),
  fact(7, 'leftLine', 'call-b', { queue: 'refunds' }),
  fact(16, 'ticketDue', 'ticket-a', { queue: 'refunds' }),
  fact(19, 'assigned', 'ticket-a', { ...A, agentId: 'alice', overtook: 0, unexplained: 0 }),
  fact(19, 'attemptStarted', 'ticket-a', { queue: 'refunds', state: 'dialling', agentId: 'alice' }),
  fact(19.5, 'customerConfirmed', 'ticket-a', { queue: 'refunds', state: 'reached' }),
  fact(20, 'ticketConnected', 'ticket-a', { queue: 'refunds', state: 'connected' }),
];
