import { USUAL_CALLBACKS } from '../domain/callback/settings.ts';
import type { ConfigDocument } from './document.ts';
import { checkNumbering } from './numbering-rules.ts';
import { find, findTexts, namesAt } from './patterns.ts';
import { type Path, type Plain, valueAt } from './plain.ts';
import type { Problem } from './problem.ts';
import { checkPrompts } from './prompt-rules.ts';
import type { Documents } from './references.ts';
import { DEFAULT_SHORT_CODES } from './schema/agents.ts';
import type { FileName } from './schema/files.ts';
import { parseRange } from './schema/hours.ts';
import { normalNumber } from './telephone-number.ts';
import { checkUniversalKeys } from './universal-keys.ts';

/** What the schemas cannot see: rules between several values. Works on whatever could be read. */
export function checkRules(documents: Documents): readonly Problem[] {
  return [
    ...onFile(documents, 'numbers.yaml', duplicateNumbers),
    ...onFile(documents, 'menus.yaml', endlessMenus),
    ...unreachableMenus(documents),
    ...checkPrompts(documents),
    ...checkUniversalKeys(documents),
    ...onFile(documents, 'hours.yaml', overlappingRanges),
    ...onFile(documents, 'agents.yaml', duplicateShortCodes),
    ...onFile(documents, 'agents.yaml', duplicateQueues),
    ...onFile(documents, 'queues.yaml', thresholdsCrossed),
    ...sharedSipUsers(documents),
    ...checkNumbering(documents),
  ];
}

function onFile(
  documents: Documents,
  name: FileName,
  rule: (document: ConfigDocument) => readonly Problem[],
): readonly Problem[] {
  const document = documents.get(name);
  return document === undefined ? [] : rule(document);
}

function duplicateNumbers(document: ConfigDocument): readonly Problem[] {
  return duplicates(
    document,
    findTexts(document.data, 'numbers.*.dnis'),
    'this number is used twice',
    normalNumber,
  );
}

function duplicateShortCodes(document: ConfigDocument): readonly Problem[] {
  const message = 'this code is used twice';
  const given = findTexts(document.data, 'shortCodes.*');
  const names = given.map(({ path }) => path.at(-1));
  const others = Object.entries(DEFAULT_SHORT_CODES).filter(([name]) => !names.includes(name));
  const taken = new Map(others.map(([name, code]) => [code, name]));
  const clashes = given
    .filter(({ value }) => taken.has(value))
    .map(({ path, value }): Problem => {
      const allowed = `another one; ${taken.get(value) ?? ''} has it when left out`;
      return { kind: 'wrong', ...document.place(path), message, allowed };
    });
  return [...duplicates(document, given, message), ...clashes];
}

function duplicateQueues(document: ConfigDocument): readonly Problem[] {
  return find(document.data, 'agents.*.queues').flatMap(({ path, value }) => {
    const queues = findTexts(value, '*').map((one) => ({ ...one, path: [...path, ...one.path] }));
    return duplicates(document, queues, 'this queue is named twice');
  });
}

function duplicates(
  document: ConfigDocument,
  found: readonly { readonly path: Path; readonly value: string }[],
  message: string,
  same: (value: string) => string = (value) => value,
): readonly Problem[] {
  const first = new Map<string, Path>();
  return found.flatMap(({ path, value }): readonly Problem[] => {
    const earlier = first.get(same(value));
    if (earlier === undefined) {
      first.set(same(value), path);
      return [];
    }
    const place = document.place(earlier);
    const allowed = `another one; it stands first in line ${place.line ?? '?'} (${place.setting})`;
    return [{ kind: 'wrong', ...document.place(path), message, allowed }];
  });
}

/** Menus whose `exhausted` leads in a circle: a silent caller would never leave it. Each circle once. */
function endlessMenus(document: ConfigDocument): readonly Problem[] {
  const told = new Set<string>();
  return (namesAt(document.data, 'menus') ?? []).flatMap((start): readonly Problem[] => {
    const circle = circleFrom(document.data, start);
    if (circle === undefined || told.has(start)) return [];
    for (const menu of circle) told.add(menu);
    return [
      {
        kind: 'wrong',
        ...document.place(['menus', start, 'exhausted']),
        message: `leads in a circle: ${[...circle, start].join(', ')}`,
        allowed: 'a way that ends in a queue or hangUp',
      },
    ];
  });
}

