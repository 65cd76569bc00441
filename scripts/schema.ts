/** `npm run schema`: writes the JSON schemas of the configuration's files for editors. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonSchemas } from '../src/config/json-schema.ts';

const folder = join(import.meta.dirname, '..', 'config', 'schema');
await mkdir(folder, { recursive: true });
for (const [name, text] of jsonSchemas()) await writeFile(join(folder, name), text);
