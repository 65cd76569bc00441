import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';

/**
 * What was made from which text, kept beside the sounds as `manifest.json`. A file whose hash is
 * another was put there by somebody, and is not made anew while its text stays.
 */
const manifestSchema = z.strictObject({
  /** Changed whenever sounds are shaped otherwise; then all are made anew. */
  recipe: z.string(),
  sounds: z.record(
    z.string(),
    z.strictObject({
      text: z.string(),
      sha256: z.string(),
      /** Hash of the file at normal pace that a slow one was made of. */
      madeOf: z.string().optional(),
    }),
  ),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Reads a manifest; one that does not exist yet is empty. @throws if it is damaged */
export async function readManifest(path: string): Promise<Manifest> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { recipe: '', sounds: {} };
    }
    throw error;
  }
}

/** Writes it with its entries in order, so that changes are easy to read. */
export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  const entries = Object.entries(manifest.sounds).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify({ ...manifest, sounds: Object.fromEntries(entries) }, undefined, 2);
  await writeFile(path, `${text}\n`);
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
