import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Length of the headers that FreeSWITCH and the embedded switch write before the samples. */
const HEADER_BYTES = 44;
const RIFF_SIZE_AT = 4;
const DATA_SIZE_AT = 40;
/** RIFF counts what follows its own size field. */
const RIFF_COUNTED_FROM = 8;

/**
 * Sets the two sizes in the header of a WAV file to what the file holds. A writer that was killed
 * leaves them stale (FreeSWITCH: data size 0), and players then play nothing.
 * @returns whether the header was stale; false also for a file that is missing, or no plain WAV
 * @throws the system's error for a file that can not be written
 */
export async function repairWav(folder: string, file: string): Promise<boolean> {
  const handle = await open(join(folder, file), 'r+').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (handle === undefined) return false;
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, 0);
    const { size } = await handle.stat();
    if (bytesRead < HEADER_BYTES || !isPlainWav(header)) return false;
    const [riff, data] = [size - RIFF_COUNTED_FROM, size - HEADER_BYTES];
    const isStale =
      header.readUInt32LE(RIFF_SIZE_AT) !== riff || header.readUInt32LE(DATA_SIZE_AT) !== data;
    if (!isStale) return false;
    header.writeUInt32LE(riff, RIFF_SIZE_AT);
    header.writeUInt32LE(data, DATA_SIZE_AT);
    await handle.write(header, 0, HEADER_BYTES, 0);
    await handle.sync();
    return true;
  } finally {
    await handle.close();
  }
}

function isPlainWav(header: Buffer): boolean {
  return (
    header.toString('latin1', 0, 4) === 'RIFF' &&
    header.toString('latin1', 8, 16) === 'WAVEfmt ' &&
    header.toString('latin1', 36, 40) === 'data'
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
