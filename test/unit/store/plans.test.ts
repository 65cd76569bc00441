import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { USUAL_RETENTION } from '../../../src/domain/retention/policy.ts';
import { destroyAgedOff } from '../../../src/store/ageing/ageing.ts';
import { ROW_KINDS } from '../../../src/store/ageing/ageing-rows.ts';
import { apiKeyOf } from '../../../src/store/api-keys.ts';
import type { Backend } from '../../../src/store/backend.ts';
import { callsBetween, openCalls } from '../../../src/store/calls.ts';
import { deriveKeys, passingDataKey } from '../../../src/store/data-key.ts';
import { deliveriesDue, nextDeliveryAt } from '../../../src/store/deliveries.ts';
import { takeIdempotencyKey } from '../../../src/store/idempotency-keys.ts';
import { ledgerBetween, ledgerOf } from '../../../src/store/ledger/ledger.ts';
import { verifyLedger } from '../../../src/store/ledger/ledger-check.ts';
import { migrate } from '../../../src/store/migrations/migrate.ts';
import { createNumberCipher } from '../../../src/store/number-cipher.ts';
import { numbersUsedSince } from '../../../src/store/numbers-used.ts';
import { hasOptedOut } from '../../../src/store/opt-outs.ts';
import { openSqliteMemory } from '../../../src/store/sqlite/open.ts';
import { lastArrival, openTickets, recentTicketOf, ticketsOf } from '../../../src/store/tickets.ts';
import { NUMBER } from '../../contract/store/records.ts';

const KEYS = deriveKeys(passingDataKey());
const CIPHER = createNumberCipher(KEYS);
const SPAN = { from: 10, to: 20 };
type Db = Backend['db'];

let backend: Backend;
beforeAll(async () => {
  backend = openSqliteMemory();
  await migrate(backend, KEYS);
});
afterAll(() => backend.close());

/** How SQLite goes about each statement that `action` runs. */
async function plansOf(action: (db: Db) => Promise<unknown>): Promise<readonly string[]> {
  const nodes: RootOperationNode[] = [];
  const listener: KyselyPlugin = {
    transformQuery({ node }) {
      nodes.push(node);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  await action(backend.db.withPlugin(listener));
  const plans: string[] = [];
  for (const node of nodes) {
    const { sql, parameters } = backend.db.getExecutor().compileQuery(node, { queryId: 'plan' });
    const explain = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await backend.db.executeQuery<{ readonly detail: string }>(explain);
    plans.push(...rows.map(({ detail }) => detail));
  }
  return plans;
}

/** Reading a table from end to end, or sorting what is not small. */
function isSlow(plan: string): boolean {
  return (
    /^SCAN (?!.*USING (COVERING )?INDEX|CONSTANT ROW)/u.test(plan) || /TEMP B-TREE/u.test(plan)
  );
}

describe('what is asked while calls go on is found by an index and needs no sorting', () => {
  test.each<readonly [string, (db: Db) => Promise<unknown>]>([
    ['open tickets', (db) => openTickets(db, CIPHER)],
    ['the numbers used of late', (db) => numbersUsedSince(db, CIPHER, 0)],
    ['the ticket of a number', (db) => recentTicketOf(db, CIPHER, NUMBER, 0)],
    ['the last arrival', (db) => lastArrival(db)],
    [
      'a page of tickets',
      (db) =>
        ticketsOf(db, CIPHER, 'refunds', undefined, {
          after: { registeredAt: 7, id: 'ticket-7' },
          limit: 10,
        }),
    ],
    [
      'a page of calls',
      (db) => callsBetween(db, CIPHER, SPAN, { after: { startedAt: 12, id: 'call-1' }, limit: 10 }),
    ],
    ['open calls', (db) => openCalls(db, CIPHER)],
    ['the ledger of a subject', (db) => ledgerOf(db, ['ticket-1'], 10)],
    [
      'a page of the ledger',
      (db) => ledgerBetween(db, SPAN, { after: { at: 12, position: 3 }, limit: 10 }),
    ],
    ['checking the ledger', (db) => verifyLedger(db, KEYS.ledger)],
    ['messages that are due', (db) => deliveriesDue(db, 10, 10)],
    ['the time of the next message', (db) => nextDeliveryAt(db)],
    ['an API key', (db) => apiKeyOf(db, 'ab')],
    [
      'an idempotency key',
      (db) =>
        takeIdempotencyKey(
          db,
          { key: 'k', fingerprint: 'f', response: undefined, expiresAt: 1 },
          0,
        ),
    ],
    ['an opt-out', (db) => hasOptedOut(db, CIPHER, NUMBER)],
    ['a purge', (db) => destroyAgedOff(db, () => Promise.resolve(), 0, USUAL_RETENTION)],
    ...ROW_KINDS.map(
      (kind) => [`counting of kind ${kind.kind}`, (db: Db) => kind.count(db, 10)] as const,
    ),
  ])('%s', async (_, action) => {
    const plans = await plansOf(action);
    expect(plans).not.toEqual([]);
    expect(plans.filter(isSlow)).toEqual([]);
  });

  test('a slow plan is noticed', async () => {
    const plans = await plansOf((db) =>
      db.selectFrom('tickets').selectAll().where('dnis', '=', NUMBER).execute(),
    );
    expect(plans.filter(isSlow)).toHaveLength(1);
  });
});
