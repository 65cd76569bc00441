import { describe, expect, it } from 'vitest';
import {
  ChannelVariables,
  expandVariables,
  isTrue,
  VARIABLE_LIMITS,
} from '../../../src/switch/media/channel/variables.ts';

describe('channel variables', () => {
  it('keep the order of setting, move when set again, and go when set to nothing', () => {
    const variables = new ChannelVariables();
    variables.setAll({ a: '1', b: '2', c: '3' });
    variables.set('A', '4');
    variables.set('b', undefined);
    expect([...variables.entries()]).toEqual([
      ['c', '3'],
      ['A', '4'],
    ]);
    expect(variables.get('a')).toBe('4');
  });

  it('hold several values under one name', () => {
    const variables = new ChannelVariables();
    variables.set('DP_MATCH', ['x', 'y']);
    expect(variables.get('DP_MATCH')).toBe('ARRAY::x|:y');
  });

  it('refuse what is too long or too many', () => {
    const variables = new ChannelVariables();
    expect(variables.set('long', 'x'.repeat(VARIABLE_LIMITS.characters + 1))).toBe(false);
    for (let i = 0; i < VARIABLE_LIMITS.count; i++) expect(variables.set(`v${i}`, '1')).toBe(true);
    expect(variables.set('one-more', '1')).toBe(false);
    expect(variables.set('v1', '2')).toBe(true);
  });
});

describe('expandVariables', () => {
  const own: Readonly<Record<string, string>> = { name: 'Linekeeper', n: '12345' };
  const global: Readonly<Record<string, string>> = { domain: 'example.org' };
  it.each([
    ['${name}', 'Linekeeper'],
    ['a ${name} b ${domain} c', 'a Linekeeper b example.org c'],
    ['$${domain}/$${name}', 'example.org/'],
    ['${missing}', ''],
    ['${n:1}', '2345'],
    ['${n:1:2}', '23'],
    ['${n:-2}', '45'],
    ['$name ${unclosed', '$name ${unclosed'],
    ['${strftime(%H)}', '${strftime(%H)}'],
  ])('%s', (text, expanded) => {
    const result = expandVariables(
      text,
      (name) => own[name],
      (name) => global[name],
    );
    expect(result).toBe(expanded);
  });
});

it.each([
  ['true', true],
  ['YES', true],
  ['1', true],
  ['0', false],
  ['false', false],
  ['', false],
  [undefined, false],
])('%j is %s', (text, truth) => {
  expect(isTrue(text)).toBe(truth);
});
