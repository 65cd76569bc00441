import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Slot } from '../../../src/domain/callback/ticket.ts';
import type { E164 } from '../../../src/domain/ids.ts';
import type { DialogueEffect, DialogueEvent } from '../../../src/domain/ivr/dialogue.ts';
import { KEYS, type Key } from '../../../src/domain/ivr/keys.ts';
import {
  beginKeying,
  beginOffer,
  beginSlots,
  stepOffer,
} from '../../../src/domain/ivr/offer-dialogue.ts';
import type { OfferStep, Terms } from '../../../src/domain/ivr/offer-state.ts';
import type { NumberCheck } from '../../../src/domain/numbering/policy.ts';

const ANI: E164 = '+12025550123';
const HALF_HOUR_MS = 1_800_000;
const slotAt = (index: number): Slot => ({
  from: index * HALF_HOUR_MS,
  to: (index + 1) * HALF_HOUR_MS,
});
const LINE: Terms = { slots: [], slot: undefined, timeZone: 'UTC', now: 0, askCode: false };
const TIMES: Terms = { ...LINE, slots: [slotAt(2), slotAt(3)] };
const CODE: Terms = { ...LINE, askCode: true };

function check(digits: string): NumberCheck {
  const bare = digits.replace(/^1(?=\d{10}$)/u, '');
  if (!/^\d{10}$/u.test(bare)) return { ok: false, rule: 'notNanp' };
  return bare.startsWith('900')
    ? { ok: false, rule: 'premium' }
    : { ok: true, number: `+1${bare}` };
}

/** Somebody who is offered a callback. */
class Offered {
  step: OfferStep;
  readonly effects: DialogueEffect[] = [];

  constructor(step: OfferStep) {
    this.step = step;
    this.effects.push(...step.effects);
  }

  /** What comes after the end of an offer is for nobody. */
  tell(event: DialogueEvent): this {
    if (this.step.outcome !== undefined) return this;
    this.step = stepOffer(this.step.dialogue, event, check);
    this.effects.push(...this.step.effects);
    return this;
  }

