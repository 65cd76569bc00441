import type { HoursId, MenuId, PromptId, QueueId } from '../ids.ts';
import type { Key } from './keys.ts';

/** What a key, or the end of a caller's tries, leads to. */
export type MenuAction =
  | { readonly to: 'menu'; readonly menu: MenuId }
  | { readonly to: 'queue'; readonly queue: QueueId }
  | { readonly to: 'repeat' }
  | { readonly to: 'hangUp'; readonly prompts: readonly PromptId[] };

/** A menu as operators write it in `config/menus.yaml`. */
export interface Menu {
  readonly id: MenuId;
  /** Spoken in order; a key interrupts them. */
  readonly prompts: readonly PromptId[];
  readonly keys: Readonly<Partial<Record<Key, MenuAction>>>;
  /** Silence after the prompts before it counts as a time-out. */
  readonly timeoutSeconds: number;
  /** Spoken after a time-out, before the prompts are repeated. */
  readonly timeoutPrompt: PromptId;
  /** Spoken after a key without a meaning here. */
  readonly invalidPrompt: PromptId;
  /** Time-outs and wrong keys together, after which `exhausted` happens. */
  readonly maxTries: number;
  readonly exhausted: MenuAction;
}

/** One number that callers dial (DNIS), and where it leads. */
export interface EntryPoint {
  /** E.164 with plus sign. */
  readonly dnis: `+${string}`;
  /** Said in a callback: "this is <name prompt> calling you back". */
  readonly namePrompt: PromptId;
  /** Heard by every caller first: what the number is for, that calls are recorded. */
  readonly greeting: readonly PromptId[];
  readonly menu: MenuId;
  readonly hours: HoursId;
  readonly closedPrompts: readonly PromptId[];
}
