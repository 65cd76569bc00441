import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chooseOffer,
  isOffering,
  type Offer,
  type OfferView,
} from '../../../src/domain/callback/offer.ts';
import { type CallbackSettings, USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import type { OpeningHours } from '../../../src/domain/hours/hours.ts';

/** From two minutes on, until below eighty seconds; a hundred tickets; an hour at most. */
const SETTINGS: CallbackSettings = {
  ...USUAL_CALLBACKS,
  offer: {
    ...USUAL_CALLBACKS.offer,
    aboveSeconds: 120,
    belowSeconds: 80,
    maxOpenTickets: 100,
    maxWaitMinutes: 60,
  },
};
/** A queue that offers, and can keep what it offers. */
const CALM: OfferView = {
  waitSeconds: 600,
  openTickets: 5,
  secondsToClosing: 7_200,
  isOffering: true,
  offering: true,
  registering: true,
  trunksFree: true,
  slotsFree: false,
};

describe('what is offered', () => {
  test.each<[string, Partial<OfferView>, Offer, Offer]>([
    ['a place in line', {}, 'line', 'line'],
    ['nothing below the threshold, unless asked', { isOffering: false }, 'none', 'line'],
    ['nothing while callers are not told, unless asked', { offering: false }, 'none', 'line'],
    ['nothing while none are taken', { registering: false }, 'none', 'none'],
    ['nothing to one whose turn is near, unless asked', { waitSeconds: 79 }, 'none', 'line'],
    ['the line to who waits long', { waitSeconds: 7_000 }, 'line', 'line'],
    ['a slot to who waits long', { waitSeconds: 7_000, slotsFree: true }, 'slot', 'slot'],
    ['the morning, if it closes before', { secondsToClosing: 599 }, 'nextMorning', 'nextMorning'],
    ['a slot, if it closes before', { secondsToClosing: 599, slotsFree: true }, 'slot', 'slot'],
    ['the line, if the turn comes just in time', { secondsToClosing: 600 }, 'line', 'line'],
    ['the line in a queue that never closes', { secondsToClosing: undefined }, 'line', 'line'],
    ['a slot, if the line is full', { openTickets: 100, slotsFree: true }, 'slot', 'slot'],
    ['nothing, if the line and the slots are full', { openTickets: 100 }, 'none', 'none'],
    ['the last ticket', { openTickets: 99 }, 'line', 'line'],
    ['nothing, if trunks have no room', { trunksFree: false }, 'none', 'none'],
    ['a slot, if trunks have no room', { trunksFree: false, slotsFree: true }, 'slot', 'slot'],
  ])('%s', (_name, change, unasked, asked) => {
    expect(chooseOffer(SETTINGS, { ...CALM, ...change }, false)).toBe(unasked);
    expect(chooseOffer(SETTINGS, { ...CALM, ...change }, true)).toBe(asked);
  });

  test('nobody is refused for waiting long: more wait never turns an offer into none', () => {
    const view = fc.record({
      waitSeconds: fc.nat(20_000),
      openTickets: fc.nat(120),
      secondsToClosing: fc.option(fc.nat(20_000), { nil: undefined }),
      isOffering: fc.boolean(),
      offering: fc.boolean(),
      registering: fc.boolean(),
      trunksFree: fc.boolean(),
      slotsFree: fc.boolean(),
    });
    fc.assert(
      fc.property(view, fc.nat(100_000), fc.boolean(), (shorter, more, asked) => {
        if (chooseOffer(SETTINGS, shorter, asked) === 'none') return;
        const longer = { ...shorter, waitSeconds: shorter.waitSeconds + more };
        expect(chooseOffer(SETTINGS, longer, asked)).not.toBe('none');
      }),
    );
  });

  test('who asks is offered all that others are', () => {
    for (const slotsFree of [true, false]) {
      for (const waitSeconds of [90, 600, 7_000]) {
        const view = { ...CALM, slotsFree, waitSeconds };
        expect(chooseOffer(SETTINGS, view, true)).toBe(chooseOffer(SETTINGS, view, false));
      }
    }
  });
});

describe('hysteresis', () => {
  test.each([
    [119, false, false],
    [120, false, true],
    [119, true, true],
    [80, true, true],
    [79, true, false],
    [Number.POSITIVE_INFINITY, false, true],
  ])('a wait of %d s, offering before: %s', (waitSeconds, before, after) => {
    expect(isOffering(SETTINGS, undefined, waitSeconds, before, 0)).toBe(after);
  });

  test('a wait that stays between the two never changes anything', () => {
    const waits = fc.array(fc.integer({ min: 80, max: 119 }));
    fc.assert(
      fc.property(waits, fc.boolean(), (each, first) => {
        let offers = first;
        for (const wait of each) offers = isOffering(SETTINGS, undefined, wait, offers, 0);
        expect(offers).toBe(first);
      }),
    );
  });
});

describe('busy hours', () => {
  const BUSY: CallbackSettings = {
    ...SETTINGS,
    offer: {
      ...SETTINGS.offer,
      busyHours: [
        { fromMinute: 540, toMinute: 600, aboveSeconds: 900, belowSeconds: 800 },
        { fromMinute: 540, toMinute: 720, aboveSeconds: 300, belowSeconds: 200 },
      ],
    },
  };
  const IN_NEW_YORK: OpeningHours = {
    id: 'office',
    timeZone: 'America/New_York',
    week: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
    holidays: new Set(),
  };

  test.each([
    ['before them the usual threshold', '2026-11-25T08:59:00-05:00', 120],
    ['the first that fits', '2026-11-25T09:00:00-05:00', 900],
    ['the second where the first has ended', '2026-11-25T10:00:00-05:00', 300],
    ['after them the usual threshold', '2026-11-25T12:00:00-05:00', 120],
    ['in summer by the summer clock', '2026-07-01T09:30:00-04:00', 900],
  ])('%s', (_name, at, aboveSeconds) => {
    const now = Date.parse(at);
    expect(isOffering(BUSY, IN_NEW_YORK, aboveSeconds - 1, false, now)).toBe(false);
    expect(isOffering(BUSY, IN_NEW_YORK, aboveSeconds, false, now)).toBe(true);
  });
});
