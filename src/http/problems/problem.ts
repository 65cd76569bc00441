import { PROBLEMS, type ProblemName, problemType } from './catalogue.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A field of a request that is wrong. */
export interface FieldError {
  readonly in: 'body' | 'query' | 'path';
  /** `slot.from`; empty for the whole. */
  readonly field: string;
  /** What is wrong or allowed; never the value itself. */
  readonly detail: string;
}

/** What is told of a problem beside its kind. */
export interface ProblemExtras {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly rule?: string;
  readonly state?: string;
  readonly scope?: string;
  readonly ticket?: string;
}

/** A request that is not carried out; thrown anywhere below a route and answered as RFC 9457 says. */
export class Problem extends Error {
  readonly problem: ProblemName;
  readonly extras: ProblemExtras;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    problem: ProblemName,
    extras: ProblemExtras = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem);
    this.name = 'Problem';
    this.problem = problem;
    this.extras = extras;
    this.headers = headers;
  }

  get status(): number {
    return PROBLEMS[this.problem].status;
  }
}

/** The body of the answer (RFC 9457 section 3.1). */
export function problemBody(name: ProblemName, extras: ProblemExtras = {}): ProblemDocument {
  const { status, title, advice } = PROBLEMS[name];
  const { detail = advice, ...rest } = extras;
  return { type: problemType(name), title, status, detail, ...rest };
}

export interface ProblemDocument extends ProblemExtras {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}
