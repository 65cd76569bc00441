import type { AttemptContext } from '../../domain/callback/attempt.ts';
import type { Ticket } from '../../domain/callback/ticket.ts';
import type { AgentId } from '../../domain/ids.ts';
import type { QueueSettings } from '../../domain/queue/settings.ts';

/** An agent who is kept for a ticket; not `ready` while in wrap-up. */
export interface KeptFor {
  readonly agentId: AgentId;
  readonly ready: boolean;
}

/** What one attempt is about. */
export interface CallbackWork {
  readonly ticket: Ticket;
  readonly kept: KeptFor;
  readonly settings: QueueSettings;
  readonly context: AttemptContext;
}

/** What an attempt taught, in milliseconds. */
export interface AttemptMeasure {
  /** From dialling to the key; undefined if it never came. */
  readonly confirmMs: number | undefined;
  /** For which an agent was kept before the customer was reached or given up. */
  readonly keptMs: number;
  readonly connected: boolean;
}

/** Is told how an attempt goes on. */
export interface AttemptWatcher {
  /** The customer's call has left. */
  placed(): void;
  talking(): void;
  /** Once, when the attempt has ended. */
  over(measured: AttemptMeasure): void;
}
