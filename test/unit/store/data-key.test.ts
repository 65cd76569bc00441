import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deriveKeys, readDataKey, readOrMakeDataKey } from '../../../src/store/data-key.ts';

describe('data key', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'linekeeper-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is made once, for its owner only, and read again', () => {
    const path = join(folder, 'linekeeper.key');
    const made = readOrMakeDataKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^linekeeper-key-1 [0-9a-f]{64}\n$/);
    expect(readOrMakeDataKey(path)).toEqual(made);
    expect(readDataKey(path)).toEqual(made);
  });

  test('missing: says where it was looked for, and makes none', () => {
    const path = join(folder, 'absent.key');
    expect(() => readDataKey(path)).toThrow(path);
    expect(() => readDataKey(path)).toThrow(
      expect.objectContaining({ kind: 'keyMissing' }) as Error,
    );
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  test.each(['', 'hello', 'linekeeper-key-1 abc\n', `linekeeper-key-2 ${'a'.repeat(64)}\n`])(
    'file %j is refused and kept',
    (text) => {
      const path = join(folder, 'linekeeper.key');
      writeFileSync(path, text);
      expect(() => readOrMakeDataKey(path)).toThrow(
        expect.objectContaining({ kind: 'keyDamaged' }) as Error,
      );
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  test('serves each use with another key', () => {
    const { numbers, index, ledger, check } = deriveKeys(Buffer.alloc(32, 7));
    const all = [numbers, index, ledger, check].map((key) => key.toString('hex'));
    expect(new Set(all).size).toBe(4);
  });
});
