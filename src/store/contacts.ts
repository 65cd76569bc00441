import type { Kysely } from 'kysely';
import type { AgentId } from '../domain/ids.ts';
import type { RegisteredPhone } from '../engine/phones.ts';
import type { Write } from './group-commit.ts';
import type { ContactRow, Tables } from './tables.ts';

/** Prepares the replacement of an agent's phones. */
export function replacePhones(agentId: AgentId, phones: readonly RegisteredPhone[]): Write {
  const rows = phones.map((phone) => rowOf(agentId, phone));
  return async (transaction) => {
    await transaction.deleteFrom('contacts').where('agent_id', '=', agentId).execute();
    for (const row of rows) await transaction.insertInto('contacts').values(row).execute();
  };
}

/** All phones by agent, newest first. */
export async function readPhones(
  db: Kysely<Tables>,
): Promise<ReadonlyMap<AgentId, readonly RegisteredPhone[]>> {
  const rows = await db
    .selectFrom('contacts')
    .selectAll()
    .orderBy('agent_id')
    .orderBy('registered_at', 'desc')
    .execute();
  const phones = new Map<AgentId, RegisteredPhone[]>();
  for (const row of rows) {
    const known = phones.get(row.agent_id);
    if (known === undefined) phones.set(row.agent_id, [phoneOf(row)]);
    else known.push(phoneOf(row));
  }
  return phones;
}

function rowOf(agentId: AgentId, phone: RegisteredPhone): ContactRow {
  return {
    agent_id: agentId,
    uri: phone.uri,
    expires_at: phone.expiresAt,
    registered_at: phone.registeredAt,
    protocol: phone.source.protocol,
    address: phone.source.address,
    port: phone.source.port,
    call_id: phone.callId,
    cseq: phone.cseq,
  };
}

function phoneOf(row: ContactRow): RegisteredPhone {
  return {
    uri: row.uri,
    expiresAt: row.expires_at,
    registeredAt: row.registered_at,
    source: { protocol: row.protocol, address: row.address, port: row.port },
    callId: row.call_id,
    cseq: row.cseq,
  };
}
