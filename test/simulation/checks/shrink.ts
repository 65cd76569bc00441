import type { Day } from '../../../src/replay/day.ts';
import { simulate } from '../../../src/replay/simulate.ts';
import type { Witness } from '../../../src/replay/witness.ts';
import { BrokenRule } from './broken-rule.ts';
import { both, Diary } from './diary.ts';

/** How many smaller days are tried before the smallest found so far is told. */
const MOST_RUNS = 400;
const MOST_MS = 20_000;
const MOST_LINES = 40;

/** A day on which a rule breaks, and the rule. */
interface BadDay {
  readonly day: Day;
  readonly broken: BrokenRule;
}

/** Runs a day and tells which rule broke; undefined if all held. */
export function whatBreaks(day: Day, watch: Witness): BrokenRule | undefined {
  try {
    simulate(day, watch);
    return undefined;
  } catch (error) {
    if (error instanceof BrokenRule) return error;
    // The rules threw: that breaks the rule that they are total.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return new BrokenRule(text, [], 0);
  }
}

/**
 * The smallest day found on which a rule still breaks: callers, troubles and agents are left out by
 * halves, quarters, and so on (delta debugging, A. Zeller 2002).
 */
export function shrink(found: BadDay, newWatch: () => Witness): BadDay {
  let smallest = withoutLaterCallers(found);
  let runs = 0;
  const startedAt = performance.now();
  const stillBreaks = (day: Day): boolean => {
    if (runs >= MOST_RUNS || performance.now() - startedAt > MOST_MS) return false;
    runs += 1;
    const broken = whatBreaks(day, newWatch());
    if (broken === undefined) return false;
    smallest = withoutLaterCallers({ day, broken });
    return true;
  };
  if (!stillBreaks(smallest.day)) smallest = found;
  for (const part of ['callers', 'troubles', 'agents', 'callers'] as const) {
    let size = Math.ceil(smallest.day[part].length / 2);
    while (size >= 1) {
      let from = 0;
      while (from < smallest.day[part].length) {
        const less = smallest.day[part].toSpliced(from, size);
        if (!stillBreaks({ ...smallest.day, [part]: less })) from += size;
      }
      size = size === 1 ? 0 : Math.ceil(size / 2);
    }
  }
  return smallest;
}

/** The smallest day as a text for people: who is in it, and what happened to those concerned. */
export function tell({ day, broken }: BadDay, newWatch: () => Witness): string {
  const diary = new Diary();
  const again = whatBreaks(day, both(diary, newWatch())) ?? broken;
  return [
    again.message,
    `smallest day: ${day.callers.length} callers, ${day.agents.length} agents, ${day.troubles.length} troubles`,
    ...day.callers.slice(0, 5).map((caller) => `  ${JSON.stringify(caller)}`),
    ...diary.lastOf(again, MOST_LINES).map((line) => `  ${line}`),
  ].join('\n');
}

/** Who dials after the rule broke has nothing to do with it. */
function withoutLaterCallers({ day, broken }: BadDay): BadDay {
  if (broken.at === 0) return { day, broken };
  return {
    broken,
    day: { ...day, callers: day.callers.filter(({ dialsAt }) => dialsAt <= broken.at) },
  };
}
