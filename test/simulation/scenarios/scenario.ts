import type { Day } from '../../../src/replay/day.ts';
import type { Tally } from '../../../src/replay/tally.ts';

/** A kind of day. */
export interface Scenario {
  readonly name: string;
  /** Its part of all simulated callers. */
  readonly share: number;
  /** No use in more callers than these. */
  readonly atMost?: number;
  readonly day: (seed: number, callers: number) => Day;
  /** What such a day must lead to, besides the rules that always hold. @throws if it does not */
  readonly expectation?: (tally: Tally) => void;
}
