import { answer, endWrapUp, isSoonFree, missCall, shortenRest, wrapUp } from '../agent/agent.ts';
import { valueAt, withEntry } from '../collections/ordered-map.ts';
import type { AgentId, EpochMs, QueueId } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';
import type { EntryId, Floor, FloorEvent, FloorStep, MissReason, StaffedAgent } from './floor.ts';
import { changeAgent, FAULT_REST_MS, moveAgentOf, placed, restAgent } from './floor-agents.ts';
import { becomeEligible, withoutPlace } from './floor-entries.ts';
import { assignAhead } from './floor-match.ts';

export function startTalk(floor: Floor, entryId: EntryId, now: EpochMs): FloorStep {
  const talking = moveAgentOf(floor, entryId, (agent) => answer(agent, now));
  return { floor: withoutPlace(talking, entryId), effects: [] };
}

export function missedBy(
  floor: Floor,
  event: Extract<FloorEvent, { type: 'agentMissed' }>,
  now: EpochMs,
): FloorStep {
  const { entry, agentId } = placed(floor, event.entryId);
  if (agentId === undefined) throw new IllegalMove('floor', 'without agent', event.type);
  const { pause } = event;
  const unassigned = {
    ...floor,
    entries: withEntry(floor.entries, entry.id, { entry, agentId: undefined, pause }),
  };
  if (pause !== undefined) return whenMissed(unassigned, agentId, event.reason, now);
  // First the caller is in line again: the agent, if ready at once, must not take who stands behind.
  const again = becomeEligible(unassigned, entry.id, now, false);
  const missed = whenMissed(again.floor, agentId, event.reason, now);
  return { floor: missed.floor, effects: [...again.effects, ...missed.effects] };
}

function whenMissed(floor: Floor, agentId: AgentId, reason: MissReason, now: EpochMs): FloorStep {
  return reason === 'ourFault'
    ? restAgent(floor, agentId, now)
    : changeAgent(floor, agentId, (agent) => missCall(agent, reason, now), now);
}

export function endConversation(
  floor: Floor,
  agentId: AgentId,
  queueId: QueueId,
  now: EpochMs,
): FloorStep {
  const known = valueAt(floor.agents, agentId);
  if (known?.agent.activity.name !== 'talking') {
    throw new IllegalMove('agent', known?.agent.activity.name ?? 'unknown', 'conversationEnded');
  }
  const wrapUpSeconds = floor.queues.get(queueId)?.settings.wrapUpSeconds ?? 0;
  const until = now + wrapUpSeconds * 1000;
  const rested = changeAgent(floor, agentId, (agent) => wrapUp(agent, now, until), now);
  return {
    floor: rested.floor,
    effects: [
      ...rested.effects,
      { type: 'startWrapUp', agentId, until, soonAt: soonAt(rested.floor, agentId, until, now) },
    ],
  };
}

/** When to think of calling ahead: the longest lead of the agent's queues before the end. */
function soonAt(floor: Floor, agentId: AgentId, until: EpochMs, now: EpochMs): EpochMs | undefined {
  const leads = (valueAt(floor.agents, agentId)?.queues ?? []).map(
    (id) => floor.queues.get(id)?.leadMs ?? 0,
  );
  const leadMs = Math.max(0, ...leads);
  return leadMs === 0 ? undefined : Math.max(now, until - leadMs);
}

export function withLead(floor: Floor, queueId: QueueId, leadMs: number): Floor {
  const queue = floor.queues.get(queueId);
  if (queue === undefined || queue.leadMs === leadMs) return floor;
  return { ...floor, queues: new Map(floor.queues).set(queueId, { ...queue, leadMs }) };
}

export function whenWrapUpEndsSoon(floor: Floor, agentId: AgentId, now: EpochMs): FloorStep {
  const known = valueAt(floor.agents, agentId);
  if (known === undefined || !isSoonFree(known.agent)) return { floor, effects: [] };
  return assignAhead(floor, known, now);
}

export function whenWrapUpEnds(floor: Floor, agentId: AgentId, now: EpochMs): FloorStep {
  const known = valueAt(floor.agents, agentId);
  // The agent may have ended the rest early.
  if (known?.agent.activity.name !== 'wrapUp') return { floor, effects: [] };
  if (known.agent.activity.until <= now) {
    return changeAgent(floor, agentId, (agent) => endWrapUp(agent, now), now);
  }
  // Or have begun another since; and a timer may come a moment early. A clock that was set back
  // makes no rest longer than they are.
  const until = Math.min(known.agent.activity.until, now + longestRestMs(floor, known));
  const rested = changeAgent(floor, agentId, (agent) => shortenRest(agent, until), now);
  const again = { type: 'startWrapUp', agentId, until, soonAt: undefined } as const;
  return { floor: rested.floor, effects: [...rested.effects, again] };
}

function longestRestMs(floor: Floor, { queues }: StaffedAgent): number {
  const wrapUps = queues.map((id) => floor.queues.get(id)?.settings.wrapUpSeconds ?? 0);
  return Math.max(FAULT_REST_MS, ...wrapUps.map((seconds) => seconds * 1000));
}
