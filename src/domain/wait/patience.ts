/**
 * How soon people on hold give up, as a hazard by time waited: those who gave up in a span of the
 * wait over the seconds that all spent in it (Brown et al. 2005, "Statistical analysis of a
 * telephone call center", section 6). Holders who were served count with their seconds, so that
 * they do not make the others look impatient.
 */
export interface Patience {
  /** Abandonments by span of the wait, in the order of `SPAN_ENDS_SECONDS`. */
  readonly abandoned: readonly number[];
  /** Seconds spent on hold in each span. */
  readonly heldSeconds: readonly number[];
}

/** Where the spans of the wait end; the first begins at 0. */
const SPAN_ENDS_SECONDS = [30, 60, 120, 240, 480, 960, 1920, 3840, Number.POSITIVE_INFINITY];

/** How many abandonments are remembered, about. */
const MEMORY = 8000;

/** A span follows its own measure once this many gave up in it; before, rather all spans. */
const SHARED_COUNT = 50;

/** Nobody has waited yet. */
export const UNKNOWN_PATIENCE: Patience = {
  abandoned: SPAN_ENDS_SECONDS.map(() => 0),
  heldSeconds: SPAN_ENDS_SECONDS.map(() => 0),
};

/** After one more holder gave up or was served; a wait that is no number changes nothing. */
export function withHold(patience: Patience, waitSeconds: number, abandoned: boolean): Patience {
  if (!(Number.isFinite(waitSeconds) && waitSeconds >= 0)) return patience;
  const kept = abandoned && total(patience.abandoned) >= MEMORY ? 1 - 1 / MEMORY : 1;
  const after = { abandoned: [...patience.abandoned], heldSeconds: [...patience.heldSeconds] };
  for (const [span, end] of SPAN_ENDS_SECONDS.entries()) {
    const from = startOf(span);
    const ends = abandoned && from <= waitSeconds && waitSeconds < end;
    const held = Math.max(0, Math.min(end, waitSeconds) - from);
    after.abandoned[span] = (patience.abandoned[span] ?? 0) * kept + Number(ends);
    after.heldSeconds[span] = (patience.heldSeconds[span] ?? 0) * kept + held;
  }
  return after;
}

/** Share of holders who give up in a second, over all waits; 0 before anybody did. */
export function abandonmentRate(patience: Patience): number {
  const held = total(patience.heldSeconds);
  return held > 0 ? total(patience.abandoned) / held : 0;
}

/**
 * The same for the people in front of somebody who will wait `waitSeconds`. Right in front stand
 * people who have waited as long as they have, at the head of the line people who have waited
 * longest; over the whole time an age `a` is met in proportion to `a`. This takes the place of the
 * approximation by position of Whitt (2005) that Ibrahim and Whitt (2009) use for QLap.
 */
export function abandonmentRateAhead(patience: Patience, waitSeconds: number): number {
  const overall = abandonmentRate(patience);
  if (overall === 0 || !(waitSeconds > 0)) return overall;
  let rate = 0;
  for (let span = 0; span < SPAN_ENDS_SECONDS.length; span += 1) {
    const from = startOf(span);
    if (from >= waitSeconds) break;
    const to = Math.min(SPAN_ENDS_SECONDS[span] ?? waitSeconds, waitSeconds);
    const weight = (to * to - from * from) / (waitSeconds * waitSeconds);
    rate += weight * hazard(patience, span, overall);
  }
  return rate;
}

function hazard(patience: Patience, span: number, overall: number): number {
  const abandoned = patience.abandoned[span] ?? 0;
  const heldSeconds = patience.heldSeconds[span] ?? 0;
  return (abandoned + SHARED_COUNT) / (heldSeconds + SHARED_COUNT / overall);
}

function startOf(span: number): number {
  return SPAN_ENDS_SECONDS[span - 1] ?? 0;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
