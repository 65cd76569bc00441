import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EslFrameError } from '../../../src/protocol/esl/errors.ts';
import { type EslFrame, EslFrameReader } from '../../../src/protocol/esl/frame.ts';

const STREAM =
  'auth ClueCon\n\n' +
  'sendmsg abc\ncall-command: execute\nexecute-app-arg: \n\n' +
  '\r\n\nsendevent NOTIFY\r\nContent-Length: 5\r\n\r\nab\n\nc' +
  'api status\n\n';

const FRAMES: readonly EslFrame[] = [
  { lines: ['auth ClueCon'], body: '' },
  { lines: ['sendmsg abc', 'call-command: execute', 'execute-app-arg: '], body: '' },
  { lines: ['sendevent NOTIFY', 'Content-Length: 5'], body: 'ab\n\nc' },
  { lines: ['api status'], body: '' },
];

describe('EslFrameReader', () => {
  it('reads the same frames however TCP cuts the stream', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: STREAM.length }), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (positions) => {
        const reader = new EslFrameReader();
        const edges = [0, ...new Set(positions), STREAM.length].sort((a, b) => a - b);
        const frames = edges.flatMap((edge, index) =>
          reader.push(Buffer.from(STREAM.slice(edges[index - 1] ?? 0, edge))),
        );
        expect(frames).toEqual(FRAMES);
      }),
    );
  });

  const limits = { headerBytes: 64, headerLines: 3, bodyBytes: 10 };
  const faults: ReadonlyArray<readonly [fault: string, text: string]> = [
    ['header-too-long', 'a'.repeat(65)],
    ['header-too-long', `${'a'.repeat(70)}\n\n`],
    ['too-many-headers', 'a\nb\nc\nd\n\n'],
    ['body-too-long', 'sendevent X\nContent-Length: 11\n\n'],
    ['bad-content-length', 'sendevent X\nContent-Length: -1\n\n'],
    ['bad-content-length', 'sendevent X\ncontent-length: ten\n\n'],
  ];
  it.each(faults)('refuses %s', (fault, text) => {
    const push = (): unknown => new EslFrameReader(limits).push(Buffer.from(text));
    expect(push).toThrow(EslFrameError);
    expect(push).toThrow(expect.objectContaining({ fault }) as Error);
  });

  it('never throws anything else, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 }), (chunks) => {
        const reader = new EslFrameReader(limits);
        try {
          for (const chunk of chunks) reader.push(Buffer.from(chunk));
        } catch (error) {
          expect(error).toBeInstanceOf(EslFrameError);
        }
      }),
    );
  });
});
