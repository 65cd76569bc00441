import { describe, expect, test } from 'vitest';
import { patiently, reading } from '../../../src/store/patience.ts';

function failing(code: string, times: number) {
  let tries = 0;
  return {
    attempt: async () => {
      tries += 1;
      if (tries <= times) throw Object.assign(new Error('no'), { code });
      return 'read';
    },
    tries: () => tries,
  };
}

describe('patience', () => {
  test.each(['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT'])('tries again after %s', async (code) => {
    const { attempt, tries } = failing(code, 2);
    await expect(reading(attempt)).resolves.toBe('read');
    expect(tries()).toBe(3);
  });

  test('tells of any other failure at once', async () => {
    const { attempt, tries } = failing('SQLITE_FULL', 1);
    await expect(reading(attempt)).rejects.toMatchObject({ kind: 'diskFull' });
    expect(tries()).toBe(1);
  });

  test('ends', async () => {
    const { attempt } = failing('SQLITE_BUSY', Number.POSITIVE_INFINITY);
    await expect(patiently(attempt, 'committing', 0)).rejects.toMatchObject({
      kind: 'inUse',
      message: expect.stringContaining('committing'),
    });
  });
});
