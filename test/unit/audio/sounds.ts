/** Sounds that no key makes, the same at every run. */

/** Numbers from 0 to 1 by a congruential generator. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function noise(length: number, amplitude: number): Int16Array {
  const next = random(1);
  return Int16Array.from({ length }, () => Math.round(amplitude * (2 * next() - 1)));
}

/** Formants (Hz) of the vowels of "father", "see", "boot", "bed" and "go". */
const VOWELS = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [300, 870, 2240],
  [530, 1840, 2480],
  [500, 900, 2400],
] as const;

/** Harmonics of a gliding voice, shaped by the formants of vowels that follow one another. */
export function speechLike(length: number): Int16Array {
  const next = random(2);
  const samples = new Int16Array(length);
  let start = 0;
  while (start < length) {
    const end = Math.min(length, start + Math.round(800 + next() * 2000));
    const vowel = VOWELS[Math.floor(next() * VOWELS.length)] ?? VOWELS[0];
    vowelInto(samples.subarray(start, end), 90 + next() * 160, (next() - 0.5) * 60, vowel);
    start = end + Math.round(next() * 800);
  }
  return samples;
}

function vowelInto(
  into: Int16Array,
  pitchHz: number,
  glideHz: number,
  vowel: readonly number[],
): void {
  let phase = 0;
  for (let index = 0; index < into.length; index++) {
    const share = index / into.length;
    const hz = pitchHz + glideHz * share;
    phase += (2 * Math.PI * hz) / 8000;
    let sum = 0;
    for (let harmonic = 1; harmonic * hz < 3600; harmonic++) {
      const gain = vowel.reduce((most, formant) => {
        const distance = (harmonic * hz - formant) / 90;
        return Math.max(most, 1 / (1 + distance * distance));
      }, 0.02);
      sum += gain * Math.sin(harmonic * phase);
    }
    into[index] = Math.round(5000 * Math.sin(Math.PI * share) * sum);
  }
}

/** Chords of three plucked notes with overtones, four a second. */
export function musicLike(length: number): Int16Array {
  const next = random(3);
  const samples = new Int16Array(length);
  for (let start = 0; start < length; start += 2000) {
    const notes = Array.from({ length: 3 }, () => 110 * 2 ** (Math.floor(next() * 36) / 12));
    for (let index = 0; index < 2000 && start + index < length; index++) {
      let sum = 0;
      for (const hz of notes) {
        for (let overtone = 1; overtone <= 5 && hz * overtone < 3800; overtone++) {
          sum += Math.sin((2 * Math.PI * hz * overtone * index) / 8000) / overtone;
        }
      }
      samples[start + index] = Math.round(4000 * Math.exp(-index / 1500) * sum);
    }
  }
  return samples;
}
