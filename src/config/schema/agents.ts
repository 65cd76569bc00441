import * as z from 'zod';
import type { ShortCodes } from '../../domain/agent/settings.ts';
import {
  agentName,
  line,
  MAX_AGENTS,
  MAX_ENTRIES,
  MIN_SECRET_LENGTH,
  name,
  named,
  secret,
  whole,
} from './blocks.ts';

/** What agents dial unless operators say otherwise. */
export const DEFAULT_SHORT_CODES: ShortCodes = {
  ready: '*11',
  break: '*12',
  logOut: '*13',
  openLine: '*14',
};

const shortCode = z
  .string()
  .regex(/^\*\d{1,6}$/u, { error: 'a star and 1 to 6 digits, in quotes: "*11"' });

const MAX_SKILLS = 50;

const agent = z.strictObject({
  name: line(80).describe('As supervisors read it.'),
  queues: z
    .array(name)
    .min(1, { error: 'at least one queue' })
    .max(MAX_ENTRIES.queues, { error: `at most ${MAX_ENTRIES.queues} queues` }),
  levels: z
    .record(name, whole(1, 9))
    .default({})
    .describe('How well suited for a queue: 1 is asked first. A queue left out is 1.'),
  skills: z
    .array(name)
    .max(MAX_SKILLS, { error: `at most ${MAX_SKILLS} skills` })
    .default([])
    .describe('Languages by their id (es), and what queues ask for.'),
  secret: secret(MIN_SECRET_LENGTH),
});

/** `agents.yaml`. */
export const agentsFile = z.strictObject({
  shortCodes: z
    .strictObject({
      ready: shortCode.default(DEFAULT_SHORT_CODES.ready),
      break: shortCode.default(DEFAULT_SHORT_CODES.break),
      logOut: shortCode.default(DEFAULT_SHORT_CODES.logOut),
      openLine: shortCode.default(DEFAULT_SHORT_CODES.openLine),
    })
    .prefault({})
    .describe('What agents dial to change their state.'),
  agents: named(agentName, agent, MAX_AGENTS),
});
