import type { Weekday } from '../../hours/hours.ts';
import type { LanguageId } from '../../ids.ts';
import type { SoundName } from '../sound-name.ts';
import type { ZoneName } from '../zone-name.ts';

/** A language that callers can be spoken to in: its words, and how they are put together. */
export interface Language {
  readonly id: LanguageId;
  /**
   * Every sound that the rules below use, and how it is said. One without text is made by the script
   * itself (silence, a tone).
   */
  readonly parts: ReadonlyMap<SoundName, string | undefined>;
  /** A whole number, 0 to 999,999. */
  wholeNumber(value: number): readonly SoundName[];
  wait(wait: SpokenWait): readonly SoundName[];
  /** "tomorrow between 2 and 2 30 p m eastern time". */
  slot(slot: SpokenSlot): readonly SoundName[];
}

/** A wait, rounded for saying; minutes are whole numbers above 0. */
export type SpokenWait =
  /** "20 minutes", as in "we will call you in". */
  | { readonly kind: 'exactly'; readonly minutes: number }
  | { readonly kind: 'about'; readonly minutes: number }
  | { readonly kind: 'between'; readonly lowMinutes: number; readonly highMinutes: number }
  | { readonly kind: 'lessThan'; readonly minutes: number }
  | { readonly kind: 'moreThan'; readonly minutes: number }
  | { readonly kind: 'moreThanOneHour' };

/** A span of time on one day, as the clock on the wall shows it. */
export interface SpokenSlot {
  readonly day: SpokenDay;
  readonly from: TimeOfDay;
  readonly to: TimeOfDay;
  /** Whose clock it is; undefined if there is no plain name for it. */
  readonly zone: ZoneName | undefined;
}

export type SpokenDay =
  | { readonly kind: 'today' }
  | { readonly kind: 'tomorrow' }
  /** Within the next days, so that the weekday says it all. */
  | { readonly kind: 'weekday'; readonly weekday: Weekday }
  | {
      readonly kind: 'date';
      readonly weekday: Weekday;
      /** 1 to 12. */
      readonly month: number;
      /** 1 to 31. */
      readonly dayOfMonth: number;
    };

export interface TimeOfDay {
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
}

/** Parts from a list of words: `digits/0` is the first, or `from` if the list begins later. */
export function numbered(
  kind: 'digits' | 'numbers' | 'days' | 'months',
  words: string,
  from = 0,
): readonly (readonly [SoundName, string])[] {
  return words.split(' ').map((word, index) => [`${kind}/${index + from}`, word] as const);
}

/** Parts from names of time zones: `words/eastern-time`. */
export function zoneParts(
  names: Readonly<Record<ZoneName, string>>,
): readonly (readonly [SoundName, string])[] {
  return Object.entries(names).map(([zone, name]) => [`words/${zone}-time`, name] as const);
}

/** The part that says whose clock is meant; none for a zone without a plain name. */
export function zoneWords(zone: ZoneName | undefined): readonly SoundName[] {
  return zone === undefined ? [] : [`words/${zone}-time`];
}

/** Sounds without words, the same in every language. */
export const WORDLESS_PARTS: readonly (readonly [SoundName, undefined])[] = [
  ['words/pause', undefined],
  ['words/beep', undefined],
];
