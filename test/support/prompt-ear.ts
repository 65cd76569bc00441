import { Recogniser } from '../../src/protocol/audio/recogniser.ts';
import { RtpEar, type SessionOptions } from './rtp-ear.ts';
import { everyPrompt, music, promptSound, soundsOf } from './sounds.ts';
import { until } from './waiting.ts';
import { placesOf, soundsHeard } from './waveform.ts';

/** Longest call that is kept: a bound on memory. */
const MAX_FRAMES = 50 * 180;
const PATIENCE_MS = 10_000;
/** No packet for so long means that none comes. */
const SILENCE_MS = 300;
/** Enough to know the place in the music by. */
const MUSIC_FRAMES = 5;
/** A recogniser names a sound in several frames on end. */
const SAME_SOUND_FRAMES = 25;

/**
 * The sound of a telephone whose signalling is somebody else's (SIPp's): it hears which prompts are
 * said, by their spectrum, and presses keys.
 */
export class PromptEar {
  readonly #ear: RtpEar;
  readonly #frames: Int16Array[] = [];
  /** The frame with which each prompt was recognised last. */
  readonly #heardAt = new Map<string, number>();
  /** Frames before this belong to prompts that were waited for already. */
  #taken = 0;

  private constructor(ear: RtpEar) {
    this.#ear = ear;
    ear.aimAtSource();
    ear.onFrame((samples) => {
      if (this.#frames.length < MAX_FRAMES) this.#frames.push(samples);
    });
  }

  static async open(law: 'PCMU' | 'PCMA' = 'PCMU'): Promise<PromptEar> {
    return new PromptEar(await RtpEar.open(law));
  }

  /** Frames of 20 ms heard so far. */
  get frames(): number {
    return this.#frames.length;
  }

  /** The session to offer or to answer with. */
  sdp(options: SessionOptions = {}): string {
    return this.#ear.sdp(options);
  }

  press(keys: string, how: 'rfc4733' | 'in-band' = 'rfc4733'): Promise<void> {
    return this.#ear.press(keys, how);
  }

  /** Resolves once `prompt` is recognised, after whatever was waited for before. */
  async hears(prompt: string, patienceMs: number = PATIENCE_MS): Promise<void> {
    const recogniser = new Recogniser(promptSound(prompt));
    let next = this.#taken;
    const recognised = (): boolean => {
      for (; next < this.#frames.length; next += 1) {
        if (recogniser.hear(this.#frames[next] ?? new Int16Array(160)).length > 0) return true;
      }
      return false;
    };
    await until(recognised, `the prompt ${prompt}`, patienceMs).catch((cause: unknown) => {
      const heard = this.promptsHeard().join(', ') || 'nothing';
      throw new Error(`the prompt ${prompt} did not come; heard: ${heard}`, { cause });
    });
    this.#taken = next + 1;
    this.#heardAt.set(prompt, next);
  }

  /** Resolves once nothing comes any more. */
  async hearsNothing(): Promise<void> {
    let frames = this.#frames.length;
    let since = Date.now();
    await until(() => {
      if (this.#frames.length !== frames) {
        frames = this.#frames.length;
        since = Date.now();
      }
      return Date.now() - since > SILENCE_MS;
    }, 'the end of the sound');
  }

  /** Resolves once what comes now is the music on hold. */
  async hearsMusic(patienceMs: number = PATIENCE_MS): Promise<void> {
    let looked = this.#frames.length;
    await until(
      () => {
        if (this.#frames.length < looked + MUSIC_FRAMES) return false;
        looked = this.#frames.length;
        const latest = joined(this.#frames.slice(-MUSIC_FRAMES));
        return music().some((piece) => placesOf(latest, piece).length > 0);
      },
      'music on hold',
      patienceMs,
    );
  }

  /** Every prompt of the call so far, in order. Much arithmetic. */
  promptsHeard(): readonly string[] {
    const recogniser = new Recogniser(everyPrompt());
    const last = new Map<string, number>();
    return this.#frames.flatMap((samples, frame) =>
      recogniser.hear(samples).filter((prompt) => {
        const before = last.get(prompt);
        last.set(prompt, frame);
        return before === undefined || frame - before > SAME_SOUND_FRAMES;
      }),
    );
  }

  /** Which of the `digits`, `numbers` or `words` were said since `prompt` was heard last. */
  spokenSince(prompt: string, kind: 'digits' | 'numbers' | 'words'): Promise<string> {
    const since = this.#heardAt.get(prompt) ?? 0;
    return soundsHeard(soundsOf('en', kind), joined(this.#frames.slice(since)));
  }

  close(): void {
    this.#ear.close();
  }
}

function joined(frames: readonly Int16Array[]): Int16Array {
  const samples = new Int16Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    samples.set(frame, at);
    at += frame.length;
  }
  return samples;
}
