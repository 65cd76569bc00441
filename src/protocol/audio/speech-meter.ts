import { levelDb } from './spectrum.ts';

/** Below this nobody speaks: noise of the line and the echo of what we play lie lower. */
const SPEECH_DB = -40;
/** Loud for so long begins speech: a click does not. */
const BEGIN_MS = 60;
/** Quiet for so long ends it: pauses between words are shorter. */
const END_MS = 400;

export interface SpeechChange {
  readonly active: boolean;
  /** How long before the end of the frame it was. */
  readonly agoMs: number;
}

/** Tells by energy alone when somebody speaks, frame by frame. */
export class SpeechMeter {
  readonly #frameMs: number;
  #active = false;
  /** How long the sound has been otherwise than `#active` says. */
  #otherMs = 0;

  constructor(frameMs: number) {
    this.#frameMs = frameMs;
  }

  /** Takes one frame; undefined is silence. */
  process(frame: Int16Array | undefined): SpeechChange | undefined {
    const loud = frame !== undefined && levelDb(frame) >= SPEECH_DB;
    if (loud === this.#active) {
      this.#otherMs = 0;
      return undefined;
    }
    this.#otherMs += this.#frameMs;
    if (this.#otherMs < (this.#active ? END_MS : BEGIN_MS)) return undefined;
    const agoMs = this.#otherMs;
    this.#active = loud;
    this.#otherMs = 0;
    return { active: loud, agoMs };
  }
}
