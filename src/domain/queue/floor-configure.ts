import { type Agent, agentAtStart, isFree, isStaffed } from '../agent/agent.ts';
import {
  emptyOrderedMap,
  type OrderedMap,
  valueAt,
  valuesInOrder,
  withEntry,
} from '../collections/ordered-map.ts';
import type { AgentId, EpochMs, QueueId } from '../ids.ts';
import {
  ANY_CALLS,
  compareIdle,
  compareText,
  type Floor,
  type FloorEffect,
  type FloorEvent,
  type IdleAgent,
  type QueueOnFloor,
  type StaffedAgent,
} from './floor.ts';
import { assignAgent, idleFor } from './floor-match.ts';
import { EMPTY_LINE, lineLength } from './line.ts';

/**
 * Takes up a new configuration without losing anybody: a queue that is no longer named stays, with
 * its agents, while somebody stands in its line; an agent stays while with a caller.
 */
export function configure(
  floor: Floor,
  event: Extract<FloorEvent, { type: 'configured' }>,
  now: EpochMs,
): { readonly floor: Floor; readonly effects: readonly FloorEffect[] } {
  const agents = configuredAgents(floor, event, now);
  const queues = configuredQueues(floor, event, agents);
  let configured: Floor = { ...floor, queues, agents };
  const effects: FloorEffect[] = [];
  for (const staffed of valuesInOrder(agents)) {
    if (!isFree(staffed.agent)) continue;
    const match = assignAgent(configured, staffed, now);
    configured = match.floor;
    effects.push(...match.effects);
  }
  return { floor: configured, effects };
}

function configuredAgents(
  floor: Floor,
  event: Extract<FloorEvent, { type: 'configured' }>,
  now: EpochMs,
): OrderedMap<AgentId, StaffedAgent> {
  let agents = emptyOrderedMap<AgentId, StaffedAgent>(compareText);
  const ending = endingQueues(floor, event);
  for (const settings of event.agents) {
    const known = valueAt(floor.agents, settings.id);
    const presence = event.presences.get(settings.id) ?? { name: 'loggedOut' };
    const agent = known?.agent ?? agentAtStart(settings.id, presence, now);
    const served = known?.queues.filter((id) => ending.has(id)) ?? [];
    agents = withEntry(agents, agent.id, {
      agent,
      queues: [...settings.queues, ...served],
      levels: settings.levels,
      skills: new Set(settings.skills),
    });
  }
  for (const staffed of valuesInOrder(floor.agents)) {
    if (valueAt(agents, staffed.agent.id) === undefined && isWithCaller(staffed.agent)) {
      const agent: Agent = { ...staffed.agent, next: { name: 'loggedOut' } };
      agents = withEntry(agents, agent.id, { ...staffed, agent });
    }
  }
  return agents;
}

/** Queues that are no longer named, in whose line somebody stands. */
function endingQueues(
  floor: Floor,
  event: Extract<FloorEvent, { type: 'configured' }>,
): ReadonlySet<QueueId> {
  const named = new Set(event.queues.map(({ id }) => id));
  const ending = new Set<QueueId>();
  for (const [id, queue] of floor.queues) {
    if (!named.has(id) && lineLength(queue.line) > 0) ending.add(id);
  }
  return ending;
}

function configuredQueues(
  floor: Floor,
  event: Extract<FloorEvent, { type: 'configured' }>,
  agents: OrderedMap<AgentId, StaffedAgent>,
): ReadonlyMap<QueueId, QueueOnFloor> {
  const queues = new Map<QueueId, QueueOnFloor>();
  for (const id of endingQueues(floor, event)) {
    const queue = floor.queues.get(id);
    if (queue !== undefined) queues.set(id, queue);
  }
  for (const settings of event.queues) {
    const known = floor.queues.get(settings.id);
    queues.set(settings.id, {
      settings,
      line: known?.line ?? EMPTY_LINE,
      free: emptyOrderedMap(compareIdle),
      staffed: 0,
      leadMs: known?.leadMs ?? 0,
      calls: known?.calls ?? ANY_CALLS,
    });
  }
  for (const [id, queue] of queues) queues.set(id, withStaff(queue, id, agents));
  return queues;
}

function withStaff(
  queue: QueueOnFloor,
  queueId: QueueId,
  agents: OrderedMap<AgentId, StaffedAgent>,
): QueueOnFloor {
  let free = emptyOrderedMap<IdleAgent, IdleAgent>(compareIdle);
  let staffed = 0;
  for (const staffedAgent of valuesInOrder(agents)) {
    const { agent, queues } = staffedAgent;
    if (!queues.includes(queueId)) continue;
    const idle = idleFor(agent, staffedAgent, queueId);
    if (isFree(agent)) free = withEntry(free, idle, idle);
    staffed += Number(isStaffed(agent));
  }
  return { ...queue, free, staffed };
}

function isWithCaller(agent: Agent): boolean {
  return ['reserved', 'ringing', 'talking', 'wrapUp'].includes(agent.activity.name);
}
