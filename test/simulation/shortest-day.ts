import { type AgainDay, liveThrough } from './calling-again.ts';
import { BrokenPromise } from './world/diary.ts';

const MOST_MS = 40_000;

/**
 * Lives through the day. If a rule breaks, people are left out by halves, quarters, and so on, as long as
 * the same rule still breaks; the error tells of the day that is left.
 * @throws Error with the smallest day found and what happened on it
 */
export async function liveOrExplain(
  day: AgainDay,
): Promise<Awaited<ReturnType<typeof liveThrough>>> {
  try {
    return await liveThrough(day);
  } catch (error) {
    if (!(error instanceof BrokenPromise)) throw error;
    const { broken, regulars } = await shortest(day, error);
    const who =
      regulars.length > 20 ? `${regulars.length} regulars` : `regulars ${regulars.join(' ')}`;
    throw new Error(`SEED=${day.seed}, ${who}: ${broken.message}`, { cause: error });
  }
}

async function shortest(
  day: AgainDay,
  found: BrokenPromise,
): Promise<{ readonly broken: BrokenPromise; readonly regulars: readonly number[] }> {
  const startedAt = performance.now();
  let broken = found;
  let { regulars } = day;
  let size = Math.ceil(regulars.length / 2);
  while (size >= 1) {
    for (let from = 0; from < regulars.length; ) {
      if (performance.now() - startedAt > MOST_MS) return { broken, regulars };
      const fewer = regulars.toSpliced(from, size);
      const again = await whatBreaks({ ...day, regulars: fewer }, found.rule);
      if (again === undefined) {
        from += size;
      } else {
        broken = again;
        regulars = fewer;
      }
    }
    size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return { broken, regulars };
}

async function whatBreaks(day: AgainDay, rule: string): Promise<BrokenPromise | undefined> {
  try {
    await liveThrough(day);
    return undefined;
  } catch (error) {
    return error instanceof BrokenPromise && error.rule === rule ? error : undefined;
  }
}
