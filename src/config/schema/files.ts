import type * as z from 'zod';
import { agentsFile } from './agents.ts';
import { apiFile } from './api.ts';
import { hoursFile } from './hours.ts';
import { menusFile } from './menus.ts';
import { areaCodesFile, callingHoursFile, specialNumbersFile } from './numbering.ts';
import { numbersFile } from './numbers.ts';
import { promptsFile } from './prompts.ts';
import { queuesFile } from './queues.ts';
import { systemFile } from './system.ts';
import { trunksFile } from './trunks.ts';

/** Folder of the tables of the numbering plan, below the configuration's own. */
export const NUMBERING_FOLDER = 'numbering';

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
  'numbering/area-codes.yaml': areaCodesFile,
  'numbering/special-numbers.yaml': specialNumbersFile,
  'numbering/calling-hours.yaml': callingHoursFile,
} as const;

export type FileName = keyof typeof FILE_SCHEMAS;

/** In the order in which problems are told. */
export const FILE_NAMES = Object.keys(FILE_SCHEMAS) as readonly FileName[];

/** What each file held, once it is known to be good. */
export type FileContents = { readonly [Name in FileName]: z.output<(typeof FILE_SCHEMAS)[Name]> };
