import { describe, expect, it } from 'vitest';
import { A_LAW, encodeG711, MU_LAW } from '../../../src/protocol/audio/g711.ts';
import { decodeWav, encodeWav, readWavFormat, wavHeader } from '../../../src/protocol/audio/wav.ts';

/** A file of chunks that are given whole. */
function riff(...chunks: readonly (readonly [string, Buffer])[]): Buffer {
  const body = Buffer.concat(
    chunks.map(([name, data]) => {
      const head = Buffer.alloc(8);
      head.write(name, 'latin1');
      head.writeUInt32LE(data.length, 4);
      return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
    }),
  );
  const head = Buffer.from('RIFF\0\0\0\0WAVE', 'latin1');
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

function format(tag: number, channels: number, rate: number, bits: number, extra?: Buffer): Buffer {
  const chunk = Buffer.alloc(16);
  chunk.writeUInt16LE(tag, 0);
  chunk.writeUInt16LE(channels, 2);
  chunk.writeUInt32LE(rate, 4);
  chunk.writeUInt16LE(bits, 14);
  return extra ? Buffer.concat([chunk, extra]) : chunk;
}

describe('WAV files', () => {
  it.each([1, 2])('are read as they were written, with %i channels', (count) => {
    const channels = Array.from({ length: count }, (_, channel) =>
      Int16Array.of(0, 1, -1, 32767, -32768, channel),
    );
    expect(decodeWav(encodeWav(8000, channels))).toEqual({ rate: 8000, channels });
  });

  it.each([
    ['8 bits', format(1, 1, 8000, 8), Buffer.of(128, 255, 0), [0, 32512, -32768]],
    ['24 bits', format(1, 1, 8000, 24), Buffer.of(0xff, 1, 0, 0, 0, 0x80), [1, -32768]],
    ['32 bits', format(1, 1, 8000, 32), Buffer.of(9, 9, 2, 0), [2]],
    [
      'an extensible format',
      format(0xfffe, 1, 8000, 16, Buffer.of(22, 0, 16, 0, 0, 0, 0, 0, 1, 0)),
      Buffer.of(5, 0),
      [5],
    ],
  ])('are read with %s', (_name, formatChunk, data, expected) => {
    const sound = decodeWav(riff(['fmt ', formatChunk], ['data', data]));
    expect([...(sound.channels[0] ?? [])]).toEqual(expected);
  });

  it('are read with 32-bit floats, which are cut at full scale', () => {
    const data = Buffer.alloc(12);
    [0.5, 2, -1].forEach((value, index) => {
      data.writeFloatLE(value, index * 4);
    });
    const sound = decodeWav(riff(['fmt ', format(3, 1, 8000, 32)], ['data', data]));
    expect([...(sound.channels[0] ?? [])]).toEqual([16384, 32767, -32767]);
  });

  it.each([
    [7, MU_LAW],
    [6, A_LAW],
  ] as const)('are read with G.711 (format %i)', (tag, law) => {
    const codes = new Uint8Array(2);
    encodeG711(law, Int16Array.of(1000, -1000), codes);
    const sound = decodeWav(riff(['fmt ', format(tag, 1, 8000, 8)], ['data', Buffer.from(codes)]));
    expect(sound.channels[0]?.[0]).toBe(law.decode[codes[0] ?? 0]);
  });

  it('are read past chunks that are not known', () => {
    const file = riff(
      ['LIST', Buffer.from('odd')],
      ['fmt ', format(1, 1, 8000, 16)],
      ['junk', Buffer.alloc(10)],
      ['data', Buffer.of(7, 0)],
    );
    expect([...(decodeWav(file).channels[0] ?? [])]).toEqual([7]);
  });

  it.each([0, 0xffffffff, 1000])('are read to their end when the data size says %d', (size) => {
    const file = encodeWav(8000, [Int16Array.of(1, 2, 3)]);
    file.writeUInt32LE(size, 40);
    const withHalfSample = Buffer.concat([file, Buffer.of(9)]);
    expect([...(decodeWav(withHalfSample).channels[0] ?? [])]).toEqual([1, 2, 3]);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'not-wav'],
    ['text', Buffer.from('hello, this is no sound'), 'not-wav'],
    ['no data', riff(['fmt ', format(1, 1, 8000, 16)]), 'not-wav'],
    ['no format', riff(['data', Buffer.alloc(4)]), 'not-wav'],
    ['a format cut off', riff(['fmt ', Buffer.alloc(8)], ['data', Buffer.alloc(4)]), 'not-wav'],
    ['5.1 channels', riff(['fmt ', format(1, 6, 8000, 16)]), 'unsupported'],
    ['no channels', riff(['fmt ', format(1, 0, 8000, 16)]), 'unsupported'],
    ['a rate of 0', riff(['fmt ', format(1, 1, 0, 16)]), 'unsupported'],
    ['ADPCM', riff(['fmt ', format(2, 1, 8000, 4)]), 'unsupported'],
    ['12 bits', riff(['fmt ', format(1, 1, 8000, 12)]), 'unsupported'],
  ])('with %s are refused', (_name, bytes, code) => {
    expect(() => decodeWav(bytes)).toThrow(expect.objectContaining({ name: 'AudioError', code }));
  });

  it('have a header of 44 bytes that says what follows', () => {
    const header = wavHeader({ rate: 8000, channels: 2, dataBytes: 400 });
    expect(readWavFormat(Buffer.concat([header, Buffer.alloc(400)]))).toEqual({
      encoding: 'pcm',
      channels: 2,
      rate: 8000,
      bitsPerSample: 16,
      dataStart: 44,
      dataBytes: 400,
    });
    expect(() => wavHeader({ rate: 8000, channels: 1, dataBytes: 2 ** 32 })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });
});
