import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createMediaClock } from '../rtp/clock.ts';
import { randomRtpIds } from '../rtp/ids.ts';
import { createRtpPorts } from '../rtp/ports.ts';
import { openRecorder } from '../rtp/recorder.ts';
import { openRtpSession } from '../rtp/session.ts';
import { createSoundStore } from '../rtp/sounds.ts';
import { createLocalStreams } from '../rtp/sources/local-stream.ts';
import { createAudioSources } from '../rtp/sources/open.ts';
import type { MediaClock } from '../rtp/types.ts';
import type { SipTimers } from '../sip/clock.ts';
import { APPLICATIONS } from './applications/table.ts';
import { ChannelRegistry } from './channel/registry.ts';
import { ConferenceRegistry } from './conference/registry.ts';
import {
  DEFAULT_MEDIA_LIMITS,
  type MediaContext,
  type MediaIds,
  type MediaLimits,
} from './context.ts';
import { type InboundServer, listenInbound } from './event-socket/inbound-server.ts';
import { EventBus } from './events/event-bus.ts';
import { startHeartbeat } from './events/heartbeat.ts';
import type { MediaLog } from './log.ts';
import { SipProfile } from './sip/profile.ts';
import { SYSTEM_CLOCK, type WallClock } from './wall-clock.ts';

/** How a media server is set up. Every port may be 0: the system then chooses. */
export interface MediaServerOptions {
  readonly eventSocket: {
    readonly address: string;
    readonly port: number;
    readonly secret: string;
    /** Addresses that may connect; all that reach the port when absent. */
    readonly allow?: readonly string[];
  };
  /** Where the profile `drachtio_mrf` takes calls. */
  readonly sip: { readonly address: string; readonly port: number; readonly advertise?: string };
  readonly rtp: { readonly address: string; readonly minPort: number; readonly maxPort: number };
  /** Where relative names of sounds begin. */
  readonly soundsDirectory?: string;
  /** Directories of `local_stream://name`, by name. */
  readonly musicDirectories?: Readonly<Record<string, string>>;
  readonly limits?: Partial<MediaLimits>;
  readonly timers?: SipTimers;
  readonly heartbeatSeconds?: number;
  readonly log?: MediaLog;
  readonly clock?: WallClock;
  readonly ids?: MediaIds;
}

/** A running media server. */
export interface MediaServer {
  /** What it is bound to. */
  readonly eventSocket: { readonly address: string; readonly port: number };
  readonly sip: { readonly address: string; readonly port: number };
  /** Calls and conferences at this moment, and how late the 20 ms clock is. */
  counts(): {
    readonly calls: number;
    readonly conferences: number;
    readonly clockLatenessP99Ms: number;
  };
  /** Hangs up every call and closes every port. */
  close(): Promise<void>;
}

const PROFILE_NAME = 'drachtio_mrf';
const HEARTBEAT_SECONDS = 20;
/** How long calls may take to wind up when the server closes. */
const CLOSE_MS = 2000;

/**
 * Starts a media server that speaks FreeSWITCH's event socket, as drachtio-fsmrf 4.1.2 uses it. Rejects when a
 * port is taken: PortInUseError for SIP, the system's EADDRINUSE for the event socket.
 */
export async function createMediaServer(options: MediaServerOptions): Promise<MediaServer> {
  const log = options.log ?? (() => undefined);
  const mediaClock = createMediaClock({
    onError: (error, phase) =>
      log({ level: 'error', message: 'media clock', detail: { phase, reason: String(error) } }),
  });
  const parts: { profile?: SipProfile; inbound?: InboundServer } = {};
  const context = createContext(options, mediaClock, log, () => parts.profile);
  drive(context);
  try {
    parts.profile = await SipProfile.open(context, {
      name: PROFILE_NAME,
      ...options.sip,
      ...(options.timers === undefined ? {} : { timers: options.timers }),
    });
    parts.inbound = await listenInbound({ context, ...options.eventSocket });
  } catch (error) {
    mediaClock.stop();
    await parts.profile?.close();
    throw error;
  }
  const stopHeartbeat = startHeartbeat(context, options.heartbeatSeconds ?? HEARTBEAT_SECONDS);
  const { profile, inbound } = parts;
  return {
    eventSocket: { address: options.eventSocket.address, port: inbound.port },
    sip: { address: options.sip.address, port: profile.local.port },
    counts: () => ({
      calls: context.channels.size,
      conferences: context.conferences.size,
      clockLatenessP99Ms: mediaClock.lateness().p99Ms,
    }),
    close: async () => {
      stopHeartbeat();
      await endCalls(context);
      await inbound.close();
      await profile.close();
      mediaClock.stop();
    },
  };
}

function createContext(
  options: MediaServerOptions,
  mediaClock: MediaClock,
  log: MediaLog,
  profile: () => SipProfile | undefined,
): MediaContext {
  const clock = options.clock ?? SYSTEM_CLOCK;
  const ids = options.ids ?? RANDOM_IDS;
  const identity = {
    coreUuid: ids.uuid(),
    hostname: hostname(),
    ipv4: options.rtp.address,
    ipv6: '::1',
  };
  const ports = createRtpPorts(options.rtp);
  const soundsDirectory = options.soundsDirectory ?? process.cwd();
  const sounds = createSoundStore();
  const localStreams = createLocalStreams({
    clock: mediaClock,
    sounds,
    directories: options.musicDirectories ?? {},
    onError: (error) =>
      log({ level: 'warn', message: 'music cannot be played', detail: { reason: error.message } }),
  });
  return {
    identity,
    clock,
    mediaClock,
    ids,
    limits: { ...DEFAULT_MEDIA_LIMITS, ...options.limits },
    log,
    bus: new EventBus(identity, clock),
    channels: new ChannelRegistry(),
    conferences: new ConferenceRegistry(),
    applications: APPLICATIONS,
    sources: createAudioSources({ sounds, localStreams, soundsDirectory }),
    recorders: { open: (path, channels, how) => openRecorder({ path, channels, ...how }) },
    globals: new Map([
      ['hostname', identity.hostname],
      ['local_ip_v4', identity.ipv4],
      ['domain', identity.ipv4],
      ['sounds_dir', soundsDirectory],
    ]),
    startedMs: clock.nowMs(),
    openRtp: () => openRtpSession({ ports, clock: mediaClock, ids: randomRtpIds }),
    sipProfile: () => ({
      name: PROFILE_NAME,
      address: profile()?.mediaAddress ?? options.sip.address,
      port: profile()?.local.port ?? options.sip.port,
    }),
  };
}

const RANDOM_IDS: MediaIds = {
  uuid: () => randomUUID(),
  token: () => randomBytes(9).toString('base64url').replace(/[-_]/g, 'x'),
};

/** Every call takes its step once a tick; what was said and sent is recorded when all have. */
function drive(context: MediaContext): void {
  context.mediaClock.subscribe('process', () => {
    for (const channel of context.channels.values()) channel.tick();
  });
  context.mediaClock.subscribe('transmit', () => {
    for (const channel of context.channels.values()) channel.audio.record();
  });
}

async function endCalls(context: MediaContext): Promise<void> {
  const calls = [...context.channels.values()];
  const ended = calls.map(
    (channel) =>
      new Promise<void>((resolve) => {
        channel.onEnded(resolve);
      }),
  );
  for (const channel of calls) channel.hangup('SYSTEM_SHUTDOWN');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  await Promise.race([Promise.all(ended), late]);
  clearTimeout(timer);
}
