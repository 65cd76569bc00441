import type { AudioSource, Recorder, RtpSession } from '../../../rtp/types.ts';
import { FRAME_SAMPLES } from '../../../rtp/types.ts';
import { ToneDetectors } from './tone-detector.ts';

const SILENCE = new Int16Array(FRAME_SAMPLES);

/** What a recording of this leg listens to. */
export interface Recording {
  readonly recorder: Recorder;
  /** Both sides in one channel, the received sound left, or the received sound right. */
  readonly layout: 'mono' | 'received-left' | 'received-right' | 'received-only' | 'sent-only';
}

/**
 * The sound of one leg: what came in and what goes out at this tick, muting, sound laid over, and the
 * recordings that hear both. Sound is read and written in the clock's `process` phase.
 */
export class LegAudio {
  readonly session: RtpSession;
  readonly recordings = new Map<string, Recording>();
  /** Paths of recordings whose file is being made. */
  readonly openingRecordings = new Set<string>();
  readonly detectors = new ToneDetectors();
  /** Sound played over what goes out (`uuid_displace`). */
  displacement:
    | { readonly path: string; readonly source: AudioSource; readonly mix: boolean }
    | undefined;
  /** Ticks in a row at which nothing came. */
  silentTicks = 0;
  receiveMuted = false;
  sendMuted = false;
  readonly #mixed = new Int16Array(FRAME_SAMPLES);
  #sent: Int16Array | undefined;

  constructor(session: RtpSession) {
    this.session = session;
  }

  /** What the party said at this tick; silence when muted. */
  get received(): Int16Array {
    return this.receiveMuted ? SILENCE : this.session.received;
  }

  /** Whether nothing came at this tick. */
  get receivedNothing(): boolean {
    return this.session.receivedNothing;
  }

  /** Sends a frame at this tick. */
  write(frame: Int16Array): void {
    const out = this.sendMuted ? SILENCE : this.#displace(frame);
    this.#sent = out;
    this.session.send(out);
  }

  /** To be called once a tick after everything was written: recordings take what was heard and said. */
  record(): void {
    this.silentTicks = this.receivedNothing ? this.silentTicks + 1 : 0;
    const sent = this.#sent;
    this.#sent = undefined;
    for (const recording of this.recordings.values()) feed(recording, this.received, sent);
    this.detectors.hear(this.received, sent);
  }

  #displace(frame: Int16Array): Int16Array {
    if (this.displacement === undefined) return frame;
    const over = this.displacement.source.next();
    if (over === undefined) {
      this.stopDisplacement();
      return frame;
    }
    if (!this.displacement.mix) return over;
    for (let i = 0; i < FRAME_SAMPLES; i++) this.#mixed[i] = clip((frame[i] ?? 0) + (over[i] ?? 0));
    return this.#mixed;
  }

  stopDisplacement(): void {
    this.displacement?.source.close();
    this.displacement = undefined;
  }
}

/** Two sounds as one, for recordings with a single channel. */
const blend = new Int16Array(FRAME_SAMPLES);

function feed(recording: Recording, received: Int16Array, sent: Int16Array | undefined): void {
  switch (recording.layout) {
    case 'received-left':
      recording.recorder.write(received, sent);
      return;
    case 'received-right':
      recording.recorder.write(sent, received);
      return;
    case 'received-only':
      recording.recorder.write(received, undefined);
      return;
    case 'sent-only':
      recording.recorder.write(sent, undefined);
      return;
    case 'mono':
      for (let i = 0; i < FRAME_SAMPLES; i++)
        blend[i] = clip((received[i] ?? 0) + (sent?.[i] ?? 0));
      recording.recorder.write(blend, undefined);
      return;
  }
}

function clip(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, sample));
}
