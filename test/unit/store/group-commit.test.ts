import { describe, expect, test } from 'vitest';
import { GroupCommit, type Work } from '../../../src/store/group-commit.ts';

const WRITE = async () => undefined;
const WORK: Work = { writes: [WRITE], facts: [] };

describe('group commit', () => {
  test('commits of one turn share a transaction', async () => {
    const sizes: number[] = [];
    const commits = new GroupCommit(async (works) => void sizes.push(works.length), 100);
    await Promise.all([commits.commit(WORK), commits.commit(WORK), commits.commit(WORK)]);
    await commits.commit(WORK);
    expect(sizes).toEqual([3, 1]);
  });

  test('a failed transaction rejects all that shared it, and later ones go on', async () => {
    const error = Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
    let failing = true;
    const commits = new GroupCommit(async () => {
      if (failing) throw error;
    }, 100);
    const results = await Promise.allSettled([commits.commit(WORK), commits.commit(WORK)]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { kind: 'diskFull', cause: error } },
      { status: 'rejected', reason: { kind: 'diskFull', cause: error } },
    ]);
    failing = false;
    await expect(commits.commit(WORK)).resolves.toBeUndefined();
  });

  test('no transaction is longer than its limit, unless one commit alone is', async () => {
    const sizes: number[] = [];
    const commits = new GroupCommit(async (works) => void sizes.push(works.length), 100);
    const large: Work = { writes: Array.from({ length: 1_500 }, () => WRITE), facts: [] };
    const huge: Work = { writes: Array.from({ length: 5_000 }, () => WRITE), facts: [] };
    await Promise.all([large, large, huge, WORK, WORK].map((work) => commits.commit(work)));
    expect(sizes).toEqual([1, 1, 1, 2]);
  });

  test('refuses more than may wait, and takes more once they are done', async () => {
    const commits = new GroupCommit(async () => undefined, 2);
    const first = [commits.commit(WORK), commits.commit(WORK)];
    await expect(commits.commit(WORK)).rejects.toMatchObject({ kind: 'overloaded' });
    await Promise.all(first);
    await expect(commits.commit(WORK)).resolves.toBeUndefined();
  });

  test('keeps the order of commits', async () => {
    const order: number[] = [];
    const commits = new GroupCommit(async (works) => {
      for (const work of works) order.push(Number(work.facts[0]?.at));
    }, 100);
    const work = (at: number): Work => ({
      writes: [],
      facts: [{ at, about: '', what: '', detail: '' }],
    });
    await Promise.all([
      commits.commit(work(1)).then(() => commits.commit(work(4))),
      commits.commit(work(2)),
      commits.commit(work(3)),
    ]);
    expect(order).toEqual([1, 2, 3, 4]);
  });
});
