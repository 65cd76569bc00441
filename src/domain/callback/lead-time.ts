/** What was measured of how long customers take from dialling to "press 1". */
export interface LeadTime {
  /** The newest, oldest first; at most `WINDOW`. */
  readonly confirmMs: readonly number[];
  /** Attempts, and those of them that were confirmed, newest weighing most. */
  readonly chance: number;
}

const WINDOW = 400;
/** Fewer are not enough to know the quickest of a hundred. */
const LEAST_SAMPLES = 60;
/** An answered customer may wait this long for an agent. */
const TOLERATED_MS = 2_000;
/** Share of the customers called ahead who may wait longer; half of the promised 1 %, since times drift. */
const TOLERATED_SHARE = 0.005;
/** Weight of the newest attempt. */
const NEWEST_WEIGHT = 0.02;

export const UNMEASURED_LEAD: LeadTime = { confirmMs: [], chance: 1 };

/** After one more attempt; `confirmMs` from dialling to the key, undefined if it never came. */
export function withLeadAttempt(lead: LeadTime, confirmMs: number | undefined): LeadTime {
  const chance = lead.chance + NEWEST_WEIGHT * (Number(confirmMs !== undefined) - lead.chance);
  return confirmMs === undefined
    ? { ...lead, chance }
    : { confirmMs: [...lead.confirmMs, confirmMs].slice(-WINDOW), chance };
}

/**
 * How long before an agent is free a customer may be called: so late that, by the chance of an
 * answer and the quickest of those measured, no more than the tolerated share would be there over two
 * seconds too early. 0 until enough were measured.
 */
export function leadMs({ confirmMs, chance }: LeadTime): number {
  if (confirmMs.length < LEAST_SAMPLES) return 0;
  const share = Math.min(1, TOLERATED_SHARE / Math.max(chance, TOLERATED_SHARE));
  const sorted = confirmMs.toSorted((one, other) => one - other);
  const quick = sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
  return Math.max(0, Math.round(quick + TOLERATED_MS));
}
