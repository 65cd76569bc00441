import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallerEvent } from '../../../src/domain/call/caller.ts';
import { KEYS } from '../../../src/domain/ivr/keys.ts';
import { ANI, lineOf, OnThePhone } from './on-the-phone.ts';

describe('a caller in the menu', () => {
  test('hears the greeting with its notice, then the menu', () => {
    expect(new OnThePhone().said).toBe('greeting main-menu');
  });

  test.each<[string, (phone: OnThePhone) => OnThePhone, string]>([
    ['a wrong key', (phone) => phone.keys('9'), 'invalid-key main-menu'],
    ['silence', (phone) => phone.hearsAll().silent(), 'take-your-time'],
    [
      'silence again',
      (phone) => phone.hearsAll().silent().hearsAll().silent(),
      'timeout main-menu',
    ],
  ])('after %s hears why, and the menu again', (_name, act, said) => {
    expect(act(new OnThePhone()).said).toBe(said);
  });

  test('after the last try hears goodbye, and the call ends', () => {
    const phone = new OnThePhone().keys('9').silent().keys('9');
    expect(phone.said).toBe('goodbye');
    expect(phone.hearsAll().phase).toBe('ended');
    expect(phone.did('hangUp')).toBe(true);
  });

  test('ignores silence that belongs to an earlier turn', () => {
    const phone = new OnThePhone().tell({ type: 'silence', turn: 0 });
    expect(phone.said).toBe('greeting main-menu');
  });
});

describe('the offer', () => {
  test('is not made when the wait is short', () => {
    const phone = new OnThePhone().inLine(30);
    expect(phone.phase).toBe('holding');
    expect(phone.said).toBe('hold-intro');
  });

  test('begins with a notice that keys do not shorten', () => {
    const phone = new OnThePhone().inLine(600).keys('1');
    expect(phone.said).toBe('notice-callback');
    expect(phone.did('registerTicket')).toBe(false);
  });

  test('takes the number shown on 1', () => {
    const phone = new OnThePhone().inLine(600).hearsAll();
    expect(phone.said).toBe(`offer-use-ani-intro ${ANI} offer-use-ani-keys`);
    phone.keys('1');
    expect(phone.phase).toBe('saving');
    expect(phone.effects.at(-1)).toEqual({
      type: 'registerTicket',
      number: ANI,
      consent: { key: '1', source: 'ani' },
    });
  });

  test('says "you may hang up" only once the ticket is kept', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('1');
    expect(phone.said).not.toContain('ticket-confirmed');
    phone.tell({ type: 'ticketRegistered', ticketId: 'ticket-1' });
    expect(phone.said).toBe('ticket-confirmed');
    expect(phone.hearsAll().caller.state).toEqual({ phase: 'ended', outcome: 'ticketTaken' });
  });

  test('a ticket that was not kept is said so, and the caller holds', () => {
    const phone = new OnThePhone()
      .inLine(600)
      .hearsAll()
      .keys('1')
      .tell({ type: 'ticketFailed', because: 'store' });
    expect(phone.said).toBe('ticket-failed');
    expect(phone.phase).toBe('holding');
  });

  test('silence declines: the caller holds with the place kept', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().hearsAll().silent();
    expect(phone.phase).toBe('holding');
    expect(phone.did('leaveLine')).toBe(false);
  });

  test('takes a keyed number once it is confirmed', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('2');
    expect(phone.said).toBe('key-number');
    phone.keys('2125550142');
    expect(phone.said).toBe('confirm-number-intro +12125550142 confirm-number-keys');
    phone.keys('1');
    expect(phone.effects.at(-1)).toMatchObject({
      type: 'registerTicket',
      number: '+12125550142',
      consent: { source: 'keyed' },
    });
  });

  test.each([
    ['eleven digits with the country code', '12125550142'],
    ['a star to begin again', '999*2125550142'],
  ])('understands %s', (_name, keys) => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('2').keys(keys);
    expect(phone.said).toBe('confirm-number-intro +12125550142 confirm-number-keys');
  });

  test('goes straight to keying when no number is shown', () => {
    const phone = new OnThePhone('withheld').inLine(600).hearsAll();
    expect(phone.said).toBe('offer-no-ani');
    expect(phone.hearsAll().silent().phase).toBe('holding');
  });

  test.each([
    ['too short', '555#', 'number-not-understood key-number'],
    ['not allowed', '9005550142', 'number-invalid key-number'],
  ])('asks again for a number that is %s', (_name, keys, said) => {
    expect(new OnThePhone().inLine(600).hearsAll().keys('2').keys(keys).said).toBe(said);
  });

  test('after three tries the caller is back on hold with the place kept', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('2');
    phone.keys('555#').keys('2125550142').keys('2').keys('5#');
    expect(phone.said).toBe('number-not-understood back-on-hold');
    expect(phone.phase).toBe('holding');
    expect(phone.did('leaveLine')).toBe(false);
  });
});

