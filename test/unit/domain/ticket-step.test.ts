import { describe, expect, test } from 'vitest';
import type { AttemptCause, Ticket } from '../../../src/domain/callback/ticket.ts';
import {
  hasEnded,
  MAX_ATTEMPT_RECORDS,
  stepTicket,
  type TicketEvent,
} from '../../../src/domain/callback/ticket-step.ts';
import { IllegalMove } from '../../../src/domain/illegal-move.ts';
import type { CallbackSettings } from '../../../src/domain/queue/settings.ts';

const settings: CallbackSettings = {
  offered: true,
  offerAboveSeconds: 60,
  maxOpenTickets: 10,
  ringSeconds: 30,
  confirmSeconds: 8,
  confirmTries: 2,
  maxAttempts: 3,
  retryMinutes: 10,
  laterMinutes: 30,
};

const NEW: Ticket = {
  id: 'ticket-1',
  queue: 'refunds',
  number: '+12025550123',
  dnis: '+18005550100',
  callId: 'call-1',
  arrivedAt: 0,
  arrivalSequence: 1,
  registeredAt: 5,
  consent: { key: '1', source: 'ani', at: 5 },
  state: { name: 'waiting', notBefore: 10 },
  attempts: [],
};

const NOW = 1_000_000;
const DIAL: TicketEvent = { type: 'dial', agentId: 'alice' };

function after(ticket: Ticket, ...events: TicketEvent[]): Ticket {
  return events.reduce((each, event) => stepTicket(each, event, settings, NOW), ticket);
}

function attempt(ticket: Ticket, cause: AttemptCause): Ticket {
  return after(ticket, DIAL, { type: 'attemptEnded', cause });
}

describe('a ticket', () => {
  test('is connected after the customer confirmed', () => {
    const ticket = after(NEW, DIAL, { type: 'confirmed' }, { type: 'connected' });
    expect(ticket.state).toEqual({ name: 'connected', agentId: 'alice', at: NOW });
    expect(ticket.attempts).toEqual([
      { startedAt: NOW, endedAt: NOW, cause: 'connected', agentId: 'alice' },
    ]);
    expect(hasEnded(ticket)).toBe(true);
  });

  test.each<[AttemptCause, number]>([
    ['busy', 10],
    ['noAnswer', 10],
    ['declined', 10],
    ['noKey', 10],
    ['hungUp', 10],
    ['choseLater', 30],
    ['congestion', 1],
    ['carrierFailure', 1],
    ['ourFailure', 1],
    ['interrupted', 0],
  ])('waits after %s for %i minutes', (cause, minutes) => {
    const ticket = attempt(NEW, cause);
    expect(ticket.state).toEqual({ name: 'waiting', notBefore: NOW + minutes * 60_000 });
    expect(ticket.attempts.map((each) => each.cause)).toEqual([cause]);
  });

  test('ends after the configured attempts, with the last cause', () => {
    const twice = attempt(attempt(NEW, 'busy'), 'noAnswer');
    expect(twice.state.name).toBe('waiting');
    expect(attempt(twice, 'noKey').state).toEqual({ name: 'exhausted', at: NOW, cause: 'noKey' });
  });

  test("the carrier's and our own failures cost no attempt, yet not for ever", () => {
    let ticket = NEW;
    for (let count = 1; count < MAX_ATTEMPT_RECORDS; count += 1) {
      ticket = attempt(ticket, 'carrierFailure');
      expect(ticket.state.name).toBe('waiting');
    }
    expect(attempt(ticket, 'carrierFailure').state.name).toBe('exhausted');
  });

  test('outlasts an outage of six hours, yet is tried again a minute after a short one', () => {
    let ticket = NEW;
    const pausesMs: number[] = [];
    while (ticket.attempts.length < MAX_ATTEMPT_RECORDS - 1) {
      ticket = attempt(ticket, 'ourFailure');
      if (ticket.state.name === 'waiting') pausesMs.push(ticket.state.notBefore - NOW);
    }
    expect(pausesMs.slice(0, 3)).toEqual([60_000, 120_000, 240_000]);
    expect(pausesMs.reduce((sum, each) => sum + each)).toBeGreaterThan(6 * 3_600_000);
  });

  test('after another cause the pause for faults is short again', () => {
    const ticket = attempt(attempt(attempt(NEW, 'ourFailure'), 'busy'), 'ourFailure');
    expect(ticket.state).toEqual({ name: 'waiting', notBefore: NOW + 60_000 });
  });

  test('is cancelled by the customer', () => {
    expect(attempt(NEW, 'choseCancel').state).toEqual({ name: 'cancelled', at: NOW, by: 'callee' });
  });

  test('keeps its place and who it is for through every attempt', () => {
    const { state: _state, attempts: _attempts, ...kept } = attempt(NEW, 'busy');
    expect(NEW).toMatchObject(kept);
  });

  test.each<[string, Ticket, TicketEvent]>([
    ['dialled twice at once', after(NEW, DIAL), DIAL],
    ['connected while waiting', NEW, { type: 'connected' }],
    ['confirmed while waiting', NEW, { type: 'confirmed' }],
    ['dialled after its end', attempt(NEW, 'choseCancel'), DIAL],
    ['cancelled by an operator while dialling', after(NEW, DIAL), { type: 'cancelledByOperator' }],
  ])('can not be %s', (_name, ticket, event) => {
    expect(() => after(ticket, event)).toThrow(IllegalMove);
  });
});
