import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AgentPresence } from '../domain/agent/agent.ts';
import type { AgentId } from '../domain/ids.ts';
import type { Write } from './group-commit.ts';
import { readJson } from './json.ts';
import type { Tables } from './tables.ts';

/** Prepares the writing of what an agent chose. */
export function saveAgentPresence(id: AgentId, chosen: AgentPresence): Write {
  const presence = JSON.stringify(chosen);
  return (transaction) =>
    transaction
      .insertInto('agents')
      .values({ id, presence })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ presence }))
      .execute();
}

/** @throws StoreFailure `damaged` */
export async function agentPresences(
  db: Kysely<Tables>,
): Promise<ReadonlyMap<AgentId, AgentPresence>> {
  const rows = await db.selectFrom('agents').selectAll().execute();
  return new Map(
    rows.map(({ id, presence }) => [id, readJson(presence, PRESENCE, `agents.presence of ${id}`)]),
  );
}

const PRESENCE: z.ZodType<AgentPresence> = z.discriminatedUnion('name', [
  z.looseObject({ name: z.literal('loggedOut') }),
  z.looseObject({ name: z.literal('ready'), since: z.number() }),
  z.looseObject({
    name: z.literal('break'),
    since: z.number(),
    reason: z.enum(['chosen', 'ringNoAnswer', 'unreachable']),
  }),
]);
