import type { AgentId, QueueId, SkillId } from '../ids.ts';

/** An agent as operators write it in `config/agents.yaml`. */
export interface AgentSettings {
  readonly id: AgentId;
  readonly name: string;
  readonly queues: readonly QueueId[];
  /** How well suited for each queue: 1 is asked first. A queue left out is 1. */
  readonly levels: ReadonlyMap<QueueId, number>;
  /** Languages by their id, and whatever else queues ask for. */
  readonly skills: readonly SkillId[];
}

/** What an agent's phone dials to change the agent's state. */
export interface ShortCodes {
  readonly ready: string;
  readonly break: string;
  readonly logOut: string;
  /** Ready with the line kept open: calls are joined without ringing. */
  readonly openLine: string;
}
