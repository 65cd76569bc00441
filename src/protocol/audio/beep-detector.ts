import { levelDb, TELEPHONE_RATE, totalPower } from './spectrum.ts';

/** What an answering machine's beep may be; wider than what is on the market. */
const LEAST_HZ = 380;
const MOST_HZ = 2_600;
const LEAST_MS = 140;
/** A tone that lasts longer is no beep: ringing, a modem, a fault of the line. */
const MOST_MS = 1_500;
const LEAST_LEVEL_DB = -38;

/** Most of a frame's power that a single tone leaves unexplained. */
const MOST_REST = 0.02;
/**
 * Most that the power of a quarter of a frame may be of another quarter's. Two tones beat against each
 * other, as in the dial tone or ringing, and may otherwise pass for one.
 */
const MOST_SWING = 1.6;
/** A tone keeps its pitch; a voice does not. */
const MOST_DRIFT_HZ = 25;

/**
 * Finds single tones of any pitch. A sine follows from its own two samples before,
 * `x[n] = 2 cos(w) x[n-1] - x[n-2]`, whatever its phase; what that leaves of a frame tells how pure it
 * is. Speech, music and keys leave far more.
 */
export class BeepDetector {
  #frequencyHz = 0;
  #lengthMs = 0;

  /** Takes one frame of 10 to 40 ms; @returns true when a beep has just ended. */
  process(frame: Int16Array): boolean {
    const frequencyHz = toneOf(frame);
    const frameMs = (frame.length * 1000) / TELEPHONE_RATE;
    const goesOn =
      frequencyHz !== undefined && Math.abs(frequencyHz - this.#frequencyHz) <= MOST_DRIFT_HZ;
    if (goesOn) {
      this.#lengthMs += frameMs;
      return false;
    }
    const wasBeep = this.#lengthMs >= LEAST_MS && this.#lengthMs <= MOST_MS;
    this.#frequencyHz = frequencyHz ?? 0;
    this.#lengthMs = frequencyHz === undefined ? 0 : frameMs;
    return wasBeep;
  }
}

/** The pitch of a frame that is one tone and nothing else. */
function toneOf(frame: Int16Array): number | undefined {
  if (levelDb(frame) < LEAST_LEVEL_DB) return undefined;
  let cross = 0;
  let middle = 0;
  let outer = 0;
  for (let index = 2; index < frame.length; index += 1) {
    const before = frame[index - 1] ?? 0;
    const around = (frame[index] ?? 0) + (frame[index - 2] ?? 0);
    cross += before * around;
    middle += before * before;
    outer += around * around;
  }
  if (middle === 0) return undefined;
  const twiceCosine = cross / middle;
  if (Math.abs(twiceCosine) >= 2) return undefined;
  const rest = outer - twiceCosine * cross;
  if (rest > MOST_REST * middle || !isSteady(frame)) return undefined;
  const frequencyHz = (Math.acos(twiceCosine / 2) * TELEPHONE_RATE) / (2 * Math.PI);
  return frequencyHz >= LEAST_HZ && frequencyHz <= MOST_HZ ? frequencyHz : undefined;
}

function isSteady(frame: Int16Array): boolean {
  const quarter = Math.floor(frame.length / 4);
  const powers = [0, 1, 2, 3].map((index) =>
    totalPower(frame.subarray(index * quarter, (index + 1) * quarter)),
  );
  return Math.max(...powers) <= MOST_SWING * Math.min(...powers);
}
