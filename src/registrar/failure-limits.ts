/** How many wrong secrets are borne within `windowMs`, before more are refused unread. */
export interface FailureLimitOptions {
  readonly windowMs: number;
  readonly perSource: number;
  readonly perUser: number;
  /** For a user at an address where that user was proved before. */
  readonly perPair: number;
  /** Entries of each table. */
  readonly maxEntries: number;
}

interface Try {
  /** As given, known or not. */
  readonly user: string;
  /** Address without port. */
  readonly address: string;
}

/**
 * Slows the guessing of secrets. Who guesses must not be able to lock others out: a phone that was
 * right before, from the same address, is held to its own mistakes only.
 */
export class FailureLimits {
  readonly #options: FailureLimitOptions;
  readonly #bySource: Counters;
  readonly #byUser: Counters;
  readonly #byPair: Counters;
  readonly #proved = new Map<string, true>();

  constructor(options: FailureLimitOptions) {
    const { windowMs, maxEntries } = options;
    this.#options = options;
    this.#bySource = new Counters(windowMs, maxEntries);
    this.#byUser = new Counters(windowMs, maxEntries);
    this.#byPair = new Counters(windowMs, maxEntries);
  }

  /** Whether this try is one too many. */
  refuses(attempt: Try, now: number): boolean {
    const pair = pairOf(attempt);
    if (this.#proved.has(pair)) return this.#byPair.count(pair, now) >= this.#options.perPair;
    return (
      this.#bySource.count(attempt.address, now) >= this.#options.perSource ||
      this.#byUser.count(attempt.user, now) >= this.#options.perUser
    );
  }

  failed(attempt: Try, now: number): void {
    this.#bySource.add(attempt.address, now);
    this.#byUser.add(attempt.user, now);
    this.#byPair.add(pairOf(attempt), now);
  }

  proved(attempt: Try): void {
    const pair = pairOf(attempt);
    this.#proved.delete(pair);
    makeRoom(this.#proved, this.#options.maxEntries);
    this.#proved.set(pair, true);
  }
}

/** Counts by key, each over a window that begins with its first event. */
class Counters {
  readonly #windowMs: number;
  readonly #maxEntries: number;
  readonly #entries = new Map<string, { readonly since: number; count: number }>();

  constructor(windowMs: number, maxEntries: number) {
    this.#windowMs = windowMs;
    this.#maxEntries = maxEntries;
  }

  count(key: string, now: number): number {
    return this.#current(key, now)?.count ?? 0;
  }

  add(key: string, now: number): void {
    const entry = this.#current(key, now);
    if (entry !== undefined) {
      entry.count += 1;
      return;
    }
    this.#entries.delete(key);
    makeRoom(this.#entries, this.#maxEntries);
    this.#entries.set(key, { since: now, count: 1 });
  }

  #current(key: string, now: number) {
    const entry = this.#entries.get(key);
    return entry !== undefined && now - entry.since < this.#windowMs ? entry : undefined;
  }
}

/** Drops the oldest entry of a full table. */
function makeRoom(table: Map<string, unknown>, maxEntries: number): void {
  if (table.size < maxEntries) return;
  for (const oldest of table.keys()) {
    table.delete(oldest);
    return;
  }
}

/** A space stands in no address. */
function pairOf({ user, address }: Try): string {
  return `${address} ${user}`;
}
