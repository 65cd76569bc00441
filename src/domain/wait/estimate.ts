/**
 * The wait of somebody with `ahead` callers before them: each agent frees up once per handle time,
 * so the line moves by `staffed / handleSeconds` (queue-length estimator with delay, Whitt 1999).
 * Infinite when nobody works; 0 when nobody is ahead and somebody is free.
 */
export function estimateWaitSeconds(line: {
  readonly ahead: number;
  readonly staffed: number;
  readonly free: number;
  readonly handleSeconds: number;
}): number {
  if (line.free > line.ahead) return 0;
  if (line.staffed === 0) return Number.POSITIVE_INFINITY;
  return ((line.ahead + 1 - line.free) * line.handleSeconds) / line.staffed;
}
