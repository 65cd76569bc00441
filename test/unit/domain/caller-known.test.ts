import { describe, expect, test } from 'vitest';
import type { KnownCaller } from '../../../src/domain/call/caller.ts';
import { ANI, lineOf, OnThePhone } from './on-the-phone.ts';

const HALF_PAST = { from: 1_800_000, to: 3_600_000 };
const TERMS = {
  slots: [HALF_PAST],
  slot: undefined,
  timeZone: 'UTC',
  now: 0,
  askCode: false,
};

describe('a caller whom we know', () => {
  const known = (wasMissed: boolean): KnownCaller => ({
    ticket: {
      id: 'ticket-1',
      lastFour: '0123',
      wait: [{ say: 'wait', waitSeconds: 600 }],
      terms: TERMS,
    },
    queue: 'refunds',
    wasMissed,
  });

  test.each([
    ['1', 'repeat-kept', 'ticketKept'],
    ['3', 'repeat-cancelled', 'ticketCancelled'],
  ])('key %s: hears %s', (key, prompt, outcome) => {
    const phone = new OnThePhone(ANI, known(false));
    expect(phone.said).toBe('greeting repeat-intro digits repeat-key-slot repeat-keys');
    phone.keys(key).tell({ type: 'ticketChanged' });
    expect(phone.said).toBe(prompt);
    expect(phone.hearsAll().caller.state).toEqual({ phase: 'ended', outcome });
  });

  test('a cancellation that could not be kept is not promised', () => {
    const phone = new OnThePhone(ANI, known(false)).keys('3');
    expect(phone.tell({ type: 'ticketUnchanged', because: 'store' }).said).toBe('service-error');
  });

  test.each([
    ['2', '21255501231', 'refused', 'number-not-now'],
    ['6', '1', 'slotTaken', 'slot-taken'],
  ] as const)(
    'who wants (%s) what can not be had is told, and asked again',
    (key, keys, because, prompt) => {
      const phone = new OnThePhone(ANI, known(false)).keys(key).keys(keys);
      phone.tell({ type: 'ticketUnchanged', because });
      expect(phone.said).toBe(`${prompt} repeat-intro digits repeat-key-slot repeat-keys`);
      expect(phone.keys('1').tell({ type: 'ticketChanged' }).said).toBe('repeat-kept');
    },
  );

  test.each(['1', '3'])(
    'whose callback has gone meanwhile (%s) is told, and calls like anybody',
    (key) => {
      const phone = new OnThePhone(ANI, known(false)).keys(key);
      expect(phone.tell({ type: 'ticketUnchanged', because: 'gone' }).said).toBe(
        'repeat-gone main-menu',
      );
      expect(phone.caller.state.phase).toBe('menu');
    },
  );

  test('keys another number, which is kept before it is said', () => {
    const phone = new OnThePhone(ANI, known(false)).keys('2').keys('2125550123').keys('1');
    expect(phone.effects.at(-1)).toMatchObject({
      type: 'changeTicket',
      ticketId: 'ticket-1',
      change: { choice: 'number', number: '+12125550123' },
    });
    expect(phone.tell({ type: 'ticketChanged' }).said).toBe('repeat-number-changed');
  });

  test('books another time, which is kept before it is said', () => {
    const phone = new OnThePhone(ANI, known(false)).keys('6');
    expect(phone.said).toBe('slot slot-keys');
    phone.keys('1');
    expect(phone.effects.at(-1)).toMatchObject({
      type: 'changeTicket',
      change: { choice: 'slot', slot: HALF_PAST },
    });
    expect(phone.tell({ type: 'ticketChanged' }).said).toBe('slot-booked');
  });

  test('hears the wait, and is asked again', () => {
    expect(new OnThePhone(ANI, known(false)).keys('4').said).toBe(
      'wait repeat-intro digits repeat-key-slot repeat-keys',
    );
  });

  test('goes back to the line at the place of the ticket, without an offer', () => {
    const phone = new OnThePhone(ANI, known(false)).keys('5');
    expect(phone.effects.at(-1)).toMatchObject({ type: 'returnToLine', ticketId: 'ticket-1' });
    phone.tell({ type: 'joined', line: lineOf(0, 600), isBack: true });
    expect(phone.said).toBe('back-on-hold position-intro number wait-intro waitRange');
  });

  test('silence leads to the menu: they may call about something else', () => {
    const phone = new OnThePhone(ANI, known(false)).hearsAll().silent().hearsAll().silent();
    expect(phone.said).toBe('main-menu');
  });

  test('after a missed callback is welcomed back to the front at once', () => {
    const phone = new OnThePhone(ANI, known(true));
    expect(phone.effects.at(-1)).toMatchObject({ type: 'returnToLine', ticketId: 'ticket-1' });
    phone.tell({ type: 'joined', line: lineOf(0, 600), isBack: true });
    expect(phone.said).toBe('welcome-back position-intro number wait-intro waitRange');
  });
});
