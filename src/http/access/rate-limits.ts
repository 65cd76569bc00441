import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RateLimitSettings } from '../../domain/access/settings.ts';
import { Problem } from '../problems/problem.ts';

const WINDOW_SECONDS = 60;
/** Addresses and keys counted at once; the one seen longest ago makes room. */
const MAX_COUNTED = 10_000;

/** Counts requests of one kind of source. */
type RateLimit = (request: FastifyRequest) => Promise<RateLimitHeaders>;

/** As draft-ietf-httpapi-ratelimit-headers-10 writes them. */
interface RateLimitHeaders {
  readonly 'ratelimit-policy': string;
  readonly ratelimit: string;
}

export interface RateLimits {
  /** Counts a request for its address. @throws Problem (429) */
  readonly byAddress: RateLimit;
  /** Counts a request for whoever holds its key. @throws Problem (429) */
  readonly byKey: RateLimit;
}

/** Counters per address (IPv6: per /64) and per key, each over a minute from its first request. */
export async function createRateLimits(
  server: FastifyInstance,
  settings: () => RateLimitSettings,
  holderId: (request: FastifyRequest) => string,
): Promise<RateLimits> {
  await server.register(rateLimit, {
    global: false,
    cache: MAX_COUNTED,
    timeWindow: WINDOW_SECONDS * 1000,
  });
  return {
    byAddress: limitOf(
      'address',
      server.createRateLimit({ max: () => settings().perAddressPerMinute }),
    ),
    byKey: limitOf(
      'key',
      server.createRateLimit({
        max: () => settings().perKeyPerMinute,
        keyGenerator: holderId,
      }),
    ),
  };
}

function limitOf(policy: string, count: ReturnType<FastifyInstance['createRateLimit']>): RateLimit {
  return async (request) => {
    const counted = await count(request);
    // Nobody is on a list of those who are never counted.
    if (counted.isAllowed) throw new Error('a request was not counted');
    const headers = {
      'ratelimit-policy': `"${policy}";q=${counted.max};w=${WINDOW_SECONDS}`,
      ratelimit: `"${policy}";r=${counted.remaining};t=${counted.ttlInSeconds}`,
    };
    if (!counted.isExceeded) return headers;
    const wait = { 'retry-after': String(Math.max(1, counted.ttlInSeconds)) };
    throw new Problem('too-many-requests', {}, { ...headers, ...wait });
  };
}
