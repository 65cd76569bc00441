import type { AudioSources, MediaClock, Recorder, RtpSession } from '../rtp/types.ts';
import type { ApplicationTable } from './applications/application.ts';
import type { ChannelRegistry } from './channel/registry.ts';
import type { ConferenceRegistry } from './conference/registry.ts';
import type { EventBus, ServerIdentity } from './events/event-bus.ts';
import type { MediaLog } from './log.ts';
import type { WallClock } from './wall-clock.ts';

/** Fresh identifiers. */
export interface MediaIds {
  uuid(): string;
  /** A token for SIP tags and branches, unguessable. */
  token(): string;
}

/** Limits of the server as a whole. */
export interface MediaLimits {
  /** Calls at once; further ones are refused with 503. */
  readonly sessions: number;
  /** Event socket connections at once, inbound and outbound apart. */
  readonly connections: number;
  /** Commands waiting on one channel. */
  readonly queuedCommands: number;
  /** Digits waiting on one channel; FreeSWITCH keeps 100. */
  readonly queuedDigits: number;
  /** Recordings of one channel at once. */
  readonly recordings: number;
  /** Bytes waiting for a slow event-socket client before its connection is cut. */
  readonly clientBacklogBytes: number;
}

export const DEFAULT_MEDIA_LIMITS: MediaLimits = {
  sessions: 1000,
  connections: 2000,
  queuedCommands: 1000,
  queuedDigits: 100,
  recordings: 16,
  clientBacklogBytes: 16 * 1024 * 1024,
};

interface RecorderFactory {
  /** Rejects when the file cannot be made. `promptly`: each bit of sound is on its way to the disk soon. */
  open(path: string, channels: 1 | 2, options?: { readonly promptly: boolean }): Promise<Recorder>;
}

/** What every part of the media server shares. */
export interface MediaContext {
  readonly identity: ServerIdentity;
  readonly clock: WallClock;
  readonly mediaClock: MediaClock;
  readonly ids: MediaIds;
  readonly limits: MediaLimits;
  readonly log: MediaLog;
  readonly bus: EventBus;
  readonly channels: ChannelRegistry;
  readonly conferences: ConferenceRegistry;
  readonly applications: ApplicationTable;
  readonly sources: AudioSources;
  readonly recorders: RecorderFactory;
  readonly globals: Map<string, string>;
  readonly startedMs: number;
  /** Opens a stream on free ports; rejects with PortsExhaustedError. */
  openRtp(): Promise<RtpSession>;
  /** Says `name profile ... RUNNING (n)` in `sofia status`. */
  sipProfile(): { readonly name: string; readonly address: string; readonly port: number };
}
