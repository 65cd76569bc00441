import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskNumber, maskNumbersIn } from '../../../src/observe/mask.ts';

describe('maskNumber', () => {
  test.each([
    ['+12025550123', '+1 202 ••• ••23'],
    ['2025550123', '+1 202 ••• ••23'],
    ['+442079460123', '+••••••••••23'],
    ['+12', '+••'],
    ['', ''],
  ])('%s is shown as %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });
});

describe('maskNumbersIn', () => {
  test.each([
    'call from +12025550123 ended',
    'sip:12025550123@127.0.0.1:5060',
    '"+1 (202) 555-0123"',
    '202.555.0123',
    '202 555 01 23',
    'tel:+1-202-555-0123;phone-context=x',
    '%2B12025550123',
    'x12025550123y',
    '202%20555%200123',
    '202\u00a0555\u20110123',
    '٢٠٢٥٥٥٠١٢٣',
  ])('nothing is left to call of %s', (text) => {
    const masked = maskNumbersIn(text);
    const digits = masked.replaceAll(/[^\p{Nd}]/gu, '');
    expect(digits).not.toMatch(/5550123|٥٥٥٠١٢٣/u);
    expect(masked).toContain('•');
  });

  test.each([
    'agent anna is ready',
    'listening on 127.0.0.1:5060',
    'from 192.168.100.200 port 50600',
    '2026-11-24T21:23:49.120Z',
    'due 2026-11-24',
    'due 2026-11-24 21:23:49, then',
    '0191c2b4-7e0a-7c11-8000-12345678abcd',
    'waited 123456 ms',
    'ticket-bcdfghjklmnpqrstvwxz',
  ])('%s stays as it is', (text) => {
    expect(maskNumbersIn(text)).toBe(text);
  });

  test('an address that begins within an encoded space is none', () => {
    expect(maskNumbersIn('20000%200.0.10.0')).not.toMatch(/\d{3}/u);
  });

  test('no number survives, however it is written and wherever it stands', () => {
    const digit = fc.integer({ min: 0, max: 9 }).map(String);
    const area = fc.stringMatching(/^[2-9][0-9]{2}$/);
    const between = fc.constantFrom('', ' ', '-', '.', ') ', ' - ', '/', '%20');
    const prefix = fc.constantFrom('', '+', '+1', '1', '+1 (', '(', '%2B1');
    const letters = fc.stringMatching(/^[a-zA-Z:;=@<>" ]{0,20}$/);
    const number = fc.tuple(
      area,
      fc.array(fc.tuple(between, digit), { minLength: 7, maxLength: 7 }),
    );
    fc.assert(
      fc.property(letters, prefix, number, letters, (before, plus, [code, rest], after) => {
        const written = code + rest.flat().join('');
        const masked = maskNumbersIn(`${before}${plus}${written}${after}`);
        const subscriber = rest.map(([, one]) => one).join('');
        const left = masked.replaceAll('%20', '').replaceAll(/[^0-9]/g, '');
        expect(left).not.toContain(subscriber);
        expect(left.length).toBeLessThanOrEqual(6);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['1 2 3 4 5 6 x ', '1.2.3.', '2026-11-', '+(', '%20'])(
    'a long text of "%s" is done at once',
    (part) => {
      const text = part.repeat(50_000);
      expect(maskNumbersIn(text).length).toBeGreaterThan(0);
    },
  );
});
