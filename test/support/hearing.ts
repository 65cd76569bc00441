import { type KnownSounds, knownSounds, Recogniser } from '../../src/protocol/audio/recogniser.ts';
import { levelDb, shareAt, TELEPHONE_RATE } from '../../src/protocol/audio/spectrum.ts';
import { everyPrompt, music, promptSound, soundsOf } from './sounds.ts';
import { until } from './waiting.ts';
import { placesOf, soundsHeard } from './waveform.ts';

/** Longest sound that is kept: a bound on memory. */
const MAX_FRAMES = 50 * 240;
const PATIENCE_MS = 15_000;
/** Enough to know a tone by. */
const TONE_SECONDS = 0.2;
const SHORTEST_TONE_FRAMES = 8;
const TONE_SHARE = 0.6;
const SILENCE_DB = -45;
/** Enough to know the place in the music by. */
const MUSIC_FRAMES = 5;
/** No sound for so long means that none comes. */
const SILENCE_MS = 300;
/** A recogniser names a sound in several frames on end. */
const SAME_SOUND_FRAMES = 25;

/** Knows, frame by frame of 20 ms, which prompts and which tones are heard. */
export class Hearing {
  readonly #frames: Int16Array[] = [];
  /** The frame with which each prompt was recognised last. */
  readonly #heardAt = new Map<string, number>();
  /** Frames before this belong to prompts that were waited for already. */
  #taken = 0;

  hear(frame: Int16Array): void {
    if (this.#frames.length < MAX_FRAMES) this.#frames.push(frame);
  }

  /** Frames heard so far. */
  get length(): number {
    return this.#frames.length;
  }

  /** Resolves once `prompt` is recognised, after whatever was waited for before. */
  prompt(prompt: string, patienceMs: number = PATIENCE_MS): Promise<void> {
    return this.#recognise(prompt, promptSound(prompt), patienceMs);
  }

  /** The same as soon as the first `seconds` of it have come; 0.6 is enough. */
  beginningOf(prompt: string, seconds: number): Promise<void> {
    const samples = soundsOf('en', 'prompts').get(prompt) ?? new Int16Array(0);
    const beginning = samples.subarray(0, Math.round(seconds * TELEPHONE_RATE));
    return this.#recognise(prompt, knownSounds(new Map([[prompt, beginning]])), PATIENCE_MS);
  }

  /** Resolves once what comes now is the music on hold. */
  async music(patienceMs: number = PATIENCE_MS): Promise<void> {
    let looked = this.#frames.length;
    const isMusic = (): boolean => {
      if (this.#frames.length < looked + MUSIC_FRAMES) return false;
      looked = this.#frames.length;
      const latest = joined(this.#frames.slice(-MUSIC_FRAMES));
      return music().some((piece) => placesOf(latest, piece).length > 0);
    };
    await until(isMusic, 'music on hold', patienceMs);
  }

  /** Resolves once nothing comes any more. */
  async nothing(): Promise<void> {
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

  /** Which of the `digits`, `numbers` or `words` were said since `prompt` was heard last. */
  spokenSince(prompt: string, kind: 'digits' | 'numbers' | 'words'): Promise<string> {
    const since = this.#heardAt.get(prompt) ?? 0;
    return soundsHeard(soundsOf('en', kind), joined(this.#frames.slice(since)));
  }

  /** Resolves once a tone of `frequencyHz` has been heard from now on, for `seconds` on end. */
  async tone(frequencyHz: number, seconds: number = TONE_SECONDS): Promise<void> {
    const frames = Math.round(seconds * 50);
    const start = this.#frames.length;
    await until(
      () => this.#frames.length >= start + frames && this.#isTone(frequencyHz, frames),
      `a tone of ${frequencyHz} Hz`,
      PATIENCE_MS,
    ).catch((cause: unknown) => {
      throw new Error(`no tone of ${frequencyHz} Hz; ${this.#since(start)}`, { cause });
    });
    this.#taken = this.#frames.length;
  }

  /** Whether a tone of `frequencyHz` was ever heard. */
  everHeard(frequencyHz: number): boolean {
    return this.#frames.some((_, end) => this.#isTone(frequencyHz, SHORTEST_TONE_FRAMES, end));
  }

  /** Every prompt so far, in order. Much arithmetic. */
  prompts(): readonly string[] {
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

  /** What has been heard since a frame, for whoever must find out why a test failed. */
  #since(start: number): string {
    const frames = this.#frames.slice(start);
    const level = levelDb(joined(frames.slice(-50)));
    const prompts = this.prompts().join(', ') || 'none';
    return `${frames.length} frames since, the last at ${level.toFixed(0)} dB; prompts: ${prompts}`;
  }

  async #recognise(prompt: string, known: KnownSounds, patienceMs: number): Promise<void> {
    const recogniser = new Recogniser(known);
    let next = this.#taken;
    const recognised = (): boolean => {
      for (; next < this.#frames.length; next += 1) {
        if (recogniser.hear(this.#frames[next] ?? new Int16Array(160)).length > 0) return true;
      }
      return false;
    };
    await until(recognised, `the prompt ${prompt}`, patienceMs).catch((cause: unknown) => {
      const heard = this.prompts().join(', ') || 'nothing';
      throw new Error(`the prompt ${prompt} did not come; heard: ${heard}`, { cause });
    });
    this.#taken = next + 1;
    this.#heardAt.set(prompt, next);
  }

  #isTone(frequencyHz: number, frames: number, end: number = this.#frames.length): boolean {
    if (end < frames) return false;
    const samples = joined(this.#frames.slice(end - frames, end));
    return levelDb(samples) > SILENCE_DB && shareAt(samples, [frequencyHz]) > TONE_SHARE;
  }
}

/** One array of many frames. */
function joined(frames: readonly Int16Array[]): Int16Array {
  const samples = new Int16Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    samples.set(frame, at);
    at += frame.length;
  }
  return samples;
}
