import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ControlFrameError,
  encodeFrame,
  FrameReader,
  MAX_COMMAND_BYTES,
  MAX_EVENT_BYTES,
} from '../../../../src/protocol/drachtio/frame.ts';

describe('a frame', () => {
  it('begins with the length in bytes, not characters', () => {
    expect(encodeFrame('é|ping').toString()).toBe('7#é|ping');
  });

  it.each([
    ['an empty payload', '', 'bad-length'],
    ['a payload over five digits', 'x'.repeat(MAX_EVENT_BYTES + 1), 'too-long'],
  ])('is not made of %s', (_what, payload, kind) => {
    expect(() => encodeFrame(payload)).toThrow(
      expect.objectContaining({ name: 'ControlFrameError', kind }),
    );
  });

  it('is read however the bytes were cut', () => {
    const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(payloads, fc.integer({ min: 1, max: 40 }), (given, step) => {
        const stream = Buffer.concat(given.map((bytes) => encodeFrame(Buffer.from(bytes))));
        const reader = new FrameReader(MAX_COMMAND_BYTES);
        const read: Buffer[] = [];
        for (let at = 0; at < stream.length; at += step) {
          read.push(
            ...reader.push(stream.subarray(at, at + step)).map((payload) => Buffer.from(payload)),
          );
        }
        expect(read).toEqual(given.map((bytes) => Buffer.from(bytes)));
      }),
    );
  });

  it.each([
    ['letters', 'abc#x', 'bad-length'],
    ['no digits', '#x', 'bad-length'],
    ['six digits', '123456#', 'bad-length'],
    ['six digits and nothing yet', '123456', 'bad-length'],
    ['zero', '0#', 'bad-length'],
    ['more than the limit', `${MAX_COMMAND_BYTES + 1}#`, 'too-long'],
  ])('is refused when its length is %s', (_what, bytes, kind) => {
    const reader = new FrameReader(MAX_COMMAND_BYTES);
    expect(() => reader.push(Buffer.from(bytes))).toThrow(
      expect.objectContaining({ name: 'ControlFrameError', kind }),
    );
  });

  it('never makes the reader fail in another way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          new FrameReader(100).push(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(ControlFrameError);
        }
      }),
    );
  });
});
