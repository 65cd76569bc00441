import type { ShortCodes } from '../domain/agent/settings.ts';
import type { AgentId, E164, TrunkId } from '../domain/ids.ts';
import type { Trunk } from '../domain/trunk/trunk.ts';

/** What the telephony adapter is told once, at start. */
export interface TelephonySettings {
  readonly drachtio: ServerAddress;
  readonly freeswitch: FreeSwitchSettings;
  /** `freeswitch.recordingsFolder`, as we see it. */
  readonly recordingsFolder: string;
  /** Session-Expires that we ask for and at most accept (RFC 4028). */
  readonly sessionExpiresSeconds: number;
  /** Min-SE: shorter sessions are refused with 422. RFC 4028 wants at least 90. */
  readonly minSessionExpiresSeconds: number;
  /** Calls at once, in and out together; one more is answered 503. */
  readonly maxCalls: number;
  /** Media endpoints kept ready, so that a call can leave at once. 0 keeps none. */
  readonly warmEndpoints: number;
  /** How long `createTelephony` waits for both servers. */
  readonly startSeconds: number;
}

/** A server that we steer, and the secret it wants. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

/** FreeSWITCH calls back over TCP, and opens files, both as seen from its own machine. */
export interface FreeSwitchSettings extends ServerAddress {
  readonly listenAddress: string;
  /** 0: any free port. */
  readonly listenPort: number;
  readonly advertisedAddress: string;
  /** Holds `<voice>/<SoundName>.wav`. */
  readonly soundsFolder: string;
  readonly recordingsFolder: string;
}

/** What changes with a reload. The configuration as a whole satisfies it. */
export interface TelephonyRoutes {
  /** In the order of the file; calls leave by the first that has `outbound` and a free place. */
  readonly trunks: ReadonlyMap<TrunkId, Trunk>;
  readonly entryPoints: ReadonlyMap<E164, unknown>;
  readonly agents: ReadonlyMap<AgentId, unknown>;
  readonly shortCodes: ShortCodes;
}

/** A setting that can not work. The message names it; it never holds a secret. */
export class TelephonySettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TelephonySettingsError';
  }
}

/**
 * Folders go into commands of FreeSWITCH, where these characters would begin something else:
 * a blank, `!`, `$`, `,`, `{`, `|`, `^`, `@` and control characters.
 */
const SAFE_FOLDER = /^(?:[A-Za-z]:)?[\w./\\+=~-]{1,200}$/u;

/** @throws TelephonySettingsError */
export function checkSettings(settings: TelephonySettings): void {
  const { freeswitch } = settings;
  for (const name of ['soundsFolder', 'recordingsFolder'] as const) {
    if (!SAFE_FOLDER.test(freeswitch[name])) {
      throw new TelephonySettingsError(
        `freeswitch.${name}: FreeSWITCH can not be given this path; letters, digits and ._-+=~/ are allowed`,
      );
    }
  }
  for (const name of ['drachtio', 'freeswitch'] as const) {
    // It becomes part of a line, or of a field between bars.
    if (!/^[^\p{Cc}|]{1,200}$/u.test(settings[name].secret)) {
      throw new TelephonySettingsError(
        `${name}.secret: 1 to 200 characters without bars or breaks`,
      );
    }
  }
  checkCount('maxCalls', settings.maxCalls, 1, 100_000);
  checkCount('warmEndpoints', settings.warmEndpoints, 0, 100);
  checkCount('startSeconds', settings.startSeconds, 1, 600);
  checkCount('minSessionExpiresSeconds', settings.minSessionExpiresSeconds, 1, 86_400);
  checkCount(
    'sessionExpiresSeconds',
    settings.sessionExpiresSeconds,
    settings.minSessionExpiresSeconds,
    86_400,
  );
}

function checkCount(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new TelephonySettingsError(`${name}: must be a whole number from ${least} to ${most}`);
  }
}
