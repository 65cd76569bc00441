import { SPECIAL_RULES } from '../domain/numbering/plan.ts';
import type { ConfigDocument } from './document.ts';
import { find, findTexts, namesAt } from './patterns.ts';
import { valueAt } from './plain.ts';
import type { Problem } from './problem.ts';
import type { Documents } from './references.ts';
import { listNames } from './suggest.ts';

const TABLES = [
  'numbering/area-codes.yaml',
  'numbering/special-numbers.yaml',
  'numbering/calling-hours.yaml',
] as const;

/** Rules of the tables of `numbering/`, and between them and what `numbers.yaml` says of them. */
export function checkNumbering(documents: Documents): readonly Problem[] {
  const table = documents.get('numbering/area-codes.yaml');
  return [
    ...TABLES.flatMap((name) => goesOnAfterItsEnd(documents.get(name))),
    ...missingKinds(documents.get('numbering/special-numbers.yaml')),
    ...(table === undefined ? [] : [...areaCodesTwice(table), ...unknownRegions(documents, table)]),
  ];
}

/** Whatever comes after `complete` could be cut off and nobody would know. */
function goesOnAfterItsEnd(table: ConfigDocument | undefined): readonly Problem[] {
  if (table === undefined) return [];
  const names = find(table.data, '*').map(({ path }) => path[0]);
  if (!names.includes('complete') || names.at(-1) === 'complete') return [];
  const message = 'this is not the last line, so that a table cut off would not be known';
  const place = table.keyPlace(['complete']);
  return [
    { kind: 'wrong', ...place, value: undefined, message, allowed: 'at the end of the file' },
  ];
}

/** A kind without numbers is written down, so that none is lost by mistake: such numbers are called. */
function missingKinds(table: ConfigDocument | undefined): readonly Problem[] {
  if (table === undefined || !Array.isArray(valueAt(table.data, ['special']))) return [];
  const there = find(table.data, 'special.*.rule').map(({ value }) => value);
  const missing = SPECIAL_RULES.filter((rule) => !there.includes(rule));
  if (missing.length === 0) return [];
  return [
    {
      kind: 'wrong',
      ...table.place(['special']),
      value: undefined,
      message: `numbers of these kinds are missing, and would be called: ${missing.join(', ')}`,
      allowed: '{ rule: KIND, numbers: [BEGINNINGS] } for each; numbers: [] if that is meant',
    },
  ];
}

/** Keys of one map are told apart by YAML; these stand under different regions. */
function areaCodesTwice(table: ConfigDocument): readonly Problem[] {
  const first = new Map<string, string>();
  return find(table.data, 'regions.*.areaCodes.*').flatMap(({ path }): readonly Problem[] => {
    const code = String(path.at(-1));
    const region = String(path.at(1));
    const earlier = first.get(code);
    if (earlier === undefined) {
      first.set(code, region);
      return [];
    }
    const place = table.keyPlace(path);
    const message = 'this area code stands in two regions';
    return [{ kind: 'wrong', ...place, message, allowed: `once; it stands in ${earlier} already` }];
  });
}

function unknownRegions(documents: Documents, table: ConfigDocument): readonly Problem[] {
  const known = namesAt(table.data, 'regions');
  const numbers = documents.get('numbers.yaml');
  const hours = documents.get('numbering/calling-hours.yaml');
  if (known === undefined) return [];
  // Prices may also be given for countries outside of the plan, if they are called at all.
  const priced = [...known, ...abroad(numbers)];
  return [
    ...(numbers === undefined
      ? []
      : findTexts(numbers.data, 'callbackNumbers.allowRegions.*')
          .filter(({ value }) => !known.includes(value))
          .map(({ path, value }) => unknown(numbers.place(path), value, known))),
    ...unknownKeys(numbers, 'callbackNumbers.ceilings.cost.regions.*', priced),
    ...unknownKeys(hours, 'regions.*', priced),
  ];
}

function abroad(numbers: ConfigDocument | undefined): readonly string[] {
  if (numbers === undefined) return [];
  return find(numbers.data, 'callbackNumbers.allowCountries.*').map(({ path }) =>
    String(path.at(-1)),
  );
}

function unknownKeys(
  document: ConfigDocument | undefined,
  at: string,
  known: readonly string[],
): readonly Problem[] {
  if (document === undefined) return [];
  return find(document.data, at)
    .map(({ path }) => ({ place: document.keyPlace(path), name: String(path.at(-1)) }))
    .filter(({ name }) => !known.includes(name))
    .map(({ place, name }) => unknown(place, name, known));
}

function unknown(
  place: ReturnType<ConfigDocument['place']>,
  name: string,
  known: readonly string[],
): Problem {
  const allowed = `${listNames(name, known)} of numbering/area-codes.yaml`;
  return { kind: 'wrong', ...place, message: 'no such region', allowed };
}
