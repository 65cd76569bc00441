import type { AgentId, CallId, EpochMs, TicketId } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';

/** What an agent chose, kept over a restart. */
export type AgentPresence =
  | { readonly name: 'loggedOut' }
  | { readonly name: 'ready'; readonly since: EpochMs }
  | { readonly name: 'break'; readonly since: EpochMs; readonly reason: BreakReason };

export type BreakReason = 'chosen' | 'ringNoAnswer' | 'unreachable';

/** The caller that an agent is kept for. */
type EntryId = CallId | TicketId;

/**
 * What an agent is doing.
 *
 *     loggedOut ◀──▶ ready ──reserve──▶ reserved ──ring──▶ ringing ──answer──▶ talking
 *         ▲            ▲ ▲                 │  │                │                  │
 *         └── break ◀──┘ └────release──────┘  └── no answer ───┤                  │
 *               ▲                                              │                  ▼
 *               └──────────────────────────────────────────────┘     ready ◀── wrapUp
 */
export type AgentActivity =
  | AgentPresence
  | { readonly name: 'reserved'; readonly entryId: EntryId; readonly since: EpochMs }
  | { readonly name: 'ringing'; readonly entryId: EntryId; readonly since: EpochMs }
  | { readonly name: 'talking'; readonly entryId: EntryId; readonly since: EpochMs }
  /** Rest: after a conversation, or for a moment after a fault of ours. */
  | { readonly name: 'wrapUp'; readonly until: EpochMs };

/** One agent as the floor sees it. */
export interface Agent {
  readonly id: AgentId;
  readonly activity: AgentActivity;
  /** Since when this agent has had no conversation; the longest idle is offered first. */
  readonly idleSince: EpochMs;
  /** Whether a phone of the agent is registered, or an open line is up. */
  readonly reachable: boolean;
  /** What the agent chose while busy; taken up when that has ended. */
  readonly next: AgentPresence | undefined;
  /** In wrap-up: the customer who is being called already, for when it ends. */
  readonly ahead: EntryId | undefined;
}

/** An agent as known after a start: what they had chosen, no phone seen yet. */
export function agentAtStart(id: AgentId, presence: AgentPresence, now: EpochMs): Agent {
  return {
    id,
    activity: presence,
    idleSince: now,
    reachable: false,
    next: undefined,
    ahead: undefined,
  };
}

/** Whether a caller may be offered to this agent now. */
export function isFree(agent: Agent): boolean {
  return agent.activity.name === 'ready' && agent.reachable;
}

/** Whether the agent works now or will again within this turn: counted for the estimate. */
export function isStaffed(agent: Agent): boolean {
  const { name } = agent.activity;
  return agent.reachable && name !== 'loggedOut' && name !== 'break';
}

/** Keeps a free agent for a caller. */
export function reserve(agent: Agent, entryId: EntryId, now: EpochMs): Agent {
  if (!isFree(agent)) throw illegal(agent, 'reserve');
  return { ...agent, activity: { name: 'reserved', entryId, since: now } };
}

/** Whether a customer may be called for when the agent's wrap-up ends. */
export function isSoonFree(agent: Agent): boolean {
  const { activity, ahead, next, reachable } = agent;
  return activity.name === 'wrapUp' && reachable && ahead === undefined && next === undefined;
}

/** Keeps an agent in wrap-up for a customer who is called meanwhile. */
export function reserveAhead(agent: Agent, entryId: EntryId): Agent {
  if (!isSoonFree(agent)) throw illegal(agent, 'reserveAhead');
  return { ...agent, ahead: entryId };
}

/** The agent's phone rings. */
export function ring(agent: Agent, now: EpochMs): Agent {
  if (agent.activity.name !== 'reserved') throw illegal(agent, 'ring');
  return { ...agent, activity: { name: 'ringing', entryId: agent.activity.entryId, since: now } };
}

/** The agent answered, or was joined on an open line. */
export function answer(agent: Agent, now: EpochMs): Agent {
  if (agent.activity.name !== 'ringing' && agent.activity.name !== 'reserved') {
    throw illegal(agent, 'answer');
  }
  return { ...agent, activity: { name: 'talking', entryId: agent.activity.entryId, since: now } };
}

