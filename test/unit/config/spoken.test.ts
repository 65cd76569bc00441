import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../../src/config/load.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import { configFolder, ENVIRONMENT, load, problems, SAMPLE } from './folder.ts';

describe('languages', () => {
  const menus = (keys: string) => `
menus:
  main:
    prompts: [main-menu]
    keys: { ${keys} }
    timeoutPrompt: timeout
    invalidPrompt: invalid-key
    exhausted: { queue: general }
`;
  const TO_SPANISH = '"8": { menu: main, language: es }';

  /** The sample, which speaks both, with other menus. */
  async function sampleWith(text: string): Promise<string> {
    const folder = await configFolder();
    for (const file of ['prompts', 'numbers']) {
      await cp(join(SAMPLE, `${file}.yaml`), join(folder, `${file}.yaml`));
    }
    await writeFile(join(folder, 'menus.yaml'), text);
    return folder;
  }

  it('are English unless a number says otherwise', async () => {
    const folder = await sampleWith(menus('"1": { queue: refunds }'));
    expect((await load(folder)).entryPoints.get('+18005550100')?.language).toBe('en');
    const numbers = await readFile(join(folder, 'numbers.yaml'), 'utf8');
    const spanish = numbers.replace('# language: es', 'language: es');
    await writeFile(join(folder, 'numbers.yaml'), spanish);
    const configuration = await load(folder);
    expect(configuration.entryPoints.get('+18005550100')?.language).toBe('es');
    expect(configuration.language).toBe('en');
    expect(configuration.languages).toEqual(['en', 'es']);
  });

  it('are those of texts, said by the speaker of another one where told so', async () => {
    const { prompts } = await load(await sampleWith(menus('"1": { queue: refunds }')));
    expect(prompts.get('goodbye')?.texts.get('es')).toBe('Gracias por llamar. Adiós.');
    expect(prompts.get('other-language')?.texts.get('en')).toBe('Para español, oprima 8.');
  });

  it('in use need a text in each prompt', async () => {
    const folder = await sampleWith(menus(TO_SPANISH));
    const path = join(folder, 'prompts.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('    es: Gracias por llamar. Adiós.\n', ''));
    expect(formatProblems(await problems(folder)).replaceAll(folder, 'config')).toMatch(
      /prompts\.goodbye: has no text in es, a language in use\n .*\n {2}allowed: es: TEXT$/u,
    );
  });

  it('nobody wrote for are told in one sentence', async () => {
    const folder = await configFolder();
    await writeFile(join(folder, 'menus.yaml'), menus(TO_SPANISH));
    expect(formatProblems(await problems(folder))).toMatch(
      /prompts: \d+ prompts have no text in es, a language in use: greeting, .* more\n/u,
    );
  });

  it('need their sounds at both paces', async () => {
    const folder = await sampleWith(menus(TO_SPANISH));
    const sounds = join(folder, 'sounds');
    await mkdir(sounds);
    for (const voice of ['en', 'en-slow', 'es']) {
      await symlink(join(ENVIRONMENT.LINEKEEPER_SOUNDS, voice), join(sounds, voice));
    }
    const found = await problems(folder, { LINEKEEPER_SOUNDS: sounds });
    const messages = found.map(({ message }) => message.replace(sounds, 'sounds'));
    const missing = (sound: string) => `its sound sounds/es-slow/${sound} cannot be read (ENOENT)`;
    expect(messages).toContain(missing('prompts/goodbye.wav'));
    expect(messages).toContain(missing('weekdays/mon.wav'));
    expect(messages.filter((message) => !message.includes('/es-slow/'))).toEqual([]);
  });
});

describe('the keys that mean the same everywhere', () => {
  const MENU = `
    prompts: [main-menu]
    timeoutPrompt: timeout
    invalidPrompt: invalid-key
`;

  async function problemsOf(menus: string): Promise<string> {
    const folder = await configFolder();
    const numbers = await readFile(join(folder, 'numbers.yaml'), 'utf8');
    await writeFile(join(folder, 'numbers.yaml'), numbers.replace('menu: other', 'menu: main'));
    await writeFile(join(folder, 'menus.yaml'), menus);
    const result = await loadConfiguration(folder, ENVIRONMENT);
    return result.ok ? '' : formatProblems(result.problems).replaceAll(folder, 'config');
  }

  it.each<[string, string, RegExp | '']>([
    ['"*": repeat, "0": { queue: refunds }', '', ''],
    ['"*": { queue: refunds }', '', /keys\.\*: this key means "say it again" in every menu/u],
    ['"#": repeat', '', /keys\.#: this key means "speak more slowly" in every menu/u],
    ['"0": { menu: main }', '', /keys\.0: this key means "a person" in every menu/u],
    ['"#": repeat', 'everywhere: { slower: "*", repeat: "#" }', ''],
    [
      '"1": repeat',
      'everywhere: { slower: "*" }',
      /everywhere: .*\n(?:.*\n)?.*another key for each/u,
    ],
  ])('with keys { %s } and "%s"', async (keys, everywhere, expected) => {
    const text = `${everywhere}\nmenus:\n  main:${MENU}    keys: { ${keys} }\n    exhausted: { queue: general }\n`;
    const found = await problemsOf(text);
    if (expected === '') expect(found).toBe('');
    else expect(found).toMatch(expected);
  });

  it('lead to a person from every menu', async () => {
    const text = `menus:\n  main:${MENU}    keys: {}\n    exhausted: { hangUp: [goodbye] }\n`;
    expect(await problemsOf(text)).toMatch(
      /menus\.main: nobody can tell which queue leads to a person from here/u,
    );
    expect(await problemsOf(text.replace('keys:', 'person: general\n    keys:'))).toBe('');
    expect(await problemsOf(text.replace('keys:', 'person: nobody\n    keys:'))).toMatch(
      /menus\.main\.person: no queue has this name/u,
    );
  });
});
