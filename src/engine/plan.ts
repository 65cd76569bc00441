import type { AgentSettings, ShortCodes } from '../domain/agent/settings.ts';
import type { OpeningHours } from '../domain/hours/hours.ts';
import type { AgentId, E164, HoursId, LanguageId, MenuId, QueueId } from '../domain/ids.ts';
import type { EntryPoint, Menu } from '../domain/ivr/menu.ts';
import type { NumberPolicy } from '../domain/numbering/policy.ts';
import type { QueueSettings } from '../domain/queue/settings.ts';

/** The part of the configuration that the engine works by. Replaced whole on reload. */
export interface Plan {
  /** What agents are spoken to in, and callers unless their number or a key says otherwise. */
  readonly language: LanguageId;
  readonly entryPoints: ReadonlyMap<E164, EntryPoint>;
  readonly menus: ReadonlyMap<MenuId, Menu>;
  readonly hours: ReadonlyMap<HoursId, OpeningHours>;
  readonly queues: ReadonlyMap<QueueId, QueueSettings>;
  readonly agents: ReadonlyMap<AgentId, AgentSettings>;
  readonly shortCodes: ShortCodes;
  readonly numbers: NumberPolicy;
  /** Fingerprint of the wording of the notice that comes before anything is collected. */
  readonly noticeVersions: ReadonlyMap<LanguageId, string>;
}
