import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listNames, suggest } from '../../../src/config/suggest.ts';

describe('what was probably meant', () => {
  it.each([
    ['refund', ['general', 'refunds'], 'refunds'],
    ['genreal', ['general', 'refunds'], 'general'],
    ['REFUNDS', ['general', 'refunds'], 'refunds'],
    ['timeoutSecond', ['timeoutPrompt', 'timeoutSeconds'], 'timeoutSeconds'],
    ['complaints', ['general', 'refunds'], undefined],
    ['1', ['2', '3'], undefined],
    ['main', [], undefined],
    ['x'.repeat(101), ['x'.repeat(101)], undefined],
  ])('by %s among %j is %s', (text, names, meant) => {
    expect(suggest(text, names)).toBe(meant);
  });

  it('is the name itself if it is there', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,12}$/u), { minLength: 1 });
    fc.assert(
      fc.property(names, fc.nat(), (all, index) => {
        const name = all[index % all.length] ?? '';
        expect(suggest(name, all)).toBe(name);
      }),
    );
  });

  it('is the name with one letter left out', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{6,12}$/u), fc.nat(5), (name, at) => {
        expect(suggest(name.slice(0, at) + name.slice(at + 1), [name])).toBe(name);
      }),
    );
  });
});

describe('a list of names', () => {
  const many = Array.from({ length: 50 }, (_, index) => `name-number-${index}`);

  it('stays short', () => {
    expect(listNames('quite different', many).length).toBeLessThan(300);
    expect(listNames('quite different', many)).toContain('and 38 more');
    expect(listNames('name-number-7', many)).toBe('name-number-7 was probably meant, of 50 names');
  });

  it('says so when there is none', () => {
    expect(listNames('any', [])).toBe('none is defined');
  });
});
