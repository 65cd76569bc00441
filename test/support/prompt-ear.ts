import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KnownSounds, knownSounds, Recogniser } from '../../src/protocol/audio/recogniser.ts';
import { decodeWav } from '../../src/protocol/audio/wav.ts';
import { RtpEar, type SessionOptions } from './rtp-ear.ts';
import { until } from './waiting.ts';
import { placesOf, soundsHeard } from './waveform.ts';

const SOUNDS = join('freeswitch', 'sounds');
/** A recogniser names a sound in several frames on end. */
const SAME_SOUND_FRAMES = 25;
/** Longest call that is kept: a bound on memory. */
const MAX_FRAMES = 50 * 180;
const PATIENCE_MS = 10_000;
/** Enough to know the place in the music by. */
const MUSIC_FRAMES = 5;

interface Heard {
  readonly prompt: string;
  readonly frame: number;
}

/**
 * The sound of a telephone whose signalling is somebody else's (SIPp's): it hears which prompts are
 * said, by their spectrum, and presses keys.
 */
export class PromptEar {
  readonly #ear: RtpEar;
  readonly #recogniser: Recogniser;
  readonly #frames: Int16Array[] = [];
  readonly #heard: Heard[] = [];
  /** How much of what was heard has been taken by `hears`. */
  #taken = 0;

  private constructor(ear: RtpEar) {
    this.#ear = ear;
    this.#recogniser = new Recogniser(everyPrompt());
    ear.aimAtSource();
    ear.onFrame((samples) => this.#hear(samples));
  }

  static async open(law: 'PCMU' | 'PCMA' = 'PCMU'): Promise<PromptEar> {
    return new PromptEar(await RtpEar.open(law));
  }

  /** Prompts heard so far, in order. */
  get heard(): readonly string[] {
    return this.#heard.map(({ prompt }) => prompt);
  }

  /** The session to offer or to answer with. */
  sdp(options: SessionOptions = {}): string {
    return this.#ear.sdp(options);
  }

  press(keys: string, how: 'rfc4733' | 'in-band' = 'rfc4733'): Promise<void> {
    return this.#ear.press(keys, how);
  }

  /** Resolves once `prompt` is heard, after whatever was waited for before. */
  async hears(prompt: string, patienceMs: number = PATIENCE_MS): Promise<void> {
    const find = (): number =>
      this.#heard.findIndex((heard, index) => index >= this.#taken && heard.prompt === prompt);
    try {
      await until(() => find() >= 0, `the prompt ${prompt}`, patienceMs);
    } catch (error) {
      const detail = `heard: ${this.heard.join(', ')} in ${this.#frames.length} frames`;
      throw new Error(`the prompt ${prompt} did not come; ${detail}`, { cause: error });
    }
    this.#taken = find() + 1;
  }

  /** Resolves once what comes now is the music on hold. */
  async hearsMusic(patienceMs: number = PATIENCE_MS): Promise<void> {
    let looked = this.#frames.length;
    await until(
      () => {
        if (this.#frames.length < looked + MUSIC_FRAMES) return false;
        looked = this.#frames.length;
        return music().some((piece) => placesIn(piece, this.#frames.slice(-MUSIC_FRAMES)));
      },
      'music on hold',
      patienceMs,
    );
  }

  /** Which of the `digits`, `numbers` or `words` were said since `prompt` was heard last. */
  spokenSince(prompt: string, kind: 'digits' | 'numbers' | 'words'): string {
    const since = this.#heard.findLast((heard) => heard.prompt === prompt)?.frame ?? 0;
    return soundsHeard(soundsOf('en', kind), joined(this.#frames.slice(since))).join(' ');
  }

  close(): void {
    this.#ear.close();
  }

  #hear(samples: Int16Array): void {
    if (this.#frames.length >= MAX_FRAMES) return;
    this.#frames.push(samples);
    for (const prompt of this.#recogniser.hear(samples)) {
      const frame = this.#frames.length;
      const before = this.#heard.findLast((heard) => heard.prompt === prompt);
      if (before === undefined || frame - before.frame > SAME_SOUND_FRAMES) {
        this.#heard.push({ prompt, frame });
      }
    }
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

function placesIn(piece: Int16Array, frames: readonly Int16Array[]): boolean {
  return placesOf(joined(frames), piece).length > 0;
}

const cache = new Map<string, ReadonlyMap<string, Int16Array>>();

/** The sound files of a folder below the sounds, by their names. */
function soundsOf(...folder: readonly string[]): ReadonlyMap<string, Int16Array> {
  const path = join(SOUNDS, ...folder);
  let sounds = cache.get(path);
  if (sounds === undefined) {
    const files = readdirSync(path).filter((name) => name.endsWith('.wav'));
    sounds = new Map(
      files.map((file) => {
        const [samples = new Int16Array(0)] = decodeWav(readFileSync(join(path, file))).channels;
        return [file.slice(0, -'.wav'.length), samples];
      }),
    );
    cache.set(path, sounds);
  }
  return sounds;
}

function music(): readonly Int16Array[] {
  return [...soundsOf('music').values()];
}

let known: KnownSounds | undefined;

function everyPrompt(): KnownSounds {
  known ??= knownSounds(soundsOf('en', 'prompts'));
  return known;
}
