import type { Socket } from 'node:dgram';
import type { EventEmitter } from 'node:events';

/** Samples in one frame: 20 ms at 8 kHz. Every frame in this folder has this length. */
export const FRAME_SAMPLES = 160;

/** Milliseconds of one frame, which is the period of the media clock. */
export const FRAME_MS = 20;

type G711Codec = 'PCMU' | 'PCMA';
type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Where the far end says that it receives. `rtcpPort` is `port + 1` unless SDP names another. */
export interface RtpRemote {
  readonly address: string;
  readonly port: number;
  readonly rtcpPort?: number;
}

/** What an offer and its answer settled; given again after each re-INVITE. Direction is ours. */
export interface RtpConfiguration {
  readonly remote?: RtpRemote;
  readonly codec: G711Codec;
  readonly payloadType: number;
  /** Payload type of telephone-event (RFC 4733); without it digits go in-band. */
  readonly telephoneEventType?: number;
  readonly direction: MediaDirection;
  /** Send to the port that the far end's packets come from, for phones behind NAT. Off by default. */
  readonly symmetric?: boolean;
  /** Further addresses the far end may send from, such as the source of its SIP messages. */
  readonly alsoFrom?: readonly string[];
}

/** A digit that was pressed, told once. Duration in ms. */
export interface DtmfEvent {
  readonly digit: string;
  readonly durationMs: number;
  readonly source: 'rtp' | 'inband';
}

export interface RtpSessionEvents {
  dtmf: [event: DtmfEvent];
  /** The first packet of a stream was accepted (again after the source changed). */
  media: [source: { readonly address: string; readonly port: number; readonly ssrc: number }];
  /** RTCP BYE from the far end; packets may still follow. */
  bye: [];
  /** A socket failed. The session stays open; what it could not send is counted. */
  socketError: [error: Error];
}

/** Counters of one session since it was opened. All whole numbers but the milliseconds. */
export interface RtpStatistics {
  readonly packetsSent: number;
  readonly bytesSent: number;
  readonly sendErrors: number;
  readonly packetsReceived: number;
  readonly bytesReceived: number;
  /** Expected by sequence number and never seen (RFC 3550 A.3); may be negative with duplicates. */
  readonly lost: number;
  /** Came after their time to be played, or so far before it that they could not be kept. */
  readonly late: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  /** Not RTP, or an unknown payload type. */
  readonly malformed: number;
  /** From an address or port that is not the far end's. */
  readonly foreign: number;
  /** Interarrival jitter (RFC 3550 A.8). */
  readonly jitterMs: number;
  /** What the jitter buffer holds back at present. */
  readonly bufferMs: number;
  /** From RTCP; undefined until the far end has answered one of our reports. */
  readonly roundTripMs: number | undefined;
  /** What the far end reports of our packets. */
  readonly remoteLost: number | undefined;
  readonly remoteJitterMs: number | undefined;
}

export interface SendDigitsOptions {
  /** Length of each digit, 40 to 8000 ms; 100 by default. */
  readonly durationMs?: number;
  /** Silence after each digit, 40 to 8000 ms; 60 by default. */
  readonly gapMs?: number;
}

/**
 * One RTP stream in each direction with its RTCP. Frames are 160 samples at 8 kHz; a frame handed
 * to a listener is valid until the next tick only: copy what is kept.
 */
export interface RtpSession extends EventEmitter<RtpSessionEvents> {
  readonly address: string;
  readonly localPort: number;
  readonly ssrc: number;
  readonly closed: boolean;
  /** The frame received at this tick, set in the clock's `receive` phase. */
  readonly received: Int16Array;
  /** Whether `received` is silence because nothing came. */
  readonly receivedNothing: boolean;
  configure(configuration: RtpConfiguration): void;
  /** Called in the clock's `receive` phase, once a tick. One listener; the last one given counts. */
  onFrame(listener: (frame: Int16Array, silentFill: boolean) => void): void;
  /** What goes out at this tick; without a call or with undefined nothing goes out. Read at once. */
  send(frame: Int16Array | undefined): void;
  /**
   * Queues digits (0-9 A-D * #, `w` pauses 0.5 s, `W` 1 s), RFC 4733 or else tones. Settles when the
   * last has gone out. Rejects with RtpSessionError `bad-digits`, `digit-queue-full`, `closed`.
   */
  sendDigits(digits: string, options?: SendDigitsOptions): Promise<void>;
  /** Listens for tones in the received sound. Off by default. */
  detectInband(on: boolean): void;
  statistics(): RtpStatistics;
  /** Sends RTCP BYE, frees the ports. Idempotent. */
  close(): void;
}