describe('a number that has a callback in this queue already', () => {
  const asked = () => new OnThePhone().inLine(600).hearsAll().keys('1');

  test('keeps that one, and the caller leaves the line', () => {
    const phone = asked().tell({ type: 'ticketFailed', because: 'alreadyBooked' });
    expect(phone.said).toBe('repeat-kept');
    expect(phone.did('leaveLine')).toBe(true);
    expect(phone.hearsAll().caller.state).toEqual({ phase: 'ended', outcome: 'ticketKept' });
  });

  test('and an agent who is kept meanwhile: they are joined', () => {
    const phone = asked().tell({ type: 'assigned', agentId: 'agent0' });
    phone.tell({ type: 'ticketFailed', because: 'alreadyBooked' });
    expect(phone.said).toBe('connecting');
    expect(phone.did('leaveLine')).toBe(false);
  });

  test('and who has hung up meanwhile is no abandoned caller', () => {
    const phone = asked().tell({ type: 'hungUp', by: 'party' });
    phone.tell({ type: 'ticketFailed', because: 'alreadyBooked' });
    expect(phone.caller.state).toEqual({ phase: 'ended', outcome: 'ticketKept' });
  });
});

describe('a star or a pound sign in the offer', () => {
  test.each([
    ['the notice', '', 'notice-callback'],
    ['the choice', ' ', 'offer-use-ani-intro +12025550123 offer-use-ani-keys'],
    ['the question for a number', ' 2', 'key-number'],
    [
      'the number that was keyed',
      ' 22125550142',
      'confirm-number-intro +12125550142 confirm-number-keys',
    ],
  ])('says %s again, and more slowly', (_name, keys, said) => {
    const phone = new OnThePhone().inLine(600);
    for (const key of keys) {
      if (key === ' ') phone.hearsAll();
      else phone.keys(key);
    }
    expect(phone.said).toBe(said);
    const { state } = phone.caller;
    for (const key of ['*', '#']) {
      const before = phone.effects.length;
      phone.keys(key);
      expect(phone.effects.slice(before)).toContainEqual(
        expect.objectContaining({ type: 'say', turn: phone.caller.turn }),
      );
      expect(phone.said).toBe(said);
      expect(phone.caller.state).toEqual(state);
    }
    expect(phone.caller.listener.voice.pace).toBe('slow');
  });

  test('belongs to a number of which a digit has been keyed', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('2').keys('212*');
    expect(phone.keys('2125550142').said).toContain('confirm-number-intro');
  });
});

describe('a caller on hold', () => {
  test('hears music, and place and wait at the interval', () => {
    const phone = new OnThePhone().inLine(30).hearsAll();
    expect(phone.effects.slice(-2).map(({ type }) => type)).toEqual(['music', 'announceAfter']);
    const line = lineOf(2, 240);
    phone.tell({ type: 'announceDue', turn: phone.caller.turn, line });
    expect(phone.said).toBe('position-intro number wait-intro waitRange');
  });

  test('is joined with an agent, and the call ends with the conversation', () => {
    const phone = new OnThePhone().inLine(30).tell({ type: 'assigned', agentId: 'alice' });
    expect(phone.effects.at(-1)).toEqual({ type: 'ringAgent', agentId: 'alice' });
    phone.tell({ type: 'talking' }, { type: 'conversationEnded' });
    expect(phone.caller.state).toEqual({ phase: 'ended', outcome: 'served' });
    expect(phone.did('hangUp')).toBe(true);
  });

  test('is taken out of the offer when an agent is free', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().tell({ type: 'assigned', agentId: 'a' });
    expect(phone.phase).toBe('ringing');
    expect(phone.said).toBe('connecting');
  });

  test('holds again when the agent does not answer', () => {
    const phone = new OnThePhone().inLine(30).tell({ type: 'assigned', agentId: 'alice' });
    expect(phone.tell({ type: 'agentMissed' }).phase).toBe('holding');
  });

  test('hears that the line is full', () => {
    const phone = new OnThePhone().keys('1').tell({ type: 'lineFull' });
    expect(phone.said).toBe('queue-full');
  });
});

