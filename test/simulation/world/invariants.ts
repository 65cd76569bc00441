import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { sizeOf, valueAt, valuesInOrder } from '../../../src/domain/collections/ordered-map.ts';
import type { CallId, TicketId } from '../../../src/domain/ids.ts';
import type { Floor, QueueOnFloor, StaffedAgent } from '../../../src/domain/queue/floor.ts';
import { comparePlaces, type Entry, everyoneInLine } from '../../../src/domain/queue/line.ts';
import type { MemoryStore } from './memory-store.ts';
import type { SimulatedLeg } from './simulated-leg.ts';

/** A rule that did not hold, with the moment and the seed in its message. */
export class BrokenInvariant extends Error {}

export function must(holds: boolean, rule: string): void {
  if (!holds) throw new BrokenInvariant(rule);
}

/** What must hold of the floor after every step (the cheap part of it). */
export function checkFloor(floor: Floor): void {
  let inLines = 0;
  for (const queue of floor.queues.values()) {
    inLines += sizeOf(queue.line.everyone);
    if (sizeOf(queue.line.eligible) === 0 || sizeOf(queue.free) === 0) continue;
    const free = [...valuesInOrder(queue.free)].flatMap(
      ({ id }) => valueAt(floor.agents, id) ?? [],
    );
    for (const entry of valuesInOrder(queue.line.eligible)) {
      const waits = !isHeld(queue, entry) && free.some((agent) => knows(agent, entry));
      must(!waits, `${entry.id} waits while an agent is free`);
    }
  }
  must(inLines === sizeOf(floor.entries), 'everybody in line is in exactly one line');
}

/** Whether nobody of the queue may be called, and this is somebody who would have to be. */
function isHeld({ calls }: QueueOnFloor, { kind }: Entry): boolean {
  return kind === 'ticket' && calls.left <= 0;
}

function knows({ skills }: StaffedAgent, entry: Entry): boolean {
  return entry.skills.every((skill) => skills.has(skill));
}

/** What must hold of the agents whenever one of them changed. */
export function checkAgents(floor: Floor): void {
  const kept = new Set<string>();
  for (const { agent } of valuesInOrder(floor.agents)) {
    const { activity } = agent;
    if (activity.name !== 'reserved' && activity.name !== 'ringing') continue;
    must(!kept.has(activity.entryId), 'two agents are kept for one caller');
    kept.add(activity.entryId);
    const placed = valueAt(floor.entries, activity.entryId);
    must(placed?.agentId === agent.id, 'an agent is kept for somebody who is not with them');
  }
}

/** The dear part: every line in order, nobody eligible while with an agent. */
export function checkLines(floor: Floor): void {
  for (const queue of floor.queues.values()) {
    let previous: { arrivedAt: number; arrivalSequence: number } | undefined;
    for (const entry of everyoneInLine(queue.line)) {
      must(previous === undefined || comparePlaces(previous, entry) < 0, 'the line is in order');
      previous = entry;
      const placed = valueAt(floor.entries, entry.id);
      must(placed !== undefined, 'somebody in line is unknown');
      const eligible = valueAt(queue.line.eligible, entry) !== undefined;
      must(
        !(eligible && placed?.agentId !== undefined),
        'an agent is sought for a caller who has one',
      );
    }
  }
}

/** Longer than any callback takes from dialling to talk, or any phone rings. */
const LONGEST_TURN_MS = 10 * 60_000;
/** A timer of the same moment may still be to come. */
const SLACK_MS = 1_000;

/** Nobody stays with an agent who never talks; nobody rests for ever. */
export function checkNobodyIsStuck(floor: Floor, now: number): void {
  for (const { agent } of valuesInOrder(floor.agents)) {
    const { activity } = agent;
    if (activity.name === 'reserved' || activity.name === 'ringing') {
      const kept = now - activity.since;
      must(
        kept < LONGEST_TURN_MS,
        `${agent.id} is ${activity.name} for ${activity.entryId} for ever`,
      );
    }
    if (activity.name === 'wrapUp') {
      must(activity.until > now - SLACK_MS, `${agent.id} rests for ever`);
    }
  }
}

