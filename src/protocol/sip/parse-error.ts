import type { Header } from './message.ts';

/** What could be read of a request that is refused: enough to answer it. */
export interface RefusedRequest {
  readonly method: string;
  readonly headers: readonly Header[];
}

/**
 * Input that is not SIP, or that is over a limit. `status` and `reason` are what a request is to be
 * answered with (400, 505); `request` is set when the input was a request whose header section could
 * be read in part, see `refusalOf`.
 */
export class SipParseError extends Error {
  override readonly name = 'SipParseError';
  readonly status: number;
  readonly reason: string;
  readonly request: RefusedRequest | undefined;

  constructor(reason: string, options: { status?: number; request?: RefusedRequest } = {}) {
    super(reason);
    this.reason = reason;
    this.status = options.status ?? 400;
    this.request = options.request;
  }
}
