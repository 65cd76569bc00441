/** One kind of problem: its status, and what it means for whoever meets it. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
}

/**
 * Every problem that the API answers with, by the last part of its type. A type is stable: programs
 * tell problems apart by it (RFC 9457 section 3.1.1), and its address explains it.
 */
export const PROBLEMS = {
  // The request itself.
  'invalid-request': {
    status: 400,
    title: 'The request is not as it should be',
    advice: 'errors names each field that is wrong and what is allowed there.',
  },
  'invalid-json': {
    status: 400,
    title: 'The body is no JSON that is taken here',
    advice: 'Send one JSON object in UTF-8, at most 8 levels deep, without the name __proto__.',
  },
  'malformed-http': {
    status: 400,
    title: 'The request is no HTTP that can be understood',
    advice: 'Send HTTP/1.1 (RFC 9112).',
  },
  'duplicate-header': {
    status: 400,
    title: 'A header stands more than once',
    advice: 'Send Authorization, Idempotency-Key and Content-Type once at most.',
  },
  unauthorized: {
    status: 401,
    title: 'No valid key',
    advice: 'Send Authorization: Bearer and the secret of a key that is in force.',
  },
  forbidden: {
    status: 403,
    title: 'The key does not allow this',
    advice: 'Ask the operator for a key with the scope named in scope.',
  },
  'not-found': { status: 404, title: 'There is nothing here', advice: 'See /v1/openapi.json.' },
  'method-not-allowed': {
    status: 405,
    title: 'Not with this method',
    advice: 'The header Allow names those that are.',
  },
  'too-slow': {
    status: 408,
    title: 'The request did not come in whole in time',
    advice: 'Send it again, at once as a whole.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    advice: 'A body of the API has a few hundred bytes.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is of a kind that is not taken',
    advice: 'Send Content-Type: application/json, in UTF-8.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    advice: 'Wait as many seconds as Retry-After says.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    advice: 'Send fewer or shorter headers.',
  },
  // Idempotency.
  'idempotency-key-missing': {
    status: 400,
    title: 'An idempotency key is needed',
    advice: 'Send Idempotency-Key with a fresh UUID; the same one when you repeat the request.',
  },
  'idempotency-key-invalid': {
    status: 400,
    title: 'The idempotency key is not as it should be',
    advice: 'Send 1 to 100 visible ASCII characters, such as a UUID, in quotes or without.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'This idempotency key was used for another request',
    advice: 'Use a fresh key for each request that is not a repetition.',
  },
  'idempotency-key-in-use': {
    status: 409,
    title: 'The first request with this idempotency key is still being carried out',
    advice: 'Repeat it a little later.',
  },
  'idempotency-outcome-unknown': {
    status: 409,
    title: 'A stop of the server cut off the first request with this idempotency key',
    advice: 'See in the list of tickets what became of it; then use a fresh key if need be.',
  },
  // What the line refuses.
  'unknown-queue': {
    status: 404,
    title: 'There is no such queue',
    advice: 'GET /v1/queues lists them.',
  },
  'unknown-number-dialled': {
    status: 422,
    title: 'dnis is not one of our numbers',
    advice: 'Give the number that callers dial, as in +18005550100.',
  },
  'registering-off': {
    status: 409,
    title: 'The queue takes no new callbacks now',
    advice: 'The switch registering is off; try later.',
  },
  'too-many-tickets': {
    status: 409,
    title: 'The queue has as many callbacks as it can serve',
    advice: 'Book one of the free times, or try later.',
  },
  'already-booked': {
    status: 409,
    title: 'This number has an open callback in this queue',
    advice: 'ticket names it: change that one, or send "again": true for another one.',
  },
  'slot-taken': {
    status: 409,
    title: 'This time can not be booked, or no more',
    advice: 'Choose one of GET /v1/queues/{id}/slots.',
  },
  'number-refused': {
    status: 422,
    title: 'This number is not called back',
    advice: 'rule names the rule that it breaks.',
  },
  'not-waiting': {
    status: 409,
    title: 'The ticket has ended, or the customer is being called just now',
    advice: 'state tells which.',
  },
  'unknown-ticket': {
    status: 404,
    title: 'There is no such ticket',
    advice: 'It may have been destroyed when its time was up.',
  },
  'report-under-way': {
    status: 429,
    title: 'Another report is being made',
    advice: 'One is made at a time. Wait as many seconds as Retry-After says.',
  },
  // Us.
  'internal-error': {
    status: 500,
    title: 'We failed',
    advice: 'Nothing was promised. Tell the operator the time and the address you asked for.',
  },
  'store-unavailable': {
    status: 503,
    title: 'Nothing can be kept just now',
    advice: 'Nothing was changed. Repeat the request later, with the same idempotency key.',
  },
  'not-kept-yet': {
    status: 503,
    title: 'The change counts, but can not be kept just now',
    advice:
      'Do not undo it: it is kept as soon as possible, and lost only if the server is stopped before. ' +
      'GET the ticket to see how it stands.',
  },
  'shutting-down': {
    status: 503,
    title: 'The server is about to stop',
    advice: 'Repeat the request in a little while.',
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemName = keyof typeof PROBLEMS;

export const PROBLEM_NAMES = Object.keys(PROBLEMS) as readonly ProblemName[];

/** The problem's type: an address below which it is explained. */
export function problemType(name: ProblemName): string {
  return `/v1/problems/${name}`;
}
