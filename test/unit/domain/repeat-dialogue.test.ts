import { describe, expect, test } from 'vitest';
import type { DialogueEvent } from '../../../src/domain/ivr/dialogue.ts';
import { KEYS, type Key } from '../../../src/domain/ivr/keys.ts';
import type { Terms } from '../../../src/domain/ivr/offer-state.ts';
import {
  type BookedTicket,
  beginRepeat,
  type RepeatStep,
  stepRepeat,
} from '../../../src/domain/ivr/repeat-dialogue.ts';
import type { NumberCheck } from '../../../src/domain/numbering/policy.ts';

const NO_TIMES: Terms = { slots: [], slot: undefined, timeZone: 'UTC', now: 0, askCode: true };
const SLOT = { from: 1_800_000, to: 3_600_000 };
const TICKET: BookedTicket = {
  id: 'ticket-1',
  lastFour: '0123',
  wait: [{ say: 'wait', waitSeconds: 600 }],
  terms: NO_TIMES,
};
const check = (digits: string): NumberCheck =>
  digits.length === 10 ? { ok: true, number: `+1${digits}` } : { ok: false, rule: 'notNanp' };

/** Somebody who has a callback booked. */
class Repeater {
  step: RepeatStep;

  constructor(change: Partial<BookedTicket> = {}) {
    this.step = beginRepeat({ ...TICKET, ...change }, [], 4, 0);
  }

  tell(event: DialogueEvent): this {
    this.step = stepRepeat(this.step.dialogue, event, check);
    return this;
  }

  keys(keys: string): this {
    for (const key of keys) this.tell({ type: 'key', key: key as Key });
    return this;
  }

  silent(): this {
    return this.tell({ type: 'silence', turn: this.step.dialogue.turn });
  }

  get said(): string {
    return this.step.effects
      .flatMap((effect) => (effect.type === 'say' ? effect.utterances : []))
      .map((each) => (each.say === 'prompt' ? each.prompt : each.say))
      .join(' ');
  }
}

const ASKED = 'repeat-intro digits repeat-keys';

describe('who has a callback booked', () => {
  test('is asked some times in all, and then it stays booked', () => {
    const repeater = new Repeater();
    let timesAsked = 1;
    while (repeater.step.outcome === undefined && timesAsked < 100) {
      repeater.keys('4');
      timesAsked += 1;
    }
    expect(timesAsked).toBeLessThan(20);
    expect(repeater.step.outcome).toEqual({ result: 'kept' });
  });

  test('hears its last four digits and the keys', () => {
    expect(new Repeater().said).toBe(ASKED);
  });

  test.each([
    ['1', 'kept'],
    ['3', 'cancel'],
    ['5', 'return'],
  ])('presses %s: %s', (key, result) => {
    expect(new Repeater().keys(key).step.outcome).toEqual({ result });
  });

  test('says nothing: on to the menu', () => {
    expect(new Repeater().silent().step.outcome).toEqual({ result: 'menu' });
  });

  test('hears the wait, and is asked again', () => {
    expect(new Repeater().keys('4').said).toBe(`wait ${ASKED}`);
  });

  test.each(KEYS.filter((key) => !'12345'.includes(key)))('%s says it again', (key) => {
    const repeater = new Repeater().keys(key);
    expect(repeater.said).toBe(ASKED);
    expect(repeater.step.dialogue.turn).toBe(5);
  });

  test('an old silence does not lead away', () => {
    const repeater = new Repeater().keys('4').tell({ type: 'silence', turn: 4 });
    expect(repeater.step.outcome).toBeUndefined();
  });
});

describe('another number', () => {
  test('is keyed and confirmed', () => {
    const repeater = new Repeater().keys('2');
    expect(repeater.said).toBe('key-number');
    expect(repeater.keys('2025550142').said).toBe(
      'confirm-number-intro telephoneNumber confirm-number-keys',
    );
  });

  test('is taken without a code: they have theirs', () => {
    const terms = { ...NO_TIMES, askCode: false };
    expect(new Repeater({ terms }).keys('2').keys('2025550142').keys('1').step.outcome).toEqual({
      result: 'changed',
      number: '+12025550142',
      consent: { key: '1', source: 'keyed' },
    });
  });

  test('that can not be keyed leaves all as it was, and asks again', () => {
    const repeater = new Repeater().keys('2').keys('5#').keys('5#').keys('5#');
    expect(repeater.said).toBe(`number-not-understood ${ASKED}`);
    expect(repeater.keys('1').step.outcome).toEqual({ result: 'kept' });
  });
});

describe('another time', () => {
  const terms: Terms = { ...NO_TIMES, slots: [SLOT] };

  test('is told of only where there are any', () => {
    expect(new Repeater({ terms }).said).toBe('repeat-intro digits repeat-key-slot repeat-keys');
  });

  test('is booked by the key that takes it', () => {
    const repeater = new Repeater({ terms }).keys('6');
    expect(repeater.said).toBe('slot slot-keys');
    expect(repeater.keys('1').step.outcome).toEqual({ result: 'booked', slot: SLOT });
  });

  test('none suits: they are asked again', () => {
    const repeater = new Repeater({ terms }).keys('6').keys('2');
    expect(repeater.said).toBe('slot-none repeat-intro digits repeat-key-slot repeat-keys');
  });
});
