import type { AgentId, EpochMs } from '../ids.ts';

/** What an agent chose, kept over a restart. */
export type AgentPresence =
  | { readonly name: 'loggedOut' }
  | { readonly name: 'ready'; readonly since: EpochMs }
  | { readonly name: 'break'; readonly since: EpochMs; readonly reason: BreakReason };

export type BreakReason = 'chosen' | 'ringNoAnswer' | 'unreachable';

/**
 * What an agent is doing.
 *
 *     loggedOut ◀──▶ ready ──reserve──▶ reserved ──ring──▶ ringing ──answer──▶ talking
 *         ▲            ▲▲                  │ │                │                   │
 *         └── break ◀──┘└─────release──────┘ └─join open line─┼──▶ talking        │
 *               ▲                                             │                   ▼
 *               └───────────────── no answer ─────────────────┘              wrapUp ──▶ ready
 */
export type AgentActivity =
  | AgentPresence
  | { readonly name: 'reserved'; readonly entry: string; readonly since: EpochMs }
  | { readonly name: 'ringing'; readonly entry: string; readonly since: EpochMs }
  | { readonly name: 'talking'; readonly entry: string; readonly since: EpochMs }
  | { readonly name: 'wrapUp'; readonly until: EpochMs };

/** One agent as the floor sees it. */
export interface Agent {
  readonly id: AgentId;
  readonly activity: AgentActivity;
  /** Since when this agent has had no conversation; the longest idle is offered first. */
  readonly idleSince: EpochMs;
  /** Whether any phone of the agent is registered or an open line is up. */
  readonly reachable: boolean;
  /** What the agent asked for while busy; taken up when the conversation has ended. */
  readonly next: AgentPresence | undefined;
}
