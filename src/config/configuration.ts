import type { ApiSettings } from '../domain/access/settings.ts';
import type { AgentSettings, ShortCodes } from '../domain/agent/settings.ts';
import type { OpeningHours } from '../domain/hours/hours.ts';
import type {
  AgentId,
  E164,
  HoursId,
  LanguageId,
  MenuId,
  PromptId,
  QueueId,
  TrunkId,
} from '../domain/ids.ts';
import type { EntryPoint, Menu } from '../domain/ivr/menu.ts';
import type { NumberPolicy } from '../domain/numbering/policy.ts';
import type { QueueSettings } from '../domain/queue/settings.ts';
import type { RetentionPolicy } from '../domain/retention/policy.ts';
import type { Trunk } from '../domain/trunk/trunk.ts';

/** Everything under `config/`, checked as a whole. Never changed: a reload makes another. */
export interface Configuration {
  readonly system: SystemSettings;
  /** That of `system`, where the engine looks for it. */
  readonly language: LanguageId;
  /** Those that somebody may be spoken to in, the usual one first: each has its texts and sounds. */
  readonly languages: readonly LanguageId[];
  /** By DNIS. */
  readonly entryPoints: ReadonlyMap<E164, EntryPoint>;
  readonly menus: ReadonlyMap<MenuId, Menu>;
  readonly hours: ReadonlyMap<HoursId, OpeningHours>;
  readonly queues: ReadonlyMap<QueueId, QueueSettings>;
  readonly agents: ReadonlyMap<AgentId, AgentAccount>;
  readonly shortCodes: ShortCodes;
  /** In the order of the file; calls leave by the first that has `outbound`. */
  readonly trunks: ReadonlyMap<TrunkId, Trunk>;
  readonly prompts: ReadonlyMap<PromptId, Prompt>;
  /** Fingerprints of the notice's wording, by language. */
  readonly noticeVersions: ReadonlyMap<LanguageId, string>;
  readonly numbers: NumberPolicy;
  /** Its `server` is read at start alone. */
  readonly api: ApiSettings;
}

/** An agent with what their phone signs in with. The SIP user is the agent's id. */
interface AgentAccount extends AgentSettings {
  readonly secret: string;
}

/** What is said under a name, by language (`en`). The sound is `<voice>/prompts/<id>.wav`. */
export interface Prompt {
  readonly id: PromptId;
  readonly texts: ReadonlyMap<LanguageId, string>;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

export const SWITCH_KINDS = ['embedded', 'external'] as const;
export type SwitchKind = (typeof SWITCH_KINDS)[number];

/** How the program itself runs; read at start, a change needs a new start. */
export interface SystemSettings {
  /** `embedded`: we start the switch ourselves; `external`: drachtio and FreeSWITCH are running. */
  readonly switch: SwitchKind;
  readonly sip: SipSettings;
  /** UDP ports of the embedded switch for sound; both included. */
  readonly rtpPorts: { readonly first: number; readonly last: number };
  readonly drachtio: ControlConnection;
  readonly freeswitch: FreeSwitchConnection;
  readonly folders: Folders;
  /** What agents are spoken to in, and callers unless their number or a key says otherwise. */
  readonly language: LanguageId;
  readonly logLevel: LogLevel;
  readonly retention: RetentionPolicy;
}

/** Where callers and phones reach us. With `external` drachtio listens; this only says where. */
interface SipSettings {
  readonly address: string;
  /** 0: any free port (embedded only). */
  readonly port: number;
  /** Realm of our digest challenges. */
  readonly realm: string;
  /** Session-Expires of our INVITEs (RFC 4028). */
  readonly sessionExpiresSeconds: number;
  /** Min-SE: shorter sessions are refused with 422. Below 90 in tests only. */
  readonly minSessionExpiresSeconds: number;
}

/** A server we steer, and the secret it wants. */
interface ControlConnection {
  readonly host: string;
  /** 0: any free port (embedded only). */
  readonly port: number;
  readonly secret: string;
}

/** FreeSWITCH calls back over TCP and opens files, both as seen from its own machine. */
interface FreeSwitchConnection extends ControlConnection {
  /** Where we listen for FreeSWITCH's outbound event socket; port 0 is any free one. */
  readonly listenAddress: string;
  readonly listenPort: number;
  /** Our address as FreeSWITCH reaches it. */
  readonly advertisedAddress: string;
  /** `folders.sounds` as FreeSWITCH sees it. */
  readonly soundsFolder: string;
  /** `folders.recordings` as FreeSWITCH sees it. */
  readonly recordingsFolder: string;
}

/** Absolute paths. */
interface Folders {
  /** The database. */
  readonly data: string;
  readonly recordings: string;
  /** Holds `<voice>/<SoundName>.wav` and `music/*.wav`. */
  readonly sounds: string;
}
