/**
 * G.711 (ITU-T, 11/88) by table. Linear samples are 16 bits, of which mu-law uses the upper 14 and
 * A-law the upper 13.
 */

const MU_BIAS = 0x84;
const MU_CLIP = 32635;

function muToLinear(code: number): number {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 7;
  const magnitude = ((((inverted & 0x0f) << 3) + MU_BIAS) << exponent) - MU_BIAS;
  return inverted & 0x80 ? -magnitude : magnitude;
}

function linearToMu(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MU_CLIP) + MU_BIAS;
  const exponent = 24 - Math.clz32(magnitude);
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

function aToLinear(code: number): number {
  const toggled = code ^ 0x55;
  const exponent = (toggled >> 4) & 7;
  const mantissa = ((toggled & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return toggled & 0x80 ? magnitude : -magnitude;
}

function linearToA(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = sample >= 0 ? sample : -sample - 1;
  const exponent = magnitude < 256 ? 0 : 24 - Math.clz32(magnitude);
  const mantissa = exponent === 0 ? magnitude >> 4 : magnitude >> (exponent + 3);
  return (sign | (exponent << 4) | (mantissa & 0x0f)) ^ 0x55;
}

/** A law of companding as two tables. */
export interface Companding {
  /** 256 linear samples by code. */
  readonly decode: Int16Array;
  /** 65536 codes by sample, taken as unsigned 16 bits. */
  readonly encode: Uint8Array;
  /** The code of silence. */
  readonly silence: number;
}

function tables(
  toLinear: (code: number) => number,
  toCode: (sample: number) => number,
): Companding {
  const decode = Int16Array.from({ length: 256 }, (_, code) => toLinear(code));
  const encode = Uint8Array.from({ length: 65536 }, (_, index) => toCode((index << 16) >> 16));
  return { decode, encode, silence: toCode(0) };
}

/** North America and Japan; RTP payload type 0, PCMU. */
export const MU_LAW: Companding = tables(muToLinear, linearToMu);

/** The rest of the world; RTP payload type 8, PCMA. */
export const A_LAW: Companding = tables(aToLinear, linearToA);

/** Writes one code a sample into `into` from `offset`. Stops where either ends. */
export function encodeG711(
  law: Companding,
  samples: Int16Array,
  into: Uint8Array,
  offset = 0,
): void {
  const table = law.encode;
  const count = Math.min(samples.length, into.length - offset);
  for (let index = 0; index < count; index++) {
    into[offset + index] = table[(samples[index] ?? 0) & 0xffff] ?? 0;
  }
}

/** The samples of `codes`. */
export function decodeG711(law: Companding, codes: Uint8Array): Int16Array {
  const table = law.decode;
  const samples = new Int16Array(codes.length);
  for (let index = 0; index < codes.length; index++) {
    samples[index] = table[codes[index] ?? 0] ?? 0;
  }
  return samples;
}
