import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../../src/config/json-schema.ts';
import { FILE_NAMES } from '../../../src/config/schema/files.ts';
import { SAMPLE } from './folder.ts';

const FOLDER = join(SAMPLE, 'schema');

describe("the editors' schemas", () => {
  it('are those of the program; after a change run "npm run schema"', async () => {
    expect(await readdir(FOLDER)).toEqual([...jsonSchemas().keys()].toSorted());
    for (const [name, text] of jsonSchemas()) {
      expect(await readFile(join(FOLDER, name), 'utf8'), name).toBe(text);
    }
  });

  it('are named in the first line of each sample file', async () => {
    for (const file of FILE_NAMES) {
      const [first] = (await readFile(join(SAMPLE, file), 'utf8')).split('\n');
      const folder = file.includes('/') ? '../schema' : './schema';
      const schema = file.replace('/', '-').replace('.yaml', '.schema.json');
      expect(first).toBe(`# yaml-language-server: $schema=${folder}/${schema}`);
    }
  });
});
