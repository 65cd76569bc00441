import type { ConfigDocument } from './document.ts';
import { findTexts, namesAt, type Pattern } from './patterns.ts';
import type { Problem } from './problem.ts';
import type { FileName } from './schema/files.ts';
import { listNames } from './suggest.ts';

/** The files that could be read. */
export type Documents = ReadonlyMap<FileName, ConfigDocument>;

type Kind = 'prompt' | 'menu' | 'queue' | 'hours';

/** Where the names of each kind are given. */
const DEFINITIONS: Readonly<Record<Kind, Pattern>> = {
  prompt: { file: 'prompts.yaml', at: 'prompts' },
  menu: { file: 'menus.yaml', at: 'menus' },
  queue: { file: 'queues.yaml', at: 'queues' },
  hours: { file: 'hours.yaml', at: 'hours' },
};

/** Every place where one of them is used. */
const USES: readonly (Pattern & { readonly kind: Kind })[] = [
  { kind: 'prompt', file: 'numbers.yaml', at: 'numbers.*.namePrompt' },
  { kind: 'prompt', file: 'numbers.yaml', at: 'numbers.*.greeting.*' },
  { kind: 'prompt', file: 'numbers.yaml', at: 'numbers.*.closedPrompts.*' },
  { kind: 'menu', file: 'numbers.yaml', at: 'numbers.*.menu' },
  { kind: 'hours', file: 'numbers.yaml', at: 'numbers.*.hours' },
  { kind: 'queue', file: 'numbers.yaml', at: 'numbers.*.person' },
  { kind: 'queue', file: 'numbers.yaml', at: 'numbers.*.accessible.queue' },
  { kind: 'prompt', file: 'menus.yaml', at: 'menus.*.prompts.*' },
  { kind: 'prompt', file: 'menus.yaml', at: 'menus.*.timeoutPrompt' },
  { kind: 'prompt', file: 'menus.yaml', at: 'menus.*.invalidPrompt' },
  { kind: 'menu', file: 'menus.yaml', at: 'menus.*.keys.*.menu' },
  { kind: 'queue', file: 'menus.yaml', at: 'menus.*.person' },
  { kind: 'queue', file: 'menus.yaml', at: 'menus.*.keys.*.queue' },
  { kind: 'prompt', file: 'menus.yaml', at: 'menus.*.keys.*.hangUp.*' },
  { kind: 'menu', file: 'menus.yaml', at: 'menus.*.exhausted.menu' },
  { kind: 'queue', file: 'menus.yaml', at: 'menus.*.exhausted.queue' },
  { kind: 'prompt', file: 'menus.yaml', at: 'menus.*.exhausted.hangUp.*' },
  { kind: 'prompt', file: 'queues.yaml', at: 'queues.*.namePrompt' },
  { kind: 'prompt', file: 'queues.yaml', at: 'queues.*.hold.fullPrompts.*' },
  { kind: 'hours', file: 'queues.yaml', at: 'queues.*.hours' },
  { kind: 'queue', file: 'agents.yaml', at: 'agents.*.queues.*' },
  { kind: 'queue', file: 'api.yaml', at: 'webhooks.*.queues.*' },
];

const NOUN: Readonly<Record<Kind, string>> = {
  prompt: 'no prompt has this name',
  menu: 'no menu has this name',
  queue: 'no queue has this name',
  hours: 'no opening hours have this name',
};

/**
 * Names used that nobody defined. Where the defining file could not be read nothing is said, since
 * every use would be wrong for that one reason.
 */
export function checkReferences(documents: Documents): readonly Problem[] {
  return USES.flatMap(({ kind, file, at }) => {
    const users = documents.get(file);
    const definition = DEFINITIONS[kind];
    const definer = documents.get(definition.file);
    if (users === undefined || definer === undefined) return [];
    const names = namesAt(definer.data, definition.at)?.toSorted();
    if (names === undefined) return [];
    return findTexts(users.data, at)
      .filter(({ value }) => !names.includes(value))
      .map(
        ({ path, value }): Problem => ({
          kind: 'wrong',
          ...users.place(path),
          message: NOUN[kind],
          allowed: `${listNames(value, names)}, or a new one in ${definition.file}`,
        }),
      );
  });
}