  get #turn(): number {
    return this.step.dialogue.turn;
  }

  hears(): this {
    return this.tell({ type: 'said', turn: this.#turn });
  }

  silent(): this {
    return this.tell({ type: 'silence', turn: this.#turn });
  }

  keys(keys: string): this {
    for (const key of keys) this.tell({ type: 'key', key: key as Key });
    return this;
  }

  get said(): string {
    const say = this.effects.findLast((effect) => effect.type === 'say');
    return (say?.utterances ?? [])
      .map((each) => (each.say === 'prompt' ? each.prompt : each.say))
      .join(' ');
  }

  get outcome() {
    return this.step.outcome;
  }

  /** How long a key is waited for now, in seconds. */
  get waits(): number {
    const wait = this.effects.at(-1);
    return wait?.type === 'awaitKey' ? wait.afterMs / 1_000 : 0;
  }
}

const offer = (terms: Terms = LINE, ani: E164 | undefined = ANI): Offered =>
  new Offered(beginOffer(ani, terms, 7)).hears();
/** Nothing is shown. */
const withheld = (terms: Terms = LINE): Offered =>
  new Offered(beginOffer(undefined, terms, 7)).hears();

describe('the notice', () => {
  test('is heard to its end: no key counts before', () => {
    const offered = new Offered(beginOffer(ANI, LINE, 7)).keys('121');
    expect(offered.said).toBe('notice-callback');
    expect(offered.hears().said).toBe('offer-use-ani-intro telephoneNumber offer-use-ani-keys');
  });
});

describe('the number', () => {
  test.each<[string, Offered, object]>([
    ['the one shown', offer().keys('1'), { number: ANI, consent: { key: '1', source: 'ani' } }],
    [
      'one that is keyed and confirmed',
      offer().keys('2').keys('2125550142').keys('1'),
      { number: '+12125550142', consent: { key: '1', source: 'keyed' } },
    ],
    [
      'one that is keyed because none is shown',
      withheld().keys('2125550142').keys('1'),
      { number: '+12125550142', consent: { source: 'keyed' } },
    ],
    [
      'a shorter pause ends the keying',
      offer().keys('2').keys('212555014').keys('2').keys('1'),
      { number: '+12125550142' },
    ],
    [
      'the second that is keyed',
      offer().keys('2').keys('2125550142').keys('2').keys('2125550143').keys('1'),
      { number: '+12125550143' },
    ],
  ])('is %s', (_name, offered, accepted) => {
    expect(offered.outcome).toMatchObject({ result: 'accepted', slot: undefined, ...accepted });
  });

  test.each<[string, Offered]>([
    ['silence at the choice', offer().hears().silent()],
    ['silence where no number is shown', withheld().hears().silent()],
    ['three numbers that are none', offer().keys('2').keys('5#').keys('#').keys('12#')],
    [
      'three that were confirmed by nobody',
      offer()
        .keys('2')
        .keys('2125550142')
        .silent()
        .keys('2125550142')
        .silent()
        .keys('2125550142')
        .silent(),
    ],
    ['silence three times', offer().keys('2').hears().silent().hears().silent().hears().silent()],
  ])('is not given by %s: nothing is collected', (_name, offered) => {
    expect(offered.outcome).toMatchObject({ result: 'declined' });
  });

  test('that is refused is told apart from one that is no number', () => {
    expect(offer().keys('2').keys('9005550142').said).toBe('number-invalid key-number');
    expect(offer().keys('2').keys('12#').said).toBe('number-not-understood key-number');
  });

  test('is waited for longest at its first digit', () => {
    const offered = offer().keys('2').hears();
    expect(offered.waits).toBe(10);
    expect(offered.keys('2').waits).toBe(4);
    expect(offer().hears().waits).toBe(6);
  });

  test('another key at the choice says it all again', () => {
    expect(offer().keys('7').said).toBe('offer-use-ani-intro telephoneNumber offer-use-ani-keys');
  });
});

describe('who presses what is not asked for', () => {
  test.each([
    ['zero at the choice', offer(), '0'],
    ['zero at a time', offer(TIMES), '0'],
    ['keys without meaning, again and again', offer(), '7777777'],
    ['the same at a time', offer(TIMES), '7777777'],
  ])('waits for a person on the line: %s', (_name, offered, keys) => {
    expect(offered.keys(keys).outcome).toMatchObject({ result: 'declined' });
  });
});

describe('a time', () => {
  test('is offered one after the other, and taken with the number', () => {
    const offered = offer(TIMES);
    expect(offered.said).toBe('slot-intro slot slot-keys');
    expect(offered.keys('2').said).toBe('slot slot-keys');
    offered.keys('1');
    expect(offered.said).toContain('offer-use-ani-intro');
    expect(offered.keys('1').outcome).toMatchObject({ result: 'accepted', slot: slotAt(3) });
  });

  test('is kept while another number is keyed', () => {
    const offered = offer(TIMES).keys('1').keys('2').keys('2125550142').keys('1');
    expect(offered.outcome).toMatchObject({ number: '+12125550142', slot: slotAt(2) });
  });

  test('none suits: they hold on', () => {
    expect(offer(TIMES).keys('22').outcome).toMatchObject({
      result: 'declined',
      say: [{ prompt: 'slot-none' }],
    });
  });

  test('silence declines, another key says it again', () => {
    expect(offer(TIMES).hears().silent().outcome).toMatchObject({ result: 'declined', say: [] });
    expect(offer(TIMES).keys('9').said).toBe('slot slot-keys');
  });

  test('alone is chosen by who has booked already', () => {
    const offered = new Offered(beginSlots(TIMES, 3)).keys('2').keys('1');
    expect(offered.step.dialogue.slot).toEqual(slotAt(3));
  });
});

describe('the code', () => {
  test.each<[string, Offered, string | undefined]>([
    ['two digits', offer(CODE).keys('1').keys('47'), '47'],
    ['of a keyed number too', offer(CODE).keys('2').keys('2125550142').keys('1').keys('00'), '00'],
    ['none by silence', offer(CODE).keys('1').hears().silent(), undefined],
    ['none by one digit and silence', offer(CODE).keys('1').keys('4').silent(), undefined],
    ['none by pound', offer(CODE).keys('1').keys('#'), undefined],
    ['none by star after a digit', offer(CODE).keys('1').keys('4*'), undefined],
    ['none where the operator wants none', offer(LINE).keys('1'), undefined],
  ])('%s', (_name, offered, code) => {
    expect(offered.outcome).toMatchObject({ result: 'accepted' });
    expect(offered.outcome).toHaveProperty('code', code);
  });

  test('is asked for once the number is settled', () => {
    expect(offer(CODE).keys('1').said).toBe('ask-code');
  });
});

test('what belongs to an earlier turn came too late', () => {
  const offered = offer();
  const { dialogue } = offered.step;
  for (const type of ['said', 'silence'] as const) {
    const step = stepOffer(dialogue, { type, turn: dialogue.turn - 1 }, check);
    expect(step).toEqual({ dialogue, effects: [] });
  }
});

test('whatever is pressed, a number is accepted only after a key that agrees, and passed the check', () => {
  const event = fc.oneof(
    fc.constantFrom(...KEYS).map((key) => ({ type: 'key', key }) as const),
    fc.constantFrom('said', 'silence'),
  );
  const terms = fc.constantFrom(LINE, TIMES, CODE);
  const begin = fc.constantFrom<(given: Terms) => OfferStep>(
    (given) => beginOffer(ANI, given, 1),
    (given) => beginOffer(undefined, given, 1),
    (given) => beginKeying(given, 1),
  );
  const events = fc.array(event, { maxLength: 80, size: 'max' });
  fc.assert(
    fc.property(events, terms, begin, (told, given, start) => {
      const offered = new Offered(start(given));
      let keys = 0;
      for (const each of told) {
        if (offered.outcome !== undefined) break;
        if (each === 'said') offered.hears();
        else if (each === 'silence') offered.silent();
        else {
          keys += 1;
          offered.tell(each);
        }
      }
      if (offered.outcome?.result !== 'accepted') return;
      expect(keys).toBeGreaterThan(0);
      expect(check(offered.outcome.number.slice(1)).ok).toBe(true);
    }),
  );
});