/** Every ticket that waits stands in line. What a move makes of it may not be on disk yet. */
export function checkTicketsStandInLine(
  store: MemoryStore,
  now: (id: TicketId) => Ticket | undefined,
  floor: Floor,
): void {
  for (const { id, state } of store.tickets.values()) {
    if (state.name !== 'waiting' || now(id)?.state.name !== 'waiting') continue;
    must(valueAt(floor.entries, id) !== undefined, `${id} waits but stands in no line`);
  }
}

/** Who was given an agent at this moment had nobody before them who could have been, and still can. */
export function checkNoOvertaking(before: Floor, floor: Floor, now: number): void {
  for (const staffed of valuesInOrder(floor.agents)) {
    const { agent } = staffed;
    const { activity } = agent;
    const agentBefore = valueAt(before.agents, agent.id)?.agent;
    const earlier = agentBefore?.ahead;
    if (agent.ahead !== undefined && agent.ahead !== earlier) {
      checkTurn(before, floor, staffed, agent.ahead);
    }
    if (activity.name !== 'reserved' || activity.since !== now) continue;
    // In an earlier step of the same moment, as when many are due at once.
    if (agentBefore?.activity === activity) continue;
    // Who was called ahead was given the agent then.
    if (activity.entryId !== earlier) checkTurn(before, floor, staffed, activity.entryId);
  }
}

/** While telephony is down nobody can have missed a call. */
export function checkNobodyIsBlamed(before: Floor, floor: Floor): void {
  for (const { agent } of valuesInOrder(floor.agents)) {
    if (agent.activity.name !== 'break' || agent.activity.reason !== 'ringNoAnswer') continue;
    const earlier = valueAt(before.agents, agent.id)?.agent.activity.name;
    must(earlier === 'break', `${agent.id} is on break for a fault of ours`);
  }
}

function checkTurn(
  before: Floor,
  now: Floor,
  agent: StaffedAgent,
  entryId: CallId | TicketId,
): void {
  const placed = valueAt(before.entries, entryId);
  if (placed === undefined) return;
  for (const queueId of agent.queues) {
    const queue = before.queues.get(queueId);
    const stillEligible = now.queues.get(queueId)?.line.eligible;
    if (queue === undefined || stillEligible === undefined) continue;
    for (const other of valuesInOrder(queue.line.eligible)) {
      if (comparePlaces(other, placed.entry) >= 0) break;
      if (isHeld(queue, other) || !knows(agent, other)) continue;
      const waits = valueAt(stillEligible, other) !== undefined;
      must(!waits, `${other.id} was overtaken by ${entryId}`);
    }
  }
}

/** No agent hears a machine. */
export function checkBridges(legs: ReadonlySet<SimulatedLeg>): void {
  for (const leg of legs) {
    if (leg.who.kind === 'agent' && leg.peer !== undefined) {
      must(!leg.peer.who.isMachine, 'an agent hears a machine');
      must(leg.peer.who.kind !== 'agent', 'two agents are joined');
    }
  }
}

/** What must hold once everybody has gone home. */
export function checkEndOfDay(store: MemoryStore, floor: Floor): void {
  const endings = new Set(['connected', 'cancelled', 'exhausted']);
  for (const ticket of store.tickets.values()) {
    const inLine = valueAt(floor.entries, ticket.id) !== undefined;
    must(endings.has(ticket.state.name) !== inLine, `${ticket.id} is lost or served twice`);
  }
  for (const recording of store.recordings.values()) {
    must(recording.state.name !== 'recording', `${recording.id} never ended`);
  }
  for (const call of store.calls.values()) {
    must(call.end !== undefined, `${call.id} never ended`);
    if (call.direction === 'callback') continue;
    const isTaken = call.end?.outcome === 'ticketTaken';
    must(isTaken === (call.ticketId !== undefined), `${call.id} does not say what became of it`);
  }
}
