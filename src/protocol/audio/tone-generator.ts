import { TELEPHONE_RATE } from './spectrum.ts';
import type { ScriptTone, ToneScript } from './tone-script.ts';

const TABLE_BITS = 13;
const TABLE_SIZE = 1 << TABLE_BITS;
const SINE = Float32Array.from({ length: TABLE_SIZE }, (_, index) =>
  Math.sin((2 * Math.PI * index) / TABLE_SIZE),
);

/** teletone's dB are of a sine whose peak, at 6.16 dB, would be 32767 times the root of 2. */
const FULL_LEVEL_DB = 3.14 + 3.02;
const FULL_LEVEL_PEAK = 32767 * Math.SQRT2;
const LEAST_DB = -63;

function peakOf(volumeDb: number): number {
  return FULL_LEVEL_PEAK * 10 ** ((volumeDb - FULL_LEVEL_DB) / 20);
}

/** Plays a script sample by sample, without ever holding more than the script itself. */
export interface ToneGenerator {
  /** Fills `frame` from its start; the count returned is less than its length only at the end. */
  fill(frame: Int16Array): number;
}

/** The tone under way: phases of its frequencies as 32-bit angles. */
interface Voice {
  readonly tone: ScriptTone;
  readonly phases: Uint32Array;
  readonly steps: Uint32Array;
  position: number;
  volumeDb: number;
  peak: number;
}

function startVoice(tone: ScriptTone): Voice {
  const steps = tone.frequenciesHz.map((hz) => Math.round((hz / TELEPHONE_RATE) * 2 ** 32));
  return {
    tone,
    phases: new Uint32Array(steps.length),
    steps: Uint32Array.from(steps),
    position: 0,
    volumeDb: tone.volumeDb,
    peak: peakOf(tone.volumeDb),
  };
}

/** The next sample of a voice; 0 in the silence after the tone. */
function voiceSample(voice: Voice): number {
  const { tone, phases, steps } = voice;
  const position = voice.position++;
  if (position >= tone.onSamples) return 0;
  if (tone.slope && position > 0 && position % tone.slope.everySamples === 0) {
    const next = voice.volumeDb + tone.slope.stepDb;
    if (next >= LEAST_DB && next <= 0) {
      voice.volumeDb = next;
      voice.peak = peakOf(next);
    }
  }
  let sum = 0;
  for (let index = 0; index < phases.length; index++) {
    const phase = phases[index] ?? 0;
    sum += SINE[phase >>> (32 - TABLE_BITS)] ?? 0;
    phases[index] = phase + (steps[index] ?? 0);
  }
  return Math.max(-32768, Math.min(32767, (sum * voice.peak) / phases.length));
}

/** Tones without length would keep `fill` busy for nothing. */
function withLength(tones: readonly ScriptTone[]): ScriptTone[] {
  return tones.filter((tone) => tone.onSamples + tone.offSamples > 0);
}

/** Begins a script at its start. */
export function createToneGenerator(script: ToneScript): ToneGenerator {
  const order = toneOrder(script);
  let voice: Voice | undefined;

  function advance(): boolean {
    const tone = order.next();
    voice = tone.done ? undefined : startVoice(tone.value);
    return voice !== undefined;
  }

  function fill(frame: Int16Array): number {
    for (let index = 0; index < frame.length; index++) {
      while (!voice || voice.position >= voice.tone.onSamples + voice.tone.offSamples) {
        if (!advance()) return index;
      }
      frame[index] = voiceSample(voice);
    }
    return frame.length;
  }

  return { fill };
}

/** Every tone in the order it is heard. A loop without length ends at once. */
function* toneOrder(script: ToneScript): Generator<ScriptTone, void> {
  const firstPass = withLength(script.firstPass);
  const laterPasses = withLength(script.laterPasses);
  if (firstPass.length + laterPasses.length === 0) return;
  for (let loop = 0; script.loops < 0 || loop < script.loops; loop++) {
    for (let pass = 0; pass < script.passes; pass++) {
      for (const tone of pass === 0 ? firstPass : laterPasses) {
        for (let repeat = 0; repeat < tone.repeats; repeat++) yield tone;
      }
    }
  }
}
