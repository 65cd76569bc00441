import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { EpochMs } from '../../domain/ids.ts';
import { type IdempotentRequest, MAX_BODY_LENGTH } from '../../engine/api-records.ts';
import type { Log } from '../../engine/ports.ts';
import type { Answer } from '../api/operation.ts';
import type { HttpStore } from '../ports.ts';
import { PROBLEM_NAMES } from '../problems/catalogue.ts';
import { Problem, type ProblemExtras } from '../problems/problem.ts';

/** How long a repetition is answered as before. */
const KEEP_HOURS = 24;
const KEEP_MS = KEEP_HOURS * 3_600_000;

/** A request that may be a repetition. */
export interface Repeatable {
  /** Of whoever asks: keys of two holders are never the same. */
  readonly holderId: string;
  readonly idempotencyKey: string;
  /** What it asks for, made with `fingerprint`. */
  readonly fingerprint: string;
}

/**
 * The key in an Idempotency-Key header: a string of structured fields (RFC 9651) as
 * draft-ietf-httpapi-idempotency-key-header says, or, as many send it, bare. @throws Problem
 */
export function readIdempotencyKey(header: string): string {
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/u.exec(header)?.[1];
  const key = quoted?.replaceAll(/\\(["\\])/gu, '$1') ?? header;
  if (!/^[\x21-\x7e]{1,100}$/u.test(key)) throw new Problem('idempotency-key-invalid');
  return key;
}

/**
 * Tells requests apart without keeping what stands in them: keyed with the secret of the API key,
 * which is kept nowhere, so that no telephone number can be found from it by trying.
 */
export function fingerprint(secret: string, parts: readonly unknown[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('hex');
}

const extrasKept = z.custom<ProblemExtras>((value) => typeof value === 'object' && value !== null);

/** What became of a request, as it is kept. */
const keptOutcome = z.union([
  z.strictObject({
    answer: z.strictObject({
      status: z.int(),
      body: z.unknown(),
      mediaType: z.string().optional(),
      headers: z.record(z.string(), z.string()).optional(),
    }),
  }),
  z.strictObject({ refused: z.enum(PROBLEM_NAMES), extras: extrasKept }),
]);

/** Carries out each request once, and answers repetitions as before. */
export class Idempotency {
  readonly #store: HttpStore;
  readonly #log: Log;
  readonly #now: () => EpochMs;
  /** Keys whose requests are being carried out by this very process, with their fingerprints. */
  readonly #underWay = new Map<string, string>();

  constructor(needs: {
    readonly store: HttpStore;
    readonly log: Log;
    readonly now: () => EpochMs;
  }) {
    this.#store = needs.store;
    this.#log = needs.log;
    this.#now = needs.now;
  }

  /**
   * The answer of `carryOut`, which runs once for a key. A failure of ours gives the key back.
   * @throws Problem, StoreFailure
   */
  async once(request: Repeatable, carryOut: () => Promise<Answer>): Promise<Answer> {
    const key = `${request.holderId} ${request.idempotencyKey}`;
    const first = this.#underWay.get(key);
    if (first !== undefined) throw whileUnderWay(first === request.fingerprint);
    this.#underWay.set(key, request.fingerprint);
    try {
      const now = this.#now();
      const taking = { key, fingerprint: request.fingerprint, expiresAt: now + KEEP_MS };
      const earlier = await this.#store.takeIdempotencyKey({ ...taking, response: undefined }, now);
      if (earlier !== undefined) return repeated(earlier, request.fingerprint);
      return await this.#first(taking, carryOut);
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #first(taken: Taken, carryOut: () => Promise<Answer>): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await carryOut();
    } catch (error) {
      if (error instanceof Problem && error.status < 500) {
        await this.#keep(taken, { refused: error.problem, extras: error.extras });
      } else {
        await this.#giveBack(taken);
      }
      throw error;
    }
    await this.#keep(taken, { answer });
    return answer;
  }

  /** What was done is done: whether the answer can be kept changes nothing about it. */
  async #keep(taken: Taken, outcome: z.input<typeof keptOutcome>): Promise<void> {
    const response = JSON.stringify(outcome);
    try {
      if (response.length > MAX_BODY_LENGTH) throw new Error('it is too large');
      await this.#store.commit([{ kind: 'idempotencyKey', request: { ...taken, response } }]);
    } catch (error) {
      this.#log.error('the answer to a request was not kept; a repetition is refused', {
        error: String(error),
      });
    }
  }

  async #giveBack({ key }: Taken): Promise<void> {
    try {
      await this.#store.releaseIdempotencyKey(key);
    } catch (error) {
      this.#log.error('an idempotency key was not given back', { error: String(error) });
    }
  }
}

type Taken = Omit<IdempotentRequest, 'response'>;

function whileUnderWay(isSame: boolean): Problem {
  if (!isSame) return new Problem('idempotency-key-reused');
  return new Problem('idempotency-key-in-use', {}, { 'retry-after': '1' });
}

/** @throws Problem if that was the outcome, or it cannot be told */
function repeated(earlier: IdempotentRequest, wanted: string): Answer {
  if (earlier.fingerprint !== wanted) throw new Problem('idempotency-key-reused');
  if (earlier.response === undefined) throw new Problem('idempotency-outcome-unknown');
  const outcome = keptOutcome.parse(JSON.parse(earlier.response));
  if ('refused' in outcome) throw new Problem(outcome.refused, outcome.extras);
  const { status, body, mediaType, headers } = outcome.answer;
  return {
    status,
    body,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(headers === undefined ? {} : { headers }),
  };
}
