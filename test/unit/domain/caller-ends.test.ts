import { describe, expect, test } from 'vitest';
import type { CallerEvent } from '../../../src/domain/call/caller.ts';
import { OnThePhone } from './on-the-phone.ts';

describe('a hang-up', () => {
  const HANG_UP: CallerEvent = { type: 'hungUp', by: 'party' };
  test.each<[string, (phone: OnThePhone) => OnThePhone, string, readonly string[]]>([
    ['in the menu', (phone) => phone, 'abandonedInMenu', []],
    ['at the offer', (phone) => phone.inLine(600), 'abandonedOnHold', ['leaveLine']],
    ['on hold', (phone) => phone.inLine(30), 'abandonedOnHold', ['leaveLine']],
    [
      'while the agent rings',
      (phone) => phone.inLine(30).tell({ type: 'assigned', agentId: 'a' }),
      'abandonedOnHold',
      ['stopRinging', 'leaveLine'],
    ],
    [
      'in talk',
      (phone) => phone.inLine(30).tell({ type: 'assigned', agentId: 'a' }, { type: 'talking' }),
      'served',
      ['endConversation'],
    ],
  ])('%s ends the call', (_name, act, outcome, undone) => {
    const phone = act(new OnThePhone());
    const before = phone.effects.length;
    phone.tell(HANG_UP);
    expect(phone.caller.state).toEqual({ phase: 'ended', outcome });
    expect(phone.effects.slice(before).map(({ type }) => type)).toEqual([...undone, 'ended']);
  });
});

describe('a hang-up while the ticket is saved', () => {
  test.each<[CallerEvent, string, readonly string[]]>([
    [{ type: 'ticketRegistered', ticketId: 'ticket-1' }, 'ticketTaken', ['ended']],
    [{ type: 'ticketFailed', because: 'store' }, 'failed', ['leaveLine', 'ended']],
  ])('ends the call by what becomes of the ticket: %o', (event, outcome, undone) => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('1');
    phone.tell({ type: 'hungUp', by: 'party' });
    const before = phone.effects.length;
    phone.tell(event);
    expect(phone.caller.state).toEqual({ phase: 'ended', outcome });
    expect(phone.effects.slice(before).map(({ type }) => type)).toEqual(undone);
  });
});

describe('a leg that is lost', () => {
  test.each<[string, (phone: OnThePhone) => OnThePhone, string]>([
    ['on hold', (phone) => phone.inLine(30), 'failed'],
    ['in the menu', (phone) => phone, 'failed'],
    [
      'in talk',
      (phone) => phone.inLine(30).tell({ type: 'assigned', agentId: 'a' }, { type: 'talking' }),
      'served',
    ],
    [
      'after the ticket was kept',
      (phone) =>
        phone
          .inLine(600)
          .hearsAll()
          .keys('1')
          .tell({ type: 'ticketRegistered', ticketId: 'ticket-1' }),
      'ticketTaken',
    ],
  ])('%s gives the outcome that is true', (_name, act, outcome) => {
    for (const by of ['failure', 'us'] as const) {
      const phone = act(new OnThePhone()).tell({ type: 'hungUp', by });
      expect(phone.caller.state).toEqual({ phase: 'ended', outcome });
    }
  });
});

test('sound that fails late does not cut a conversation', () => {
  const phone = new OnThePhone().inLine(30);
  phone.tell({ type: 'assigned', agentId: 'a' }, { type: 'talking' }, { type: 'mediaFailed' });
  expect(phone.phase).toBe('talking');
});

test('a fault of ours is said, and the place in line is given up', () => {
  const phone = new OnThePhone().inLine(30).tell({ type: 'ourFault' });
  expect(phone.said).toBe('service-error');
  expect(phone.did('leaveLine')).toBe(true);
  expect(phone.hearsAll().caller.state).toEqual({ phase: 'ended', outcome: 'failed' });
});
