import * as z from 'zod';
import { MAX_ENTRIES, name, named, promptList, whole } from './blocks.ts';
import { callback } from './callback.ts';

const hold = z.strictObject({
  announceEverySeconds: whole(10, 600, 'seconds').default(45),
  maxWaiting: whole(1, 100_000, 'callers').default(500).describe('Holders and callbacks together.'),
  fullPrompts: promptList.describe('Heard by callers above that; then the call ends.'),
});

const queue = z.strictObject({
  namePrompt: name.describe('What the queue is called, spoken.'),
  hours: name,
  skills: z
    .array(name)
    .max(10, { error: 'at most 10 skills' })
    .default([])
    .describe('What an agent must know to take its callers.'),
  expectedHandleSeconds: whole(1, 7200, 'seconds').default(300),
  agentRingSeconds: whole(5, 120, 'seconds').default(15),
  wrapUpSeconds: whole(0, 3600, 'seconds').default(20),
  whisper: z
    .boolean({ error: 'true or false' })
    .default(true)
    .describe('Agents hear who is coming before they are joined.'),
  hold,
  callback: callback.prefault({}),
});

/** `queues.yaml`. */
export const queuesFile = z.strictObject({ queues: named(name, queue, MAX_ENTRIES.queues) });
