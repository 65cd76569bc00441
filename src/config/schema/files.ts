import type * as z from 'zod';
import { agentsFile } from './agents.ts';
import { apiFile } from './api.ts';
import { hoursFile } from './hours.ts';
import { menusFile } from './menus.ts';
import { numbersFile } from './numbers.ts';
import { promptsFile } from './prompts.ts';
import { queuesFile } from './queues.ts';
import { systemFile } from './system.ts';
import { trunksFile } from './trunks.ts';

/** The files of a configuration and what each may hold. */
export const FILE_SCHEMAS = {
  'system.yaml': systemFile,
  'numbers.yaml': numbersFile,
  'menus.yaml': menusFile,
  'prompts.yaml': promptsFile,
  'hours.yaml': hoursFile,
  'queues.yaml': queuesFile,
  'agents.yaml': agentsFile,
  'trunks.yaml': trunksFile,
  'api.yaml': apiFile,
} as const;

export type FileName = keyof typeof FILE_SCHEMAS;

/** In the order in which problems are told. */
export const FILE_NAMES = Object.keys(FILE_SCHEMAS) as readonly FileName[];

/** What each file held, once it is known to be good. */
export type FileContents = { readonly [Name in FileName]: z.output<(typeof FILE_SCHEMAS)[Name]> };
