import type { CallbackSettings } from '../callback/settings.ts';
import type { HoursId, PromptId, QueueId, SkillId } from '../ids.ts';

/** What operators set for a queue in `config/queues.yaml`. */
export interface QueueSettings {
  readonly id: QueueId;
  /** Said to agents and in callbacks, e.g. "refunds". */
  readonly namePrompt: PromptId;
  readonly hours: HoursId;
  /** What an agent must know to take its callers. */
  readonly skills: readonly SkillId[];
  /** Handle time assumed until enough calls were measured. */
  readonly expectedHandleSeconds: number;
  /** An agent's phone rings this long before the next agent is tried. */
  readonly agentRingSeconds: number;
  /** Rest after a conversation before the next is offered. */
  readonly wrapUpSeconds: number;
  /** Whether agents hear who is coming before they are joined. */
  readonly whisper: boolean;
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
