/** Baudot of TIA-825-A: 45.45 bits a second, mark 1,400 Hz, space 1,800 Hz, five bits a letter. */
const BIT_SECONDS = 1 / 45.45;
const MARK_HZ = 1400;
const SPACE_HZ = 1800;
/** Mark before the first letter, and after the last. */
const CARRIER_BITS = 7;
const STOP_BITS = 2;

const CODES: Readonly<Record<string, number>> = {
  A: 0b00011,
  E: 0b00001,
  G: 0b11010,
  H: 0b10100,
  L: 0b10010,
  O: 0b11000,
  ' ': 0b00100,
};

/** What a text telephone sends for `text`, 8 kHz. */
export function typed(text: string): Int16Array {
  const letters = text.split('').flatMap((letter) => {
    const code = CODES[letter];
    if (code === undefined) throw new Error(`no code for: ${letter}`);
    const bits = [0, 1, 2, 3, 4].map((bit) => ((code >> bit) & 1) === 1);
    return [false, ...bits, ...Array<boolean>(STOP_BITS).fill(true)];
  });
  const carrier = Array<boolean>(CARRIER_BITS).fill(true);
  return modulated([...carrier, ...letters, ...carrier]);
}

function modulated(bits: readonly boolean[]): Int16Array {
  const samples = new Int16Array(Math.ceil(bits.length * BIT_SECONDS * 8000));
  let phase = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const bit = bits[Math.floor(index / 8000 / BIT_SECONDS)] ?? true;
    phase += (2 * Math.PI * (bit ? MARK_HZ : SPACE_HZ)) / 8000;
    samples[index] = Math.round(8000 * Math.sin(phase));
  }
  return samples;
}