/** The agent did not answer, and is not offered another caller until they are back. */
export function missCall(agent: Agent, reason: BreakReason, now: EpochMs): Agent {
  if (agent.activity.name !== 'ringing' && agent.activity.name !== 'reserved') {
    throw illegal(agent, 'missCall');
  }
  const presence = agent.next ?? { name: 'break', since: now, reason };
  return { ...agent, activity: presence, next: undefined };
}

/** We failed to ring or join the agent: no fault of theirs, and no use in trying again at once. */
export function restAfterFault(agent: Agent, until: EpochMs): Agent {
  if (agent.activity.name === 'wrapUp' && agent.ahead !== undefined) {
    const rest = Math.max(until, agent.activity.until);
    return { ...agent, activity: { name: 'wrapUp', until: rest }, ahead: undefined };
  }
  if (agent.activity.name !== 'ringing' && agent.activity.name !== 'reserved') {
    throw illegal(agent, 'restAfterFault');
  }
  return { ...agent, activity: { name: 'wrapUp', until }, ahead: undefined };
}

/** The caller went away before talk; the agent keeps the place among the idle. */
export function release(agent: Agent, now: EpochMs): Agent {
  if (agent.activity.name === 'wrapUp' && agent.ahead !== undefined) {
    return { ...agent, ahead: undefined };
  }
  if (agent.activity.name !== 'ringing' && agent.activity.name !== 'reserved') {
    throw illegal(agent, 'release');
  }
  return { ...agent, activity: agent.next ?? { name: 'ready', since: now }, next: undefined };
}

/** The conversation is over; rest until `until`. */
export function wrapUp(agent: Agent, now: EpochMs, until: EpochMs): Agent {
  if (agent.activity.name !== 'talking') throw illegal(agent, 'wrapUp');
  return { ...agent, activity: { name: 'wrapUp', until }, idleSince: now };
}

/** A phone of the agent is there again; a break that only its absence had brought is over. */
export function comeBack(agent: Agent, now: EpochMs): Agent {
  if (agent.reachable) return agent;
  const { activity } = agent;
  return activity.name === 'break' && activity.reason === 'unreachable'
    ? { ...agent, reachable: true, activity: { name: 'ready', since: now } }
    : { ...agent, reachable: true };
}

/** Rest ends at `until`, if not before. */
export function shortenRest(agent: Agent, until: EpochMs): Agent {
  const { activity } = agent;
  if (activity.name !== 'wrapUp') throw illegal(agent, 'shortenRest');
  return activity.until <= until ? agent : { ...agent, activity: { ...activity, until } };
}

/** Rest is over. */
export function endWrapUp(agent: Agent, now: EpochMs): Agent {
  if (agent.activity.name !== 'wrapUp') throw illegal(agent, 'endWrapUp');
  if (agent.ahead !== undefined) return keptAhead(agent, agent.ahead, now);
  return { ...agent, activity: agent.next ?? { name: 'ready', since: now }, next: undefined };
}

/**
 * The agent chose what to be. While with a caller it is taken up afterwards; in wrap-up at once,
 * so that an agent can end the rest early.
 */
export function choose(agent: Agent, presence: AgentPresence, now: EpochMs): Agent {
  switch (agent.activity.name) {
    case 'reserved':
    case 'ringing':
    case 'talking':
      return { ...agent, next: presence };
    case 'ready':
      if (presence.name === 'ready') return agent;
      return { ...agent, activity: presence };
    case 'loggedOut':
    case 'break':
      return { ...agent, activity: presence, idleSince: now };
    case 'wrapUp':
      if (agent.ahead === undefined) return { ...agent, activity: presence, next: undefined };
      // Somebody is being called for this agent: that conversation comes first.
      return presence.name === 'ready'
        ? { ...keptAhead(agent, agent.ahead, now), next: undefined }
        : { ...agent, next: presence };
  }
}

function keptAhead(agent: Agent, entryId: EntryId, now: EpochMs): Agent {
  return { ...agent, activity: { name: 'reserved', entryId, since: now }, ahead: undefined };
}

function illegal(agent: Agent, event: string): IllegalMove {
  return new IllegalMove('agent', agent.activity.name, event);
}
