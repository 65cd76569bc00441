import type { AgentId } from '../domain/ids.ts';
import type { TimeSpan } from '../engine/archive.ts';
import type { AgentScript, Span } from './day.ts';
import { seedOf } from './random.ts';
import type { RecordedPresence } from './records.ts';

/** When each agent was ready, within the span. */
export function recordedShifts(
  presences: readonly RecordedPresence[],
  { from, to }: TimeSpan,
): ReadonlyMap<AgentId, readonly Span[]> {
  const shifts = new Map<AgentId, Span[]>();
  const readySince = new Map<AgentId, number>();
  const end = (agentId: AgentId, at: number): void => {
    const since = readySince.get(agentId);
    readySince.delete(agentId);
    if (since === undefined) return;
    const span = { from: Math.max(since, from), to: Math.min(at, to) };
    if (span.to > span.from) shifts.set(agentId, [...(shifts.get(agentId) ?? []), span]);
  };
  for (const { agentId, at, to: presence } of presences) {
    if (presence !== 'ready') end(agentId, at);
    else if (!readySince.has(agentId)) readySince.set(agentId, at);
  }
  for (const agentId of readySince.keys()) end(agentId, to);
  return shifts;
}

/**
 * The agents of a configuration at the times that were recorded. One whom the records do not know is
 * taken to work as one of the others does, in turn.
 */
export function agentsAtWork(
  agents: Iterable<AgentId>,
  recorded: ReadonlyMap<AgentId, readonly Span[]>,
  ringMs: number,
  seed: number,
): readonly AgentScript[] {
  const others = [...recorded.values()];
  let unknown = 0;
  return [...agents].map((id, index) => {
    const shifts = recorded.get(id) ?? others[unknown++ % Math.max(1, others.length)] ?? [];
    // Who did not answer went on break, which is in the record: they are not missed twice.
    return { id, shifts, misses: 0, absentMs: 0, ringMs, seed: seedOf(seed, index) };
  });
}
