import type { AgentId, QueueId } from '../ids.ts';

/** An agent as operators write it in `config/agents.yaml`. */
export interface AgentSettings {
  readonly id: AgentId;
  readonly name: string;
  readonly queues: readonly QueueId[];
}

/** What an agent's phone dials to change the agent's state. */
export interface ShortCodes {
  readonly ready: string;
  readonly break: string;
  readonly logOut: string;
  /** Ready with the line kept open: calls are joined without ringing. */
  readonly openLine: string;
}
