import { setImmediate } from 'node:timers/promises';

/** Samples of a sound that are looked for first, where it is loudest; every fourth is compared. */
const SNIPPET_SAMPLES = 320;
const SNIPPET_STRIDE = 4;
/** Correlation from which a snippet is worth a closer look, and from which the whole is the same. */
const PROMISING = 0.8;
const SAME = 0.9;
/** Amplitude below which nothing is compared. */
const SILENCE = 50;

/**
 * Where `sound` was heard within `heard`: the samples at which it begins. The very same recording is
 * looked for, so that not even another word in the same voice is taken for it; what G.711 does to it
 * is allowed for.
 */
export function placesOf(sound: Int16Array, heard: Int16Array): readonly number[] {
  const loudest = loudestSnippet(sound);
  const snippet = sound.subarray(loudest, loudest + SNIPPET_SAMPLES);
  const places: number[] = [];
  for (let at = loudest; at + SNIPPET_SAMPLES <= heard.length; at += 1) {
    if (likeness(snippet, heard, at, SNIPPET_STRIDE) < PROMISING) continue;
    const start = at - loudest;
    if (likeness(sound, heard, start, 1) < SAME) continue;
    places.push(start);
    at += SNIPPET_SAMPLES;
  }
  return places;
}

/** Which of `sounds` were heard, in order and with blanks between. Lets other work be done meanwhile. */
export async function soundsHeard(
  sounds: ReadonlyMap<string, Int16Array>,
  heard: Int16Array,
): Promise<string> {
  const found: { readonly name: string; readonly place: number }[] = [];
  for (const [name, sound] of sounds) {
    for (const place of placesOf(sound, heard)) found.push({ name, place });
    await setImmediate();
  }
  found.sort((one, other) => one.place - other.place);
  return found.map(({ name }) => name).join(' ');
}

function loudestSnippet(sound: Int16Array): number {
  let best = 0;
  let bestPower = -1;
  for (let start = 0; start + SNIPPET_SAMPLES <= sound.length; start += SNIPPET_SAMPLES / 4) {
    let power = 0;
    for (let index = start; index < start + SNIPPET_SAMPLES; index += 1) {
      power += (sound[index] ?? 0) ** 2;
    }
    if (power > bestPower) {
      best = start;
      bestPower = power;
    }
  }
  return best;
}

/** Correlation coefficient of every `stride`th sample of `sound` with what was heard from `start`. */
function likeness(sound: Int16Array, heard: Int16Array, start: number, stride: number): number {
  let product = 0;
  let soundPower = 0;
  let heardPower = 0;
  for (let index = 0; index < sound.length; index += stride) {
    const wanted = sound[index] ?? 0;
    const got = heard[start + index] ?? 0;
    product += wanted * got;
    soundPower += wanted * wanted;
    heardPower += got * got;
  }
  if (soundPower === 0 || heardPower < SILENCE * SILENCE * (sound.length / stride)) return 0;
  return product / Math.sqrt(soundPower * heardPower);
}