/** A pair of bound sockets: RTP on an even port, RTCP on the next. */
export interface PortPair {
  readonly port: number;
  readonly rtp: Socket;
  readonly rtcp: Socket;
  /** Closes both sockets and gives the ports back. Idempotent. */
  release(): void;
}

export interface RtpPorts {
  readonly address: string;
  readonly inUse: number;
  readonly capacity: number;
  /** Rejects with PortsExhaustedError when every pair is taken. */
  acquire(): Promise<PortPair>;
}

/**
 * The phases of a tick, in order: sessions take what was received; bridges, conferences and sources
 * decide what is to be sent; sessions send.
 */
export type ClockPhase = 'receive' | 'process' | 'transmit';

/** How late ticks were, since the clock was made. */
export interface ClockLateness {
  readonly ticks: number;
  readonly meanMs: number;
  readonly maxMs: number;
  /** 99th percentile, to the millisecond, capped at 1000. */
  readonly p99Ms: number;
  /** Ticks left out because the process stood still for longer than can be caught up. */
  readonly skipped: number;
}

export interface MediaClock {
  /** Ticks of 20 ms since the clock started; jumps when ticks had to be left out. */
  readonly tick: number;
  /** Adds a listener to a phase; the function returned takes it out again. */
  subscribe(phase: ClockPhase, listener: (tick: number) => void): () => void;
  lateness(): ClockLateness;
  stop(): void;
}

/** Randomness of a session: a fresh 32-bit number, and the canonical name sent in RTCP SDES. */
export interface RtpIds {
  uint32(): number;
  cname(): string;
}

/** Sound to be sent, a frame at a time. A frame is valid until the next call; never write to it. */
export interface AudioSource {
  /** The next 160 samples (the last frame is filled up with silence), or undefined at the end. */
  next(): Int16Array | undefined;
  /** Samples given out so far, without the filling of the last frame. */
  readonly samplesPlayed: number;
  /** Idempotent; `next` gives undefined from then on. */
  close(): void;
}

/** What opens sources by their FreeSWITCH names. */
export interface AudioSources {
  /**
   * `/path/file.wav`, `silence_stream://ms[,divisor]`, `tone_stream://script[;loops=n]`,
   * `local_stream://name`, `file_string://a!b!c`. Rejects with AudioSourceError.
   */
  open(name: string): Promise<AudioSource>;
}

export interface RecorderEvents {
  /** Recording has stopped because of it; the file holds what was written before. */
  failed: [error: Error];
}

export interface RecordingResult {
  readonly path: string;
  /** Samples per channel in the file, at 8 kHz. */
  readonly samples: number;
  readonly maskedSamples: number;
  /** Why recording ended early, if it did. */
  readonly error?: Error;
}

/** A WAV file that is written while the call goes on. */
export interface Recorder extends EventEmitter<RecorderEvents> {
  readonly path: string;
  readonly samples: number;
  readonly masked: boolean;
  readonly failed: boolean;
  /** One tick: `left` (what the party said) and `right` (what it heard); undefined is silence. */
  write(left: Int16Array | undefined, right: Int16Array | undefined): void;
  /** While masked, silence is written in place of sound. */
  mask(on: boolean): void;
  stop(): Promise<RecordingResult>;
}

/** One party of a mix. */
export interface MixerMember {
  muted: boolean;
  deaf: boolean;
  /** What the party says at this tick; undefined is silence. Read at once. */
  input(frame: Int16Array | undefined): void;
  /** What it hears: everybody's sound but its own, after `mix`. Silence when deaf. */
  readonly output: Int16Array;
  remove(): void;
}

/** Adds up the sound of a bridge with listeners, or of a conference. */
export interface Mixer {
  readonly size: number;
  add(options?: { readonly muted?: boolean; readonly deaf?: boolean }): MixerMember;
  /** To be called once a tick after every `input`; fills every `output` and clears the inputs. */
  mix(): void;
}
