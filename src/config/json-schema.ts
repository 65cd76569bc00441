import * as z from 'zod';
import { FILE_NAMES, FILE_SCHEMAS } from './schema/files.ts';

/**
 * JSON schemas of the configuration's files by file name (`menus.schema.json`,
 * `numbering-area-codes.schema.json`), so that editors complete and check while an operator types.
 * What they cannot say only the loader checks.
 */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map(
    FILE_NAMES.map((name) => {
      const schema = z.toJSONSchema(FILE_SCHEMAS[name], { io: 'input', target: 'draft-7' });
      const titled = { title: `Linekeeper: ${name}`, ...schema };
      return [schemaName(name), `${JSON.stringify(titled, undefined, 2)}\n`];
    }),
  );
}

function schemaName(file: string): string {
  return file.replace('/', '-').replace('.yaml', '.schema.json');
}
