import * as z from 'zod';
import { MAX_ENTRIES, minutes, name, named, promptList, whole } from './blocks.ts';

const hold = z.strictObject({
  announceEverySeconds: whole(10, 600, 'seconds').default(45),
  maxWaiting: whole(1, 100_000, 'callers').default(500).describe('Holders and callbacks together.'),
  fullPrompts: promptList.describe('Heard by callers above that; then the call ends.'),
});

const callback = z.strictObject({
  offered: z.boolean({ error: 'true or false' }).default(true),
  offerAboveSeconds: whole(0, 7200, 'seconds')
    .default(60)
    .describe('Offered when the estimated wait is at least this.'),
  maxOpenTickets: whole(0, 100_000, 'tickets').default(1000),
  ringSeconds: whole(5, 120, 'seconds')
    .default(30)
    .describe("The customer's telephone rings this long."),
  confirmSeconds: whole(2, 30, 'seconds').default(8).describe('Time to press 1.'),
  confirmTries: whole(1, 5).default(2).describe('Times the question is asked.'),
  maxAttempts: whole(1, 10).default(3).describe('Calls in all.'),
  retryMinutes: minutes(0, 1440).default(5),
  laterMinutes: minutes(0, 1440).default(30).describe('Pause when the customer asks for later.'),
});

const queue = z.strictObject({
  namePrompt: name.describe('What the queue is called, spoken.'),
  hours: name,
  expectedHandleSeconds: whole(1, 7200, 'seconds').default(300),
  agentRingSeconds: whole(5, 120, 'seconds').default(15),
  wrapUpSeconds: whole(0, 3600, 'seconds').default(20),
  hold,
  callback: callback.prefault({}),
});

/** `queues.yaml`. */
export const queuesFile = z.strictObject({ queues: named(name, queue, MAX_ENTRIES.queues) });
