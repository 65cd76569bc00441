import { expect, test } from 'vitest';
import { TicketTimers } from '../../../src/engine/callbacks/ticket-timers.ts';
import { WrapUpTimers } from '../../../src/engine/line/wrap-up-timers.ts';
import { ManualClock } from '../../support/manual-clock.ts';

test('no timer of a ticket is set after a stop: nothing keeps the process alive', () => {
  const clock = new ManualClock();
  const timers = new TicketTimers(clock, () => undefined);
  timers.start('ticket-1', 5000);
  timers.close();
  timers.start('ticket-2', 5000);
  expect(clock.pending).toBe(0);
});

test('no rest of an agent is timed after a stop', () => {
  const clock = new ManualClock();
  const timers = new WrapUpTimers(clock, () => undefined);
  const rest = { type: 'startWrapUp', until: 5000, soonAt: 3000 } as const;
  timers.start({ ...rest, agentId: 'alice' });
  timers.close();
  timers.start({ ...rest, agentId: 'bob' });
  expect(clock.pending).toBe(0);
});
