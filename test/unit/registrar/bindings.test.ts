import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RegisteredPhone, Registration } from '../../../src/engine/phones.ts';
import { applyRegistration, formatContact } from '../../../src/registrar/bindings.ts';
import { registrationOf } from './kit.ts';

const NOW = 1_764_000_000_000;
const LIMITS = { minExpiresSeconds: 60, maxExpiresSeconds: 3_600, maxPhones: 10 };

function phonesAfter(...registrations: readonly Registration[]): readonly RegisteredPhone[] {
  let phones: readonly RegisteredPhone[] = [];
  for (const registration of registrations) {
    const update = applyRegistration(phones, registration, LIMITS, NOW);
    if (update.status === 200) phones = update.phones;
  }
  return phones;
}

const statusOf = (current: readonly RegisteredPhone[], changes: Partial<Registration>) =>
  applyRegistration(current, registrationOf(changes), LIMITS, NOW).status;

describe('a REGISTER', () => {
  test('adds a phone where it came from, for the time asked', () => {
    expect(phonesAfter(registrationOf())).toEqual([
      {
        uri: 'sip:anna@127.0.0.1:5070',
        expiresAt: NOW + 600_000,
        source: { protocol: 'udp', address: '127.0.0.1', port: 5070 },
        callId: 'register-1',
        cseq: 1,
        registeredAt: NOW,
      },
    ]);
  });

  test.each([
    ['parameter before header', '<sip:a@h>;expires=120', 600, 120],
    ['header', '<sip:a@h>', 600, 600],
    ['neither: an hour', '<sip:a@h>', undefined, 3_600],
    ['a malformed parameter: an hour', '<sip:a@h>;expires=soon', 600, 3_600],
    ['too long: cut', '<sip:a@h>;expires=999999999', undefined, 3_600],
    ['the shortest allowed', '<sip:a@h>;expires=60', undefined, 60],
  ])('lasts by its %s', (_, contact, expiresSeconds, seconds) => {
    const [phone] = phonesAfter(registrationOf({ contacts: [contact], expiresSeconds }));
    expect(phone?.expiresAt).toBe(NOW + seconds * 1_000);
  });

  test.each<[number, string, Partial<Registration>]>([
    [423, 'too short', { expiresSeconds: 59 }],
    [423, 'one of two too short', { contacts: ['<sip:a@h>', '<sip:b@h>;expires=5'] }],
    [400, 'no URI', { contacts: ['anna'] }],
    [400, 'empty', { contacts: [''] }],
    [400, 'another scheme', { contacts: ['<tel:+12025550123>'] }],
    [400, 'mail', { contacts: ['<mailto:anna@h>'] }],
    [400, 'headers in the URI', { contacts: ['<sip:a@h?Subject=x>'] }],
    [400, 'unclosed bracket', { contacts: ['<sip:a@h'] }],
    [400, 'overlong', { contacts: [`<sip:${'a'.repeat(600)}@h>`] }],
    [400, 'bad port', { contacts: ['<sip:a@h:99999>'] }],
    [400, 'too many', { contacts: Array.from({ length: 11 }, (_, n) => `<sip:a${n}@h>`) }],
    [400, 'too many in one value', { contacts: [Array(11).fill('<sip:a@h>').join(', ')] }],
    [400, 'star beside another', { contacts: ['*', '<sip:a@h>'], expiresSeconds: 0 }],
    [400, 'star with a time', { contacts: ['*'], expiresSeconds: 60 }],
    [400, 'star without Expires', { contacts: ['*'], expiresSeconds: undefined }],
    [400, 'no Call-ID', { callId: '' }],
    [400, 'overlong Call-ID', { callId: 'x'.repeat(300) }],
    [400, 'a CSeq that is none', { cseq: Number.NaN }],
  ])('%d: %s', (status, _, changes) => {
    expect(statusOf([], changes)).toBe(status);
  });

  test('without contacts asks only', () => {
    const phones = phonesAfter(registrationOf());
    const update = applyRegistration(phones, registrationOf({ contacts: [] }), LIMITS, NOW);
    expect(update).toEqual({ status: 200, phones, changed: false });
  });

  test('renews the same phone, however its URI is spelled', () => {
    const phones = phonesAfter(
      registrationOf({ contacts: ['"Anna" <sip:anna@Host.Example:5070;transport=udp>;q=0.5'] }),
      registrationOf({ contacts: ['<sip:%61nna@host.example:5070;transport=UDP>'], cseq: 2 }),
    );
    expect(phones.map(({ cseq }) => cseq)).toEqual([2]);
  });

  test('keeps several phones, the newest first, and no more than ten', () => {
    const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
    const registrations = numbers.map((n) =>
      registrationOf({ contacts: [`<sip:anna@127.0.0.1:${5_000 + n}>`], callId: `phone-${n}` }),
    );
    const ports = phonesAfter(...registrations).map(({ uri }) => Number(uri.slice(-4)));
    expect(ports).toEqual([5012, 5011, 5010, 5009, 5008, 5007, 5006, 5005, 5004, 5003]);
  });

  test.each([
    ['one of two', ['<sip:b@h>;expires=0'], ['sip:a@h']],
    ['all by star', ['*'], []],
    ['one that is not there', ['<sip:c@h>;expires=0'], ['sip:a@h', 'sip:b@h']],
  ])('removes %s', (_, contacts, left) => {
    const phones = phonesAfter(
      registrationOf({ contacts: ['<sip:a@h>', '<sip:b@h>'] }),
      registrationOf({ contacts, expiresSeconds: 0, cseq: 2 }),
    );
    expect(phones.map(({ uri }) => uri)).toEqual(left);
  });

  test.each([
    ['renewing', {}],
    ['removing', { expiresSeconds: 0 }],
    ['removing all', { contacts: ['*'], expiresSeconds: 0 }],
    ['adding beside', { contacts: ['<sip:new@h>', '<sip:anna@127.0.0.1:5070>'] }],
  ])('%s out of order changes nothing: 500', (_, changes) => {
    const phones = phonesAfter(registrationOf({ cseq: 7 }));
    expect(statusOf(phones, { ...changes, cseq: 6 })).toBe(500);
    expect(statusOf(phones, { ...changes, cseq: 7 })).toBe(500);
    expect(statusOf(phones, { ...changes, cseq: 8 })).toBe(200);
    expect(statusOf(phones, { ...changes, cseq: 1, callId: 'after-reboot' })).toBe(200);
  });

  test('never throws, whatever the contact', () => {
    const contact = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...'<>"\\;,@:=?*%[] sip0a'.split('')) }),
      fc.string().map((text) => `<sip:${text}>;expires=${text}`),
    );
    fc.assert(
      fc.property(fc.array(contact, { maxLength: 4 }), (contacts) => {
        expect([200, 400, 423, 500]).toContain(statusOf([], { contacts }));
      }),
    );
  });
});

test('a contact of a response says how long it still lasts', () => {
  const [phone] = phonesAfter(
    registrationOf({ contacts: ['<sip:a@h;ob>;+sip.instance="<urn:x>"'] }),
  );
  if (phone === undefined) throw new Error('not registered');
  expect(formatContact(phone, NOW + 1)).toBe('<sip:a@h;ob>;expires=600');
  expect(formatContact(phone, NOW + 599_001)).toBe('<sip:a@h;ob>;expires=1');
  expect(formatContact(phone, NOW + 999_000)).toBe('<sip:a@h;ob>;expires=0');
});
