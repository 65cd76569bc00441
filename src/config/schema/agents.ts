import * as z from 'zod';
import {
  agentName,
  line,
  MAX_AGENTS,
  MAX_ENTRIES,
  MIN_SECRET_LENGTH,
  name,
  named,
  secret,
} from './blocks.ts';

const shortCode = z
  .string()
  .regex(/^\*\d{1,6}$/u, { error: 'a star and 1 to 6 digits, in quotes: "*11"' });

const agent = z.strictObject({
  name: line(80).describe('As supervisors read it.'),
  queues: z
    .array(name)
    .min(1, { error: 'at least one queue' })
    .max(MAX_ENTRIES.queues, { error: `at most ${MAX_ENTRIES.queues} queues` }),
  secret: secret(MIN_SECRET_LENGTH),
});

/** `agents.yaml`. */
export const agentsFile = z.strictObject({
  shortCodes: z
    .strictObject({
      ready: shortCode.default('*11'),
      break: shortCode.default('*12'),
      logOut: shortCode.default('*13'),
      openLine: shortCode.default('*14'),
    })
    .prefault({})
    .describe('What agents dial to change their state.'),
  agents: named(agentName, agent, MAX_AGENTS),
});
