import type { HoursId, PromptId, QueueId } from '../ids.ts';

/** What operators set for a queue in `config/queues.yaml`. */
export interface QueueSettings {
  readonly id: QueueId;
  /** Said to agents and in callbacks, e.g. "refunds". */
  readonly namePrompt: PromptId;
  readonly hours: HoursId;
  /** Handle time assumed until enough calls were measured. */
  readonly expectedHandleSeconds: number;
  /** An agent's phone rings this long before the next agent is tried. */
  readonly agentRingSeconds: number;
  /** Rest after a conversation before the next is offered. */
  readonly wrapUpSeconds: number;
  readonly hold: HoldSettings;
  readonly callback: CallbackSettings;
}

/** What a caller hears on hold. */
interface HoldSettings {
  /** Position and wait are announced at this interval. */
  readonly announceEverySeconds: number;
  /** Most callers in line at once, holders and callbacks together; further callers hear `fullPrompts`. */
  readonly maxWaiting: number;
  readonly fullPrompts: readonly PromptId[];
}

/** The offer of a callback and how it is kept. */
export interface CallbackSettings {
  readonly offered: boolean;
  /** Offered when the estimated wait is at least this. */
  readonly offerAboveSeconds: number;
  /** Tickets open at once; above it no offer is made. */
  readonly maxOpenTickets: number;
  /** The customer's telephone rings this long. */
  readonly ringSeconds: number;
  /** Time to press 1 after the greeting of a callback has been heard. */
  readonly confirmSeconds: number;
  /** Times the greeting of a callback is said before "no key" ends it. */
  readonly confirmTries: number;
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** Pause before the next attempt. */
  readonly retryMinutes: number;
  /** Pause when the customer pressed 2 for later. */
  readonly laterMinutes: number;
}