test('an agent found while the ticket is saved is rung if it can not be kept', () => {
  const phone = new OnThePhone().inLine(600).hearsAll().keys('1');
  phone.tell({ type: 'assigned', agentId: 'alice' });
  expect(phone.did('ringAgent')).toBe(false);
  phone.tell({ type: 'ticketFailed', because: 'store' });
  expect(phone.phase).toBe('ringing');
  expect(phone.did('ringAgent')).toBe(true);
});

test('whatever comes in whatever order, a caller ends at most once and never throws', () => {
  const line = lineOf(1, 600);
  const event = fc.oneof(
    fc.constantFrom<CallerEvent>(
      { type: 'answered' },
      { type: 'joined', line, isBack: false },
      { type: 'lineFull' },
      { type: 'ticketRegistered', ticketId: 'ticket-1' },
      { type: 'ticketFailed', because: 'store' },
      { type: 'assigned', agentId: 'alice' },
      { type: 'agentMissed' },
      { type: 'talking' },
      { type: 'conversationEnded' },
      { type: 'hungUp', by: 'party' },
      { type: 'mediaFailed' },
    ),
    fc.record({ type: fc.constantFrom('said', 'silence'), turn: fc.nat(12) }),
    fc.record({ type: fc.constant('announceDue'), turn: fc.nat(12), line: fc.constant(line) }),
    fc.record({ type: fc.constant('key'), key: fc.constantFrom(...KEYS) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const phone = new OnThePhone().tell(...(events as CallerEvent[]));
      const ends = phone.effects.filter(({ type }) => type === 'ended').length;
      expect(ends).toBe(phone.phase === 'ended' ? 1 : 0);
    }),
  );
});

describe('the offer on hold', () => {
  test('comes by key at any time, whatever the wait', () => {
    const phone = new OnThePhone().inLine(30).hearsAll().keys('2');
    expect(phone.effects.at(-1)).toEqual({ type: 'askOffer' });
    expect(phone.tell({ type: 'offerAsked', line: lineOf(1, 30) }).said).toBe('notice-callback');
  });

  test('is told of again at its interval', () => {
    const phone = new OnThePhone().inLine(30).hearsAll();
    const announce = () =>
      phone.tell({ type: 'announceDue', turn: phone.caller.turn, line: lineOf(3, 600) }).said;
    expect(announce()).not.toContain('hold-offer-again');
    phone.hearsAll();
    phone.now = 120_000;
    expect(announce()).toContain('hold-offer-again key');
    phone.hearsAll();
    expect(announce()).not.toContain('hold-offer-again');
  });

  test('is refused in words when no callbacks are taken', () => {
    const phone = new OnThePhone().inLine(30).hearsAll().keys('2');
    phone.tell({ type: 'offerAsked', line: { ...lineOf(3, 600), registering: false } });
    expect(phone.said).toBe('registering-off back-on-hold');
    expect(phone.phase).toBe('holding');
  });
});

test('a text telephone goes where the operator leads it, out of any menu', () => {
  const phone = new OnThePhone(ANI, undefined, { queue: 'general', relayCallers: new Set() });
  phone.tell({ type: 'ttyHeard' });
  expect(phone.effects.at(-1)).toEqual({ type: 'joinLine', queue: 'general' });
  phone.tell({ type: 'joined', line: lineOf(3, 600), isBack: false });
  expect(phone.said).toContain('relay-welcome');
});
