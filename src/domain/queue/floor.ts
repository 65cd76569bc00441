import type { Agent, AgentPresence, BreakReason } from '../agent/agent.ts';
import type { AgentSettings } from '../agent/settings.ts';
import type { PauseReason } from '../callback/ticket.ts';
import { emptyOrderedMap, type OrderedMap } from '../collections/ordered-map.ts';
import type { AgentId, CallId, EpochMs, QueueId, SkillId, TicketId } from '../ids.ts';
import type { Entry, Line, Place } from './line.ts';
import type { QueueSettings } from './settings.ts';

export type EntryId = CallId | TicketId;

/**
 * Everybody who waits and everybody who answers. One aggregate, because who is served next
 * depends on all of them at once. `stepFloor` in `floor-step.ts` moves it.
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
  /** Customers are called this long before an agent's wrap-up ends; 0 until enough were measured. */
  readonly leadMs: number;
  readonly calls: CallsAllowed;
}

/** Customers who may be called now. At 0 no agent is kept for a ticket that has to be called. */
export interface CallsAllowed {
  readonly left: number;
  /** Why no more. */
  readonly because: PauseReason;
}

/** What holds until somebody says otherwise. */
export const ANY_CALLS: CallsAllowed = { left: Number.POSITIVE_INFINITY, because: 'dialling' };

/** Best suited first, then longest idle. */
export interface IdleAgent {
  readonly level: number;
  readonly idleSince: EpochMs;
  readonly id: AgentId;
}

export interface StaffedAgent {
  readonly agent: Agent;
  readonly queues: readonly QueueId[];
  readonly levels: ReadonlyMap<QueueId, number>;
  readonly skills: ReadonlySet<SkillId>;
}

/** An entry with the agent it is with, or the reason for which it is not to be served now, if any. */
export interface PlacedEntry {
  readonly entry: Entry;
  readonly agentId: AgentId | undefined;
  readonly pause: PauseReason | undefined;
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
  | {
      readonly type: 'entered';
      readonly entry: Entry;
      readonly pause: PauseReason | undefined;
    }
  /** A holder took a ticket: it stands where they stood, and pauses until `due`. */
  | {
      readonly type: 'replaced';
      readonly callId: CallId;
      readonly entry: Entry;
      readonly pause: PauseReason;
    }
  /** A caller gives up their ticket and waits on the line, where it stood. */
  | { readonly type: 'returned'; readonly ticketId: TicketId; readonly entry: Entry }
  /** A ticket has to pause; an agent it was with is free again, after a fault once they rested. */
  | { readonly type: 'deferred'; readonly entryId: EntryId; readonly pause: PauseReason }
  /** Moved to another place, by a supervisor or a rule. One who is with an agent just then stays. */
  | { readonly type: 'moved'; readonly entryId: EntryId; readonly place: Place }
  /** The pause is over. */
  | { readonly type: 'due'; readonly entryId: EntryId }
  /** Hung up, cancelled, exhausted. */
  | { readonly type: 'left'; readonly entryId: EntryId }
  | { readonly type: 'agentRinging'; readonly entryId: EntryId }
  /** Talk begins; the entry leaves the line. */
  | { readonly type: 'agentAnswered'; readonly entryId: EntryId }
  /** The entry keeps its place; the next agent is sought. */
  | {
      readonly type: 'agentMissed';
      readonly entryId: EntryId;
      readonly reason: MissReason;
      /** Set where the next is sought only after a new look at the rules: nobody is on the line yet. */
      readonly pause?: PauseReason;
    }
  | { readonly type: 'conversationEnded'; readonly agentId: AgentId; readonly queue: QueueId }
  | { readonly type: 'wrapUpEnded'; readonly agentId: AgentId }
  /** The agent's wrap-up ends soon: a customer may be called for it. */
  | { readonly type: 'wrapUpEndsSoon'; readonly agentId: AgentId }
  /** How long before the end of a wrap-up customers of a queue are to be called. */
  | { readonly type: 'leadMeasured'; readonly queue: QueueId; readonly leadMs: number }
  /** How many customers of a queue may be called now. */
  | { readonly type: 'callsAllowed'; readonly queue: QueueId; readonly calls: CallsAllowed }
  | { readonly type: 'chose'; readonly agentId: AgentId; readonly presence: AgentPresence }
  | { readonly type: 'reachable'; readonly agentId: AgentId; readonly reachable: boolean };

export type FloorEffect =
  /** The agent is kept for this caller: ring, or dial the ticket. */
  | {
      readonly type: 'assigned';
      readonly agentId: AgentId;
      readonly entry: Entry;
      /** False: the agent is in wrap-up until `agentReady`; only a ticket is assigned so. */
      readonly ready: boolean;
      readonly overtook: Overtaking;
      /** Why nobody of the queue may be called, if that was so: their tickets were passed over. */
      readonly held: PauseReason | undefined;
    }
  /** The wrap-up of an agent who was kept ahead is over. */
  | { readonly type: 'agentReady'; readonly agentId: AgentId; readonly entryId: EntryId }
  /** Post `wrapUpEnded` at `until`, and `wrapUpEndsSoon` before it at `soonAt`, if that is set. */
  | {
      readonly type: 'startWrapUp';
      readonly agentId: AgentId;
      readonly until: EpochMs;
      readonly soonAt: EpochMs | undefined;
    }
  /** Keep what the agent now is. */
  | {
      readonly type: 'presenceChanged';
      readonly agentId: AgentId;
      readonly presence: AgentPresence;
    };

/** Who stood before the one who was assigned. */
export interface Overtaking {
  /** All of them: in a pause, with an agent, or in need of a skill that this agent has not. */
  readonly count: number;
  /** Those who could have been served in their place: always 0, or a rule is broken. */
  readonly unexplained: number;
}

/** Text order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Best suited first, then longest idle. */
export function compareIdle(a: IdleAgent, b: IdleAgent): number {
  return a.level - b.level || a.idleSince - b.idleSince || compareText(a.id, b.id);
}

export const EMPTY_FLOOR: Floor = {
  queues: new Map(),
  entries: emptyOrderedMap<EntryId, PlacedEntry>(compareText),
  agents: emptyOrderedMap<AgentId, StaffedAgent>(compareText),
};

/** The floor after an event, and what is to be done about it. */
export interface FloorStep {
  readonly floor: Floor;
  readonly effects: readonly FloorEffect[];
}
