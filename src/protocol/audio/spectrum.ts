/** Samples a second of everything that is heard on the line. */
export const TELEPHONE_RATE = 8000;

/**
 * Power of one frequency in `samples` by Goertzel's algorithm: a sine of amplitude A has A * A / 2
 * (its mean square), and one that is far enough away, beyond rate / length, has next to none.
 */
export function powerAt(
  samples: Int16Array,
  frequencyHz: number,
  rate: number = TELEPHONE_RATE,
): number {
  const length = samples.length;
  if (length === 0) return 0;
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / rate);
  let previous = 0;
  let beforePrevious = 0;
  for (let index = 0; index < length; index++) {
    const current = (samples[index] ?? 0) + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  const squared =
    previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
  return (2 * squared) / (length * length);
}

/** Mean square of the samples. */
export function totalPower(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index] ?? 0;
    sum += sample * sample;
  }
  return sum / samples.length;
}

/** Share, 0 to 1, of the power of `samples` that lies at the given frequencies. */
export function shareAt(
  samples: Int16Array,
  frequenciesHz: readonly number[],
  rate: number = TELEPHONE_RATE,
): number {
  const total = totalPower(samples);
  if (total === 0) return 0;
  return frequenciesHz.reduce((sum, hz) => sum + powerAt(samples, hz, rate), 0) / total;
}

/** Mean level in dB below a full-scale sine; -Infinity for silence. */
export function levelDb(samples: Int16Array): number {
  return 10 * Math.log10(totalPower(samples) / (32767 * 32767 * 0.5));
}
