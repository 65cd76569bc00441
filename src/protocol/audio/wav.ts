import { AudioError } from './errors.ts';
import { A_LAW, decodeG711, MU_LAW } from './g711.ts';

/** Bytes of the header that `wavHeader` makes. */
export const WAV_HEADER_BYTES = 44;

const MAX_CHANNELS = 2;
const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_A_LAW = 6;
const FORMAT_MU_LAW = 7;
const FORMAT_EXTENSIBLE = 0xfffe;

/** Whether a WAV file's 16-bit samples can be taken as they are, without a look at each. */
export const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** How the samples of a WAV file are stored, and where they lie in it. */
export interface WavFormat {
  readonly encoding: 'pcm' | 'float' | 'mu-law' | 'a-law';
  readonly channels: number;
  readonly rate: number;
  readonly bitsPerSample: number;
  readonly dataStart: number;
  /** Bytes, cut to whole sample frames that are really there. */
  readonly dataBytes: number;
}

/**
 * Finds format and data of a RIFF/WAVE file. Lenient where files of killed recorders and of streaming
 * writers are wrong: sizes of 0, of 2^32-1 or beyond the end mean "to the end of the file"; unknown
 * chunks are passed over. Throws AudioError `not-wav` or `unsupported`.
 */
export function readWavFormat(bytes: Buffer): WavFormat {
  if (
    bytes.length < 12 ||
    bytes.toString('latin1', 0, 4) !== 'RIFF' ||
    bytes.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    throw new AudioError('not-wav', 'not a RIFF/WAVE file');
  }
  let format: Omit<WavFormat, 'dataStart' | 'dataBytes'> | undefined;
  let offset = 12;
  while (offset + 8 <= bytes.length) {
    const name = bytes.toString('latin1', offset, offset + 4);
    const size = bytes.readUInt32LE(offset + 4);
    const start = offset + 8;
    if (name === 'fmt ') format = readFormatChunk(bytes.subarray(start, start + size));
    if (name === 'data') {
      if (!format) throw new AudioError('not-wav', 'data before format in WAV file');
      return { ...format, dataStart: start, dataBytes: dataLength(bytes, start, size, format) };
    }
    offset = start + size + (size & 1);
  }
  throw new AudioError('not-wav', `WAV file without ${format ? 'data' : 'format'}`);
}

function dataLength(
  bytes: Buffer,
  start: number,
  size: number,
  format: { readonly channels: number; readonly bitsPerSample: number },
): number {
  const there = bytes.length - start;
  const claimed = size === 0 || size > there ? there : size;
  const frameBytes = (format.channels * format.bitsPerSample) / 8;
  return claimed - (claimed % frameBytes);
}

function readFormatChunk(chunk: Buffer): Omit<WavFormat, 'dataStart' | 'dataBytes'> {
  if (chunk.length < 16) throw new AudioError('not-wav', 'format of WAV file is cut off');
  const tag = chunk.readUInt16LE(0);
  const extended = tag === FORMAT_EXTENSIBLE && chunk.length >= 26;
  const channels = chunk.readUInt16LE(2);
  const rate = chunk.readUInt32LE(4);
  const bitsPerSample = chunk.readUInt16LE(14);
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw new AudioError('unsupported', `WAV file with ${channels} channels; 1 or 2 can be played`);
  }
  if (rate < 4000 || rate > 192_000) {
    throw new AudioError('unsupported', `WAV file with ${rate} samples a second`);
  }
  const encoding = encodingOf(extended ? chunk.readUInt16LE(24) : tag, bitsPerSample);
  return { encoding, channels, rate, bitsPerSample };
}

function encodingOf(tag: number, bits: number): WavFormat['encoding'] {
  if (tag === FORMAT_PCM && (bits === 8 || bits === 16 || bits === 24 || bits === 32)) return 'pcm';
  if (tag === FORMAT_FLOAT && bits === 32) return 'float';
  if (tag === FORMAT_MU_LAW && bits === 8) return 'mu-law';
  if (tag === FORMAT_A_LAW && bits === 8) return 'a-law';
  throw new AudioError('unsupported', `WAV file with format ${tag} of ${bits} bits`);
}

/** The samples of a file, one array a channel, as 16 bits at the file's own rate. */
export interface WavSound {
  readonly rate: number;
  readonly channels: readonly Int16Array[];
}

/** Reads a whole file. Throws AudioError. */
export function decodeWav(bytes: Buffer): WavSound {
  const format = readWavFormat(bytes);
  const samples = interleavedSamples(bytes, format);
  if (format.channels === 1) return { rate: format.rate, channels: [samples] };
  const channels = Array.from({ length: format.channels }, (_, channel) => {
    const own = new Int16Array(samples.length / format.channels);
    for (let index = 0; index < own.length; index++) {
      own[index] = samples[index * format.channels + channel] ?? 0;
    }
    return own;
  });
  return { rate: format.rate, channels };
}

function interleavedSamples(bytes: Buffer, format: WavFormat): Int16Array {
  const data = bytes.subarray(format.dataStart, format.dataStart + format.dataBytes);
  if (format.encoding === 'mu-law') return decodeG711(MU_LAW, data);
  if (format.encoding === 'a-law') return decodeG711(A_LAW, data);
  if (format.encoding === 'pcm' && format.bitsPerSample === 16 && HOST_IS_LITTLE_ENDIAN) {
    const aligned = Uint8Array.from(data);
    return new Int16Array(aligned.buffer);
  }
  const step = format.bitsPerSample / 8;
  const samples = new Int16Array(data.length / step);
  const read = sampleReader(data, format);
  for (let index = 0; index < samples.length; index++) samples[index] = read(index * step);
  return samples;
}

function sampleReader(data: Buffer, format: WavFormat): (offset: number) => number {
  if (format.encoding === 'float') {
    return (offset) => {
      const value = Math.round(data.readFloatLE(offset) * 32767);
      return Math.max(-32768, Math.min(32767, value));
    };
  }
  switch (format.bitsPerSample) {
    case 8:
      return (offset) => (data.readUInt8(offset) - 128) << 8;
    case 16:
      return (offset) => data.readInt16LE(offset);
    case 24:
      return (offset) => data.readInt16LE(offset + 1);
    default:
      return (offset) => data.readInt16LE(offset + 2);
  }
}

/** The 44 bytes before 16-bit PCM data. Throws AudioError `too-large` beyond 4 GiB. */
export function wavHeader(options: {
  readonly rate: number;
  readonly channels: number;
  readonly dataBytes: number;
}): Buffer {
  const { rate, channels, dataBytes } = options;
  if (dataBytes > 0xffffffff - WAV_HEADER_BYTES) {
    throw new AudioError('too-large', 'a WAV file holds at most 4 GiB');
  }
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(dataBytes + WAV_HEADER_BYTES - 8, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(FORMAT_PCM, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** A whole 16-bit file of one or two channels of equal length. */
export function encodeWav(rate: number, channels: readonly Int16Array[]): Buffer {
  const [first] = channels;
  if (!first || channels.length > MAX_CHANNELS) {
    throw new AudioError('bad-value', 'a WAV file has 1 or 2 channels');
  }
  const dataBytes = first.length * channels.length * 2;
  const file = Buffer.alloc(WAV_HEADER_BYTES + dataBytes);
  wavHeader({ rate, channels: channels.length, dataBytes }).copy(file);
  channels.forEach((samples, channel) => {
    for (let index = 0; index < first.length; index++) {
      const offset = WAV_HEADER_BYTES + (index * channels.length + channel) * 2;
      file.writeInt16LE(samples[index] ?? 0, offset);
    }
  });
  return file;
}
