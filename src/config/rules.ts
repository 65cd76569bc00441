import type { Language } from './configuration.ts';
import type { ConfigDocument } from './document.ts';
import { find, findTexts, namesAt } from './patterns.ts';
import { type Path, type Plain, settingOf, valueAt } from './plain.ts';
import type { Problem } from './problem.ts';
import type { Documents } from './references.ts';
import type { FileName } from './schema/files.ts';
import { parseRange } from './schema/hours.ts';
import { SYSTEM_PROMPTS } from './spoken-parts.ts';
import { suggest } from './suggest.ts';
import { normalNumber } from './telephone-number.ts';

/** What the schemas cannot see: rules between several values. Works on whatever could be read. */
export function checkRules(documents: Documents, language: Language): readonly Problem[] {
  return [
    ...onFile(documents, 'numbers.yaml', duplicateNumbers),
    ...onFile(documents, 'menus.yaml', (menus) => endlessMenus(menus)),
    ...unreachableMenus(documents),
    ...onFile(documents, 'prompts.yaml', (prompts) => missingPrompts(prompts, language)),
    ...onFile(documents, 'hours.yaml', overlappingRanges),
    ...onFile(documents, 'agents.yaml', duplicateShortCodes),
    ...onFile(documents, 'agents.yaml', duplicateQueues),
    ...sharedSipUsers(documents),
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
  return duplicates(document, findTexts(document.data, 'shortCodes.*'), 'this code is used twice');
}

function duplicateQueues(document: ConfigDocument): readonly Problem[] {
  return find(document.data, 'agents.*.queues').flatMap(({ path }) => {
    const queues = findTexts(document.data, `${path.join('.')}.*`);
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

/** Menus whose `exhausted` leads in a circle: a silent caller would never leave it. */
function endlessMenus(document: ConfigDocument): readonly Problem[] {
  return namesAt(document.data, 'menus').flatMap((start): readonly Problem[] => {
    const seen = [start];
    for (let menu = next(start); menu !== undefined; menu = next(menu)) {
      if (menu === start) {
        const path = ['menus', start, 'exhausted'];
        const message = `leads in a circle: ${[...seen, start].join(', ')}`;
        return [
          {
            kind: 'wrong',
            ...document.place(path),
            message,
            allowed: 'a way that ends in a queue or hangUp',
          },
        ];
      }
      if (seen.includes(menu)) return [];
      seen.push(menu);
    }
    return [];
  });

  function next(menu: string): string | undefined {
    const value = valueAt(document.data, ['menus', menu, 'exhausted', 'menu']);
    return typeof value === 'string' ? value : undefined;
  }
}

function unreachableMenus(documents: Documents): readonly Problem[] {
  const numbers = documents.get('numbers.yaml');
  const menus = documents.get('menus.yaml');
  if (numbers === undefined || menus === undefined) return [];
  const reached = new Set<string>();
  const ahead = findTexts(numbers.data, 'numbers.*.menu').map(({ value }) => value);
  for (let menu = ahead.pop(); menu !== undefined; menu = ahead.pop()) {
    if (reached.has(menu)) continue;
    reached.add(menu);
    ahead.push(...leadsTo(menus.data, menu));
  }
  return namesAt(menus.data, 'menus')
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

/** Prompts that the program speaks but nobody wrote, and prompts without the language in use. */
function missingPrompts(document: ConfigDocument, language: Language): readonly Problem[] {
  const names = namesAt(document.data, 'prompts');
  const absent = SYSTEM_PROMPTS.filter((prompt) => !names.includes(prompt)).map(
    (prompt): Problem => {
      const meant = suggest(
        prompt,
        names.filter((name) => !SYSTEM_PROMPTS.some((known) => known === name)),
      );
      return {
        kind: 'wrong',
        ...document.place(['prompts']),
        setting: settingOf(['prompts', prompt]),
        value: undefined,
        message: `the prompt ${prompt} is missing; callers hear it from the program itself`,
        allowed:
          meant === undefined
            ? 'a text under this name'
            : `a text under this name (is ${meant} meant to be it?)`,
      };
    },
  );
  const silent = find(document.data, 'prompts.*').flatMap(({ path, value }): readonly Problem[] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    if (Object.hasOwn(value, language)) return [];
    const message = `has no text in ${language}, the language in use`;
    return [{ kind: 'wrong', ...document.place(path), message, allowed: `${language}: TEXT` }];
  });
  return [...absent, ...silent];
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

/** An agent and a trunk with the same SIP user could not be told apart. */
function sharedSipUsers(documents: Documents): readonly Problem[] {
  const trunks = documents.get('trunks.yaml');
  const agents = documents.get('agents.yaml');
  if (trunks === undefined) return [];
  const users = findTexts(trunks.data, 'trunks.*.inbound.digest.user');
  const agentNames = agents === undefined ? [] : namesAt(agents.data, 'agents');
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
