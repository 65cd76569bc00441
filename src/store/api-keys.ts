import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { ApiKey } from '../engine/api-records.ts';
import type { Write } from './group-commit.ts';
import { readJson } from './json.ts';
import type { ApiKeyRow, Tables } from './tables.ts';

/** Prepares the writing of an API key, new or known. */
export function saveApiKey(key: ApiKey): Write {
  const { id, ...columns } = rowOf(key);
  return (transaction) =>
    transaction
      .insertInto('api_keys')
      .values({ id, ...columns })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
      .execute();
}

/** All, also revoked ones, by their making. @throws StoreFailure `damaged` */
export async function apiKeys(db: Kysely<Tables>): Promise<readonly ApiKey[]> {
  const rows = await db
    .selectFrom('api_keys')
    .selectAll()
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(keyOf);
}

export async function apiKeyOf(
  db: Kysely<Tables>,
  secretHash: string,
): Promise<ApiKey | undefined> {
  const row = await db
    .selectFrom('api_keys')
    .selectAll()
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst();
  return row && keyOf(row);
}

function rowOf(key: ApiKey): ApiKeyRow {
  return {
    id: key.id,
    name: key.name,
    secret_hash: key.secretHash,
    scopes: JSON.stringify(key.scopes),
    created_at: key.createdAt,
    revoked_at: key.revokedAt ?? null,
  };
}

function keyOf(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    secretHash: row.secret_hash,
    scopes: readJson(row.scopes, SCOPES, `api_keys.scopes of ${row.id}`),
    createdAt: row.created_at,
    revokedAt: row.revoked_at ?? undefined,
  };
}

const SCOPES = z.array(z.string());
