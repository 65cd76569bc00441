import type { Kysely } from 'kysely';
import type { EpochMs } from '../domain/ids.ts';
import { type IdempotentRequest, MAX_BODY_LENGTH } from '../engine/api-records.ts';
import { requireShort } from './failure.ts';
import type { Write } from './group-commit.ts';
import type { IdempotencyKeyRow, Tables } from './tables.ts';

/** Prepares the writing of the answer to a request. @throws StoreFailure `invalidChange` */
export function saveIdempotentRequest(request: IdempotentRequest): Write {
  const { request_key, ...columns } = rowOf(request);
  return (transaction) =>
    transaction
      .insertInto('idempotency_keys')
      .values({ request_key, ...columns })
      .onConflict((conflict) => conflict.column('request_key').doUpdateSet(columns))
      .execute();
}

/**
 * Takes a key, in a transaction, unless one that has not expired stands there.
 * @returns what stands there
 */
export async function takeIdempotencyKey(
  transaction: Kysely<Tables>,
  request: IdempotentRequest,
  now: EpochMs,
): Promise<IdempotentRequest | undefined> {
  const known = await transaction
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('request_key', '=', request.key)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (known !== undefined) return requestOf(known);
  await saveIdempotentRequest(request)(transaction);
  return undefined;
}

/** Prepares that a key is free again. */
export function releaseIdempotencyKey(key: string): Write {
  return (transaction) =>
    transaction.deleteFrom('idempotency_keys').where('request_key', '=', key).execute();
}

function rowOf(request: IdempotentRequest): IdempotencyKeyRow {
  requireShort('the answer kept for a request', request.response ?? '', MAX_BODY_LENGTH);
  return {
    request_key: request.key,
    fingerprint: request.fingerprint,
    response: request.response ?? null,
    expires_at: request.expiresAt,
  };
}

function requestOf(row: IdempotencyKeyRow): IdempotentRequest {
  return {
    key: row.request_key,
    fingerprint: row.fingerprint,
    response: row.response ?? undefined,
    expiresAt: row.expires_at,
  };
}
