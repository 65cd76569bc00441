import { type KnownSounds, Recogniser } from '../../protocol/audio/recogniser.ts';
import { shareAt } from '../../protocol/audio/spectrum.ts';
import { FRAME_SAMPLES, type MediaClock, type RtpSession } from '../../switch/rtp/types.ts';

const SAMPLE_RATE = 8000;
const LOUDNESS = 6000;
/** What is remembered of the sound heard: half a second. */
const EAR_SAMPLES = SAMPLE_RATE / 2;
/** A party's tone carries at least this share of what is heard. */
const RECOGNISED_SHARE = 0.5;

/** How a phone speaks, and what it knows by ear. */
export interface VoiceSettings {
  readonly voiceHz: number;
  readonly prompts: KnownSounds;
  /** A known prompt was heard. */
  readonly onSound: (name: string) => void;
}

/** Says one steady tone, by which a phone is recognised, and remembers what it heard last. */
export class Voice {
  readonly #session: RtpSession;
  readonly #recogniser: Recogniser;
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  readonly #ear = new Int16Array(EAR_SAMPLES);
  readonly #waiting: { readonly frequencyHz: number; readonly heard: () => void }[] = [];
  readonly #leaveClock: () => void;
  readonly #soundsHeard = new Set<string>();
  #soundsAwaited: { readonly names: readonly string[]; readonly heard: () => void }[] = [];
  readonly #onSound: (name: string) => void;
  #lastHeard = '';
  #frequencyHz: number;
  #phase = 0;
  #ticks = 0;
  #speaking = false;

  constructor(session: RtpSession, clock: MediaClock, sound: VoiceSettings) {
    this.#session = session;
    this.#frequencyHz = sound.voiceHz;
    this.#recogniser = new Recogniser(sound.prompts);
    this.#onSound = sound.onSound;
    this.#leaveClock = clock.subscribe('process', () => {
      this.#tick();
    });
  }

  /** Silent until told to speak, as somebody who listens to a prompt. */
  speak(on: boolean): void {
    this.#speaking = on;
  }

  /** Speaks another tone from now on: the same line, another person. */
  retune(frequencyHz: number): void {
    this.#frequencyHz = frequencyHz;
  }

  /** Resolves once one of these prompts has been recognised, now or before: who misses one hears the next. */
  hearsSound(...names: readonly string[]): Promise<void> {
    return new Promise((heard) => {
      if (names.some((name) => this.#soundsHeard.has(name))) heard();
      else this.#soundsAwaited.push({ names, heard });
    });
  }

  /** Resolves once another party's tone is heard. */
  hears(frequencyHz: number): Promise<void> {
    return new Promise((heard) => {
      this.#waiting.push({ frequencyHz, heard });
    });
  }

  close(): void {
    this.#leaveClock();
    this.#session.close();
  }

  #tick(): void {
    this.#listen();
    this.#say();
  }

  #listen(): void {
    this.#ear.copyWithin(0, FRAME_SAMPLES);
    this.#ear.set(this.#session.received, EAR_SAMPLES - FRAME_SAMPLES);
    this.#ticks += 1;
    if (!this.#speaking) this.#recognise();
    // Ten looks a second are enough, and cheap.
    if (this.#waiting.length === 0 || this.#ticks % 5 !== 0) return;
    for (const wish of this.#waiting.slice()) {
      if (shareAt(this.#ear, [wish.frequencyHz]) < RECOGNISED_SHARE) continue;
      this.#waiting.splice(this.#waiting.indexOf(wish), 1);
      wish.heard();
    }
  }

  #recognise(): void {
    for (const name of this.#recogniser.hear(this.#session.received)) {
      // A prompt is recognised in several frames in a row, but told once.
      if (name !== this.#lastHeard) this.#onSound(name);
      this.#lastHeard = name;
      this.#soundsHeard.add(name);
      for (const { names, heard } of this.#soundsAwaited) if (names.includes(name)) heard();
      this.#soundsAwaited = this.#soundsAwaited.filter(({ names }) => !names.includes(name));
    }
  }

  #say(): void {
    const step = (2 * Math.PI * this.#frequencyHz) / SAMPLE_RATE;
    for (let index = 0; index < FRAME_SAMPLES; index += 1) {
      this.#frame[index] = this.#speaking ? Math.round(LOUDNESS * Math.sin(this.#phase)) : 0;
      this.#phase = (this.#phase + step) % (2 * Math.PI);
    }
    this.#session.send(this.#frame);
  }
}
