import type { E164, HoursId, LanguageId, MenuId, PromptId, QueueId } from '../ids.ts';
import type { Key } from './keys.ts';
import type { UniversalKeys } from './listener.ts';

/** What a key, or the end of a caller's tries, leads to. */
export type MenuAction =
  /** `language`: the caller is spoken to in it from here on. */
  | { readonly to: 'menu'; readonly menu: MenuId; readonly language?: LanguageId }
  | { readonly to: 'queue'; readonly queue: QueueId }
  | { readonly to: 'repeat' }
  | { readonly to: 'hangUp'; readonly prompts: readonly PromptId[] };

/** A menu as operators write it in `config/menus.yaml`. */
export interface Menu {
  readonly id: MenuId;
  /** Spoken in order; a key interrupts them. */
  readonly prompts: readonly PromptId[];
  readonly keys: Readonly<Partial<Record<Key, MenuAction>>>;
  /** What keys mean in every menu; those above never say otherwise. */
  readonly universalKeys: UniversalKeys;
  /** Where a person is reached from here; the number's if undefined. */
  readonly person: QueueId | undefined;
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
  /** What callers are spoken to in at first. */
  readonly language: LanguageId;
  /** Where a person is reached, unless a menu says otherwise. */
  readonly person: QueueId | undefined;
  /** Where callers by text telephone or relay service are led; undefined: like everybody. */
  readonly accessible: AccessibleLine | undefined;
}

/** Menus are of no use to a text telephone, nor to a relay operator who types them out. */
export interface AccessibleLine {
  readonly queue: QueueId;
  /** Numbers that relay services call from. */
  readonly relayCallers: ReadonlySet<E164>;
}

/**
 * The queue in which a caller meets a person: the menu's, the number's, or where silence leads in
 * the end. Undefined if there is none; the configuration's check does not let that happen.
 */
export function personQueue(menu: Menu, entryPoint: EntryPoint): QueueId | undefined {
  const { exhausted } = menu;
  return (
    menu.person ?? entryPoint.person ?? (exhausted.to === 'queue' ? exhausted.queue : undefined)
  );
}
