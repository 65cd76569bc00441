import type { OvertakeReason } from '../queue/overtake.ts';

/**
 * What is counted of one queue in one period and added up; `docs/reports.md` defines each. All are
 * whole numbers, times in milliseconds, so that hours add up to their day exactly.
 */
export interface Tally {
  joined: number;
  answeredOnHold: number;
  holdWaitMs: number;
  abandonedOnHold: number;
  abandonedAfterMs: number;
  offered: number;
  accepted: number;
  declined: number;
  registered: number;
  attempted: number;
  attempts: number;
  reached: number;
  connected: number;
  callbackWaitMs: number;
  cancelled: number;
  exhausted: number;
  expired: number;
  open: number;
  promised: number;
  punctual: number;
  early: number;
  late: number;
  estimates: number;
  /** Sum of the sizes of the errors. */
  estimateErrorMs: number;
  /** Sum of the errors, an estimate that was too long counting as positive. */
  estimateBiasMs: number;
  bands: number;
  bandsHeld: number;
  holdSavedMs: number;
  readonly overtakes: { [Reason in OvertakeReason | 'unexplained']: number };
}

/** A tally of nothing, to be added to. */
export function emptyTally(): Tally {
  return {
    joined: 0,
    answeredOnHold: 0,
    holdWaitMs: 0,
    abandonedOnHold: 0,
    abandonedAfterMs: 0,
    offered: 0,
    accepted: 0,
    declined: 0,
    registered: 0,
    attempted: 0,
    attempts: 0,
    reached: 0,
    connected: 0,
    callbackWaitMs: 0,
    cancelled: 0,
    exhausted: 0,
    expired: 0,
    open: 0,
    promised: 0,
    punctual: 0,
    early: 0,
    late: 0,
    estimates: 0,
    estimateErrorMs: 0,
    estimateBiasMs: 0,
    bands: 0,
    bandsHeld: 0,
    holdSavedMs: 0,
    overtakes: {
      registered: 0,
      unreachable: 0,
      choseLater: 0,
      slot: 0,
      calledHours: 0,
      closed: 0,
      dialling: 0,
      fault: 0,
      beingCalled: 0,
      skill: 0,
      grace: 0,
      moved: 0,
      unexplained: 0,
    },
  };
}
