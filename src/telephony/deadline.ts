import type { Clock } from '../engine/ports.ts';

/** Something outside did not answer in time, or its connection went away meanwhile. */
class DeadlineError extends Error {
  readonly because: 'late' | 'lost';

  constructor(what: string, because: 'late' | 'lost') {
    super(because === 'late' ? `${what}: no answer in time` : `${what}: connection lost`);
    this.name = 'DeadlineError';
    this.because = because;
  }
}

export interface DeadlineOptions<T> {
  readonly clock: Clock;
  /** For the error, such as `createEndpoint`. */
  readonly what: string;
  readonly limitMs: number;
  /** Rejects at once when it aborts. */
  readonly lost?: AbortSignal;
  /** Given what arrived after the deadline, so that it can be thrown away. */
  readonly late?: (value: T) => void;
}

/**
 * `promise`, but for no longer than its deadline. Both libraries have promises that never settle
 * when a connection drops, so nothing of theirs is awaited without this.
 * @throws DeadlineError, or what `promise` rejects with
 */
export function within<T>(promise: Promise<T>, options: DeadlineOptions<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let open = true;
    const stopTimer = options.clock.startTimer(options.limitMs, () => fail('late'));
    const onLost = (): void => fail('lost');
    const close = (): boolean => {
      const wasOpen = open;
      open = false;
      stopTimer();
      options.lost?.removeEventListener('abort', onLost);
      return wasOpen;
    };
    const fail = (because: 'late' | 'lost'): void => {
      if (close()) reject(new DeadlineError(options.what, because));
    };
    promise.then(
      (value) => {
        if (close()) resolve(value);
        else options.late?.(value);
      },
      (error: unknown) => {
        if (close()) reject(asError(error));
      },
    );
    if (options.lost?.aborted === true) fail('lost');
    else options.lost?.addEventListener('abort', onLost, { once: true });
  });
}

/** Both libraries reject with strings too. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
