import { USUAL_KEYS } from '../domain/ivr/listener.ts';
import { find, findTexts } from './patterns.ts';
import { type Plain, valueAt } from './plain.ts';
import type { Problem } from './problem.ts';
import type { Documents } from './references.ts';

/** Every menu keeps the keys that mean the same everywhere, and leads to a person. */
export function checkUniversalKeys(documents: Documents): readonly Problem[] {
  return [...keysTaken(documents), ...menusWithoutPerson(documents)];
}

/** A menu may use such a key, but only for the very thing. */
function keysTaken(documents: Documents): readonly Problem[] {
  const menus = documents.get('menus.yaml');
  if (menus === undefined) return [];
  const meanings = new Map(
    (['repeat', 'person', 'slower'] as const).map((name) => {
      const written = valueAt(menus.data, ['everywhere', name]);
      return [typeof written === 'string' ? written : USUAL_KEYS[name], name] as const;
    }),
  );
  return find(menus.data, 'menus.*.keys.*').flatMap(({ path, value }): readonly Problem[] => {
    const key = path.at(-1);
    const meaning = typeof key === 'string' ? meanings.get(key) : undefined;
    if (meaning === undefined || means(value, meaning)) return [];
    return [
      {
        kind: 'wrong',
        ...menus.place(path),
        message: `this key means ${MEANING[meaning]} in every menu`,
        allowed: `another key, or another one for "${meaning}" under everywhere`,
      },
    ];
  });
}

const MEANING = {
  repeat: '"say it again"',
  person: '"a person"',
  slower: '"speak more slowly"',
} as const;

function means(action: Plain, meaning: keyof typeof MEANING): boolean {
  if (meaning === 'repeat') return action === 'repeat';
  return meaning === 'person' && valueAt(action, ['queue']) !== undefined;
}

/** Menus in which nobody could tell where a person is. */
function menusWithoutPerson(documents: Documents): readonly Problem[] {
  const menus = documents.get('menus.yaml');
  const numbers = documents.get('numbers.yaml');
  if (menus === undefined || numbers === undefined) return [];
  const everyNumber = find(numbers.data, 'numbers.*').length;
  if (findTexts(numbers.data, 'numbers.*.person').length === everyNumber) return [];
  return find(menus.data, 'menus.*').flatMap(({ path, value }): readonly Problem[] => {
    const leadsOn = ['menu', 'hangUp'].some(
      (to) => valueAt(value, ['exhausted', to]) !== undefined,
    );
    // Other faults of "exhausted" are told by themselves.
    if (!leadsOn || valueAt(value, ['person']) !== undefined) return [];
    return [
      {
        kind: 'wrong',
        ...menus.keyPlace(path),
        value: undefined,
        message: 'nobody can tell which queue leads to a person from here',
        allowed: 'person: QUEUE, here or with every number in numbers.yaml',
      },
    ];
  });
}
