import { expectedMean, type SteadyMean, withValue } from './steady-mean.ts';

/** What calling a ticket comes to: how often somebody is reached, and what it costs the agent. */
export interface Reach {
  /** Mean of 1 for each attempt that led to a conversation, 0 for each other. */
  readonly chance: SteadyMean;
  /** Seconds for which an agent is kept for an attempt before any talk. */
  readonly keptSeconds: SteadyMean;
}

/** How an attempt to call a customer back ended. */
export interface AttemptOutcome {
  /** Whether it led to a conversation. */
  readonly reached: boolean;
  /**
   * How long an agent was kept for it, until the customer was reached or given up; 0 when it was dialled
   * ahead without one.
   */
  readonly keptSeconds: number;
}

/** Assumed until attempts were measured: two thirds answer, and a try takes half a minute. */
const EXPECTED_CHANCE = 0.65;
const EXPECTED_KEPT_SECONDS = 30;

/** Before the first attempt. */
export const EXPECTED_REACH: Reach = {
  chance: expectedMean(EXPECTED_CHANCE),
  keptSeconds: expectedMean(EXPECTED_KEPT_SECONDS),
};

/** After one more attempt; kept seconds that are no number count as none. */
export function withAttempt(reach: Reach, { reached, keptSeconds }: AttemptOutcome): Reach {
  const kept = Number.isFinite(keptSeconds) ? Math.max(0, keptSeconds) : 0;
  return {
    chance: withValue(reach.chance, Number(reached)),
    keptSeconds: withValue(reach.keptSeconds, kept),
  };
}

/** Chance in 0..1 that a ticket is reached when its turn comes. */
export function chanceReached({ chance }: Reach): number {
  return Math.min(1, Math.max(0, chance.mean));
}

/**
 * What a ticket ahead weighs, in conversations: its chance to become one, and the time for which an
 * agent is kept to find out.
 */
export function ticketWeight(reach: Reach, handleSeconds: number): number {
  return chanceReached(reach) + reach.keptSeconds.mean / handleSeconds;
}
