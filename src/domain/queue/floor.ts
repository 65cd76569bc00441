import type { Agent, AgentPresence, BreakReason } from '../agent/agent.ts';
import type { AgentSettings } from '../agent/settings.ts';
import { emptyOrderedMap, type OrderedMap } from '../collections/ordered-map.ts';
import type { AgentId, CallId, EpochMs, QueueId, TicketId } from '../ids.ts';
import type { HandleTime } from '../wait/handle-time.ts';
import type { Entry, Line } from './line.ts';
import type { QueueSettings } from './settings.ts';

export type EntryId = CallId | TicketId;

/**
 * Everybody who waits and everybody who answers. One aggregate, because who is served next
 * depends on all of them at once. `step` in `floor-step.ts` moves it.
 */
export interface Floor {
  readonly queues: ReadonlyMap<QueueId, QueueOnFloor>;
  readonly entries: OrderedMap<EntryId, PlacedEntry>;
  readonly agents: OrderedMap<AgentId, StaffedAgent>;
}

/** A queue with its line and the agents who are free for it, longest idle first. */
export interface QueueOnFloor {
  readonly settings: QueueSettings;
  readonly line: Line;
  readonly free: OrderedMap<IdleAgent, IdleAgent>;
  /** Agents signed in for this queue. */
  readonly staffed: number;
  readonly handleTime: HandleTime;
}

export interface IdleAgent {
  readonly idleSince: EpochMs;
  readonly id: AgentId;
}

export interface StaffedAgent {
  readonly agent: Agent;
  readonly queues: readonly QueueId[];
}

/** An entry and the agent it is with, if any. */
export interface PlacedEntry {
  readonly entry: Entry;
  readonly agentId: AgentId | undefined;
}

/** Why an agent did not come to talk; a fault of ours sends nobody on break. */
export type MissReason = Exclude<BreakReason, 'chosen'> | 'ourFault';

export type FloorEvent =
  /** Queues and agents as now configured; agents not named any more are logged out when free. */
  | {
      readonly type: 'configured';
      readonly queues: readonly QueueSettings[];
      readonly agents: readonly AgentSettings[];
      readonly presences: ReadonlyMap<AgentId, AgentPresence>;
    }
  /** Somebody joins the line; a ticket may have to pause first. */
  | { readonly type: 'entered'; readonly entry: Entry; readonly eligible: boolean }
  /** A holder took a ticket: it stands where they stood, and pauses until `due`. */
  | { readonly type: 'replaced'; readonly callId: CallId; readonly entry: Entry }
  /** A ticket has to pause; an agent it was with is free again, after a fault once they rested. */
  | { readonly type: 'deferred'; readonly entryId: EntryId; readonly afterFault: boolean }
  /** The pause is over. */
  | { readonly type: 'due'; readonly entryId: EntryId }
  /** Hung up, cancelled, exhausted. */
  | { readonly type: 'left'; readonly entryId: EntryId }
  | { readonly type: 'agentRinging'; readonly entryId: EntryId }
  /** Talk begins; the entry leaves the line. */
  | { readonly type: 'agentAnswered'; readonly entryId: EntryId }
  /** The entry keeps its place; the next agent is sought. */
  | { readonly type: 'agentMissed'; readonly entryId: EntryId; readonly reason: MissReason }
  | { readonly type: 'conversationEnded'; readonly agentId: AgentId; readonly queue: QueueId }
  | { readonly type: 'wrapUpEnded'; readonly agentId: AgentId }
  | { readonly type: 'chose'; readonly agentId: AgentId; readonly presence: AgentPresence }
  | { readonly type: 'reachable'; readonly agentId: AgentId; readonly reachable: boolean };

export type FloorEffect =
  /** The agent is kept for this caller: ring, or dial the ticket. */
  | { readonly type: 'assigned'; readonly agentId: AgentId; readonly entry: Entry }
  /** Post `wrapUpEnded` at that time. */
  | { readonly type: 'startWrapUp'; readonly agentId: AgentId; readonly until: EpochMs }
  /** Keep what the agent now is. */
  | {
      readonly type: 'presenceChanged';
      readonly agentId: AgentId;
      readonly presence: AgentPresence;
    };

/** Text order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Longest idle first. */
export function compareIdle(a: IdleAgent, b: IdleAgent): number {
  return a.idleSince - b.idleSince || compareText(a.id, b.id);
}

export const EMPTY_FLOOR: Floor = {
  queues: new Map(),
  entries: emptyOrderedMap<EntryId, PlacedEntry>(compareText),
  agents: emptyOrderedMap<AgentId, StaffedAgent>(compareText),
};
