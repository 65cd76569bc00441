import type { EpochMs } from '../../../src/domain/ids.ts';

/** A rule of the house that did not hold in a run. */
export class BrokenRule extends Error {
  readonly at: EpochMs;
  /** Ids of those whom it is about. */
  readonly about: readonly string[];

  constructor(rule: string, about: readonly string[], at: EpochMs) {
    super(`${rule} (${about.join(', ')}) at ${new Date(at).toISOString()}`);
    this.name = 'BrokenRule';
    this.at = at;
    this.about = about;
  }
}

/** @throws BrokenRule if the rule does not hold */
export function must(
  holds: boolean,
  rule: string,
  about: readonly string[],
  at: EpochMs,
): asserts holds {
  if (!holds) throw new BrokenRule(rule, about, at);
}
