import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { urlDecode, urlEncode } from '../../../src/protocol/esl/encoding.ts';

describe('urlEncode', () => {
  const cases: ReadonlyArray<readonly [text: string, encoded: string]> = [
    ['+OK\n', '%2BOK%0A'],
    ['nobody@127.0.0.1:5060', 'nobody%40127.0.0.1%3A5060'],
    ['Sun, 22 Nov 2026 10:11:21 GMT', 'Sun,%2022%20Nov%202026%2010%3A11%3A21%20GMT'],
    ['ARRAY::a|:b', 'ARRAY%3A%3Aa%7C%3Ab'],
    ["it's (fine)!/*-_.~", "it's%20(fine)!/*-_.~".replace('~', '~')],
    ['é', '%C3%A9'],
    ['%', '%25'],
    ['%0A stays, %0a does not', '%0A%20stays,%20%250a%20does%20not'],
  ];
  it.each(cases)('%j', (text, encoded) => {
    expect(urlEncode(text)).toBe(encoded);
  });

  it('is undone by urlDecode for any text without an escape of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/%[0-9A-F]{2}/.test(text));
        expect(urlDecode(urlEncode(text))).toBe(text);
      }),
    );
  });
});

describe('urlDecode', () => {
  it.each([
    ['%zz', '%zz'],
    ['100%', '100%'],
    ['a%20b', 'a b'],
  ])('%j', (encoded, text) => {
    expect(urlDecode(encoded)).toBe(text);
  });
});
