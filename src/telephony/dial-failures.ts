import { type DialCause, DialFailure, dialCauseOf } from '../domain/call/failure.ts';
import type { DialTarget } from '../engine/ports.ts';
import { statusOf } from './drachtio/srf.ts';
import { NoResponse, Withdrawn } from './drachtio/uac.ts';

/** Causes of several phones, the one that says most about the agent first. */
const TELLING: readonly DialCause[] = ['busy', 'declined', 'noAnswer', 'withdrawn'];

/** Of the failures of phones that rang at once, the one that is told. */
export function mostTelling(failures: readonly Error[]): Error {
  const rank = (error: Error): number => {
    const index = TELLING.indexOf(asDialFailure(error, 'agent').dialCause);
    return index < 0 ? TELLING.length : index;
  };
  const [first, ...others] = failures;
  return others.reduce(
    (best, error) => (rank(error) < rank(best) ? error : best),
    first ?? new DialFailure('ourFailure'),
  );
}

/** What a failed call out means; whatever is not known is ours. */
export function asDialFailure(error: unknown, kind: DialTarget['kind']): DialFailure {
  if (error instanceof DialFailure) return error;
  const options = { cause: error };
  if (error instanceof Withdrawn) {
    const cause = error.because === 'rangTooLong' ? 'noAnswer' : 'withdrawn';
    return new DialFailure(cause, undefined, options);
  }
  if (error instanceof NoResponse) {
    return new DialFailure(kind === 'agent' ? 'unreachable' : 'carrierFailure', 408, options);
  }
  const status = statusOf(error);
  if (status === undefined) return new DialFailure('ourFailure', undefined, options);
  return new DialFailure(dialCauseOf(status), status, options);
}

/** Another trunk may do better: this one is overloaded (503), or is not there (RFC 3263 section 4.3). */
export function isTrunksOwn({ status, cause }: DialFailure): boolean {
  return status === 503 || cause instanceof NoResponse;
}
