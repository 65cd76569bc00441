import { describe, expect, it } from 'vitest';
import { sayFiles } from '../../../src/switch/media/applications/speech.ts';
import { separate } from '../../../src/switch/media/arguments.ts';
import { readTarget } from '../../../src/switch/media/conference/flags.ts';
import { readInlineExtension } from '../../../src/switch/media/dialplan.ts';
import { causeNamed, causeNumber } from '../../../src/switch/media/hangup-cause.ts';
import { matchesPattern } from '../../../src/switch/media/pattern.ts';
import { uptimeText } from '../../../src/switch/media/wall-clock.ts';

describe('separate', () => {
  const table: ReadonlyArray<readonly [text: string, parts: readonly string[]]> = [
    [
      '1 8 1 8000 # a.wav b.wav digits \\d+ 2000',
      ['1', '8', '1', '8000', '#', 'a.wav', 'b.wav', 'digits', '\\d+', '2000'],
    ],
    ['  a   b ', ['a', 'b']],
    ["a 'b c' d", ['a', 'b c', 'd']],
    ["it's one", ["it's", 'one']],
    ['^^|a|b c||d', ['a', 'b c', '', 'd']],
    ['^^^foo=bar^baz=a b', ['foo=bar', 'baz=a b']],
    ['', []],
  ];
  it.each(table)('%j', (text, parts) => {
    expect(separate(text)).toEqual(parts);
  });
});

describe('readTarget', () => {
  const flags = (target: string): string[] =>
    Object.entries(readTarget(target).flags).flatMap(([name, on]) => (on ? [name] : []));

  it.each([
    ['room1', 'room1', 'default', '', []],
    ['room1@wide', 'room1', 'wide', '', []],
    ['room1+1234', 'room1', 'default', '1234', []],
    ['room1++flags{endconf|mute|vmute}', 'room1', 'default', '', ['mute', 'endconf']],
    [
      'room1@wide+1234+flags{moderator|join-only}',
      'room1',
      'wide',
      '1234',
      ['moderator', 'joinOnly'],
    ],
  ])('%s', (text, name, profile, pin, expected) => {
    expect(readTarget(text)).toMatchObject({ name, profile, pin });
    expect(flags(text)).toEqual(expected);
  });
});

describe('readInlineExtension', () => {
  it.each([
    ['park', [{ application: 'park', argument: '' }]],
    [
      'sleep:100,playback:/a b.wav',
      [
        { application: 'sleep', argument: '100' },
        { application: 'playback', argument: '/a b.wav' },
      ],
    ],
    [
      'm:^:set:a=1,2^park',
      [
        { application: 'set', argument: 'a=1,2' },
        { application: 'park', argument: '' },
      ],
    ],
  ])('%s', (text, steps) => {
    expect(readInlineExtension(text)).toEqual(steps);
  });
});

describe('hangup causes', () => {
  it.each([
    ['NORMAL_TEMPORARY_FAILURE', 'NORMAL_TEMPORARY_FAILURE', 41],
    ['user_busy', 'USER_BUSY', 17],
    ['88', 'INCOMPATIBLE_DESTINATION', 88],
    ['nonsense', 'NORMAL_CLEARING', 16],
  ])('%s', (text, cause, number) => {
    expect(causeNamed(text)).toBe(cause);
    expect(causeNumber(causeNamed(text))).toBe(number);
  });
});

describe('sayFiles', () => {
  const names = (type: string, method: string, text: string): string[] | undefined =>
    sayFiles(type, method, text)?.map((file) => file.replace(/^digits\/|\.wav$/g, ''));

  it.each([
    ['NUMBER', 'pronounced', '0', ['0']],
    ['NUMBER', 'pronounced', '13', ['13']],
    ['NUMBER', 'pronounced', '1,234', ['1', 'thousand', '2', 'hundred', '30', '4']],
    ['NUMBER', 'pronounced', '1000100', ['1', 'million', '1', 'hundred']],
    ['NUMBER', 'iterated', '42', ['4', '2']],
    ['TELEPHONE_NUMBER', 'pronounced', '555-0100', ['5', '5', '5', '0', '1', '0', '0']],
    ['CURRENT_TIME', 'pronounced', '1', undefined],
    ['NUMBER', 'pronounced', 'many', undefined],
  ])('%s %s %s', (type, method, text, files) => {
    expect(names(type, method, text)).toEqual(files);
  });
});

describe('matchesPattern', () => {
  it.each([
    ['\\d+', '56', true],
    ['^[1-4]+$', '98', false],
    ['^[1-4]+$', '12', true],
    ['([', '1', false],
    ['^(\\d+)+$', '11111111111111111111111111111x', false],
    ['a'.repeat(300), 'a', false],
  ])('%s on %s', (pattern, text, matches) => {
    expect(matchesPattern(pattern, text)).toBe(matches);
  });
});

it('tells the time since the start as FreeSWITCH does', () => {
  expect(uptimeText(20_086.714)).toBe(
    '0 years, 0 days, 0 hours, 0 minutes, 20 seconds, 86 milliseconds, 714 microseconds',
  );
  expect(uptimeText(90_061_000)).toBe(
    '0 years, 1 day, 1 hour, 1 minute, 1 second, 0 milliseconds, 0 microseconds',
  );
});
