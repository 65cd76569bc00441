import { describe, expect, it } from 'vitest';
import {
  type CallerIdentity,
  callingNumber,
  formatNumber,
  toE164,
  userOf,
} from '../../../src/telephony/numbers.ts';

describe('toE164', () => {
  it.each([
    ['+12025550123', '+12025550123'],
    ['+1 (202) 555-0123', '+12025550123'],
    ['12025550123', '+12025550123'],
    ['2025550123', '+12025550123'],
    ['202.555.0123', '+12025550123'],
    ['5550123', undefined],
    ['0123456789', undefined],
    ['+0123456789', undefined],
    ['+1234567890123456', undefined],
    ['alice', undefined],
    ['*71', undefined],
    ['', undefined],
    ['2'.repeat(41), undefined],
  ])('%s is %s', (text, number) => {
    expect(toE164(text)).toBe(number);
  });
});

describe('userOf', () => {
  it.each([
    ['sip:+12025550123@example.org;user=phone', '+12025550123'],
    ['sip:+12025550123;npdi@example.org', '+12025550123'],
    ['sips:%2B12025550123@[2001:db8::1]:5061', '+12025550123'],
    ['tel:+1-202-555-0123;phone-context=example.org', '+1-202-555-0123'],
    ['sip:example.org', undefined],
    ['http://example.org', undefined],
    ['nonsense', undefined],
  ])('%s names %s', (uri, user) => {
    expect(userOf(uri)).toBe(user);
  });
});

describe('callingNumber', () => {
  const from = '"Alice" <sip:2025550101@example.org>;tag=1';
  const plain: CallerIdentity = {
    from,
    assertedIdentity: undefined,
    privacy: undefined,
    trusted: true,
  };
  it.each<[string, Partial<CallerIdentity>, string | undefined]>([
    ['From alone', {}, '+12025550101'],
    [
      'P-Asserted-Identity of a trusted trunk',
      { assertedIdentity: '<sip:+12025550199@x.example>' },
      '+12025550199',
    ],
    [
      'P-Asserted-Identity of a trunk that is not',
      { assertedIdentity: '<sip:+12025550199@x.example>', trusted: false },
      '+12025550101',
    ],
    [
      'a TEL URI after one without a number',
      { assertedIdentity: '<tel:+1-202-555-0199>, <sip:+12025550198@x.example>' },
      '+12025550199',
    ],
    ['privacy', { privacy: 'id;critical' }, undefined],
    ['privacy none', { privacy: 'none' }, '+12025550101'],
    ['anonymous From', { from: '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1' }, undefined],
    ['a short number', { from: '<sip:5550101@x.example>;tag=1' }, '5550101'],
    ['a name', { from: '<sip:alice@x.example>;tag=1' }, undefined],
    ['a broken From', { from: '"Alice <sip:2025550101' }, undefined],
    [
      'a greater-than sign in the name',
      { from: '"a>b" <sip:2025550101@x.example>;tag=1' },
      '+12025550101',
    ],
  ])('%s', (_case, given, number) => {
    expect(callingNumber({ ...plain, ...given })).toBe(number);
  });
});

describe('formatNumber', () => {
  it.each([
    ['e164', '+12025550123'],
    ['withoutPlus', '12025550123'],
    ['national', '2025550123'],
  ] as const)('%s', (format, text) => {
    expect(formatNumber('+12025550123', format)).toBe(text);
  });
});