/** The menus passed from `start` back to it by `exhausted` alone; undefined if it ends elsewhere. */
function circleFrom(menus: Plain, start: string): readonly string[] | undefined {
  const passed = [start];
  for (;;) {
    const next = valueAt(menus, ['menus', passed.at(-1) ?? start, 'exhausted', 'menu']);
    if (next === start) return passed;
    if (typeof next !== 'string' || passed.includes(next)) return undefined;
    passed.push(next);
  }
}

function unreachableMenus(documents: Documents): readonly Problem[] {
  const numbers = documents.get('numbers.yaml');
  const menus = documents.get('menus.yaml');
  if (numbers === undefined || menus === undefined) return [];
  const names = namesAt(menus.data, 'menus') ?? [];
  const reached = new Set<string>();
  const ahead = findTexts(numbers.data, 'numbers.*.menu').map(({ value }) => value);
  for (let menu = ahead.pop(); menu !== undefined; menu = ahead.pop()) {
    // While a name is wrong nobody can tell which menu it was to lead to.
    if (!names.includes(menu)) return [];
    if (reached.has(menu)) continue;
    reached.add(menu);
    ahead.push(...leadsTo(menus.data, menu));
  }
  return names
    .filter((menu) => !reached.has(menu))
    .map((menu) => ({
      kind: 'wrong',
      ...menus.keyPlace(['menus', menu]),
      message: 'no number and no other menu leads here',
      allowed: 'a key that leads to it, or no such menu',
    }));
}

function leadsTo(menus: Plain, menu: string): readonly string[] {
  return ['keys.*.menu', 'exhausted.menu']
    .flatMap((at) => findTexts(valueAt(menus, ['menus', menu]) ?? null, at))
    .map(({ value }) => value);
}

function overlappingRanges(document: ConfigDocument): readonly Problem[] {
  return find(document.data, 'hours.*.week.*').flatMap(({ path, value }): readonly Problem[] => {
    if (!Array.isArray(value)) return [];
    const ranges = value.map((text) => (typeof text === 'string' ? parseRange(text) : undefined));
    return ranges.flatMap((range, index): readonly Problem[] => {
      if (range === undefined) return [];
      const other = ranges.findIndex(
        (earlier, at) =>
          at < index &&
          earlier !== undefined &&
          earlier.fromMinute < range.toMinute &&
          range.fromMinute < earlier.toMinute,
      );
      if (other === -1) return [];
      const message = `overlaps ${JSON.stringify(value[other])} of the same day`;
      return [
        {
          kind: 'wrong',
          ...document.place([...path, index]),
          message,
          allowed: 'ranges apart from each other',
        },
      ];
    });
  });
}

/** An offer that would end above where it begins would come and go with every caller. */
function thresholdsCrossed(document: ConfigDocument): readonly Problem[] {
  const offers = [
    ...find(document.data, 'queues.*.callback.offer'),
    ...find(document.data, 'queues.*.callback.offer.busyHours.*'),
  ];
  return offers.flatMap(({ path, value }): readonly Problem[] => {
    const above = valueAt(value, ['aboveSeconds']) ?? USUAL_CALLBACKS.offer.aboveSeconds;
    const below = valueAt(value, ['belowSeconds']);
    if (typeof above !== 'number' || typeof below !== 'number' || below <= above) return [];
    return [
      {
        kind: 'wrong',
        ...document.place([...path, 'belowSeconds']),
        message: 'is more than aboveSeconds',
        allowed: `at most ${above}`,
      },
    ];
  });
}

/** An agent and a trunk with the same SIP user could not be told apart. */
function sharedSipUsers(documents: Documents): readonly Problem[] {
  const trunks = documents.get('trunks.yaml');
  const agents = documents.get('agents.yaml');
  if (trunks === undefined) return [];
  const users = findTexts(trunks.data, 'trunks.*.inbound.digest.user');
  const agentNames = agents === undefined ? [] : (namesAt(agents.data, 'agents') ?? []);
  const shared = users
    .filter(({ value }) => agentNames.includes(value))
    .map(
      ({ path }): Problem => ({
        kind: 'wrong',
        ...trunks.place(path),
        message: 'an agent has this name too',
        allowed: 'a user that no agent has',
      }),
    );
  return [...duplicates(trunks, users, 'another trunk has this user'), ...shared];
}
