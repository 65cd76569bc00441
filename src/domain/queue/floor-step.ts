import { choose, comeBack, ring } from '../agent/agent.ts';
import type { EpochMs } from '../ids.ts';
import type { Floor, FloorEvent, FloorStep } from './floor.ts';
import { changeAgent, moveAgentOf } from './floor-agents.ts';
import { configure } from './floor-configure.ts';
import { becomeEligible, defer, enter, leave, move, replace } from './floor-entries.ts';
import { allowCalls } from './floor-match.ts';
import {
  endConversation,
  missedBy,
  startTalk,
  whenWrapUpEnds,
  whenWrapUpEndsSoon,
  withLead,
} from './floor-turns.ts';

/**
 * Moves the floor by one event and matches whoever can be matched: the first in line with the
 * longest idle agent.
 * @throws IllegalMove for an event that its subject cannot take.
 */
export function stepFloor(floor: Floor, event: FloorEvent, now: EpochMs): FloorStep {
  switch (event.type) {
    case 'configured':
      return configure(floor, event, now);
    case 'entered':
      return enter(floor, event.entry, event.pause, now);
    case 'replaced':
      return replace(floor, event.callId, event.entry, event.pause, now);
    case 'returned':
      return replace(floor, event.ticketId, event.entry, undefined, now);
    case 'moved':
      return move(floor, event.entryId, event.place, now);
    case 'deferred':
      return defer(floor, event, now);
    case 'due':
      return becomeEligible(floor, event.entryId, now, true);
    case 'left':
      return leave(floor, event.entryId, now);
    case 'agentRinging':
      return { floor: moveAgentOf(floor, event.entryId, (agent) => ring(agent, now)), effects: [] };
    case 'agentAnswered':
      return startTalk(floor, event.entryId, now);
    case 'agentMissed':
      return missedBy(floor, event, now);
    case 'conversationEnded':
      return endConversation(floor, event.agentId, event.queue, now);
    case 'wrapUpEnded':
      return whenWrapUpEnds(floor, event.agentId, now);
    case 'wrapUpEndsSoon':
      return whenWrapUpEndsSoon(floor, event.agentId, now);
    case 'leadMeasured':
      return { floor: withLead(floor, event.queue, event.leadMs), effects: [] };
    case 'callsAllowed':
      return allowCalls(floor, event.queue, event.calls, now);
    case 'chose':
      return changeAgent(floor, event.agentId, (agent) => choose(agent, event.presence, now), now);
    case 'reachable':
      return changeAgent(
        floor,
        event.agentId,
        (agent) => (event.reachable ? comeBack(agent, now) : { ...agent, reachable: false }),
        now,
      );
  }
}
