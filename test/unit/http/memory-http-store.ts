import type { E164 } from '../../../src/domain/ids.ts';
import type { ApiKey, Delivery, IdempotentRequest } from '../../../src/engine/api-records.ts';
import type { Change } from '../../../src/engine/ports.ts';
import type { HttpStore } from '../../../src/http/ports.ts';

/** What the HTTP side keeps, in memory. */
export class MemoryHttpStore implements HttpStore {
  readonly keys: ApiKey[] = [];
  readonly requests = new Map<string, IdempotentRequest>();
  readonly deliveries = new Map<string, Delivery>();
  readonly optOuts = new Set<E164>();
  /** Thrown by every commit while set. */
  failWith: Error | undefined;

  async commit(changes: readonly Change[]): Promise<void> {
    if (this.failWith !== undefined) throw this.failWith;
    for (const change of changes) this.#apply(change);
  }

  #apply(change: Change): void {
    if (change.kind === 'apiKey') this.keys.push(change.key);
    else if (change.kind === 'idempotencyKey') {
      this.requests.set(change.request.key, change.request);
    } else if (change.kind === 'outbox') {
      const { eventId, subscription } = change.delivery;
      this.deliveries.set(`${subscription} ${eventId}`, change.delivery);
    } else if (change.kind === 'optOut') {
      if (change.out) this.optOuts.add(change.number);
      else this.optOuts.delete(change.number);
    } else if (change.kind !== 'fact') throw new Error(`not of this room: ${change.kind}`);
  }

  async apiKeys(): Promise<readonly ApiKey[]> {
    return this.keys;
  }

  async apiKeyOf(secretHash: string): Promise<ApiKey | undefined> {
    return this.keys.find((key) => key.secretHash === secretHash);
  }

  async deliveriesDue(now: number, limit: number): Promise<readonly Delivery[]> {
    return this.#pending()
      .filter(({ nextAttemptAt }) => nextAttemptAt <= now)
      .slice(0, limit);
  }

  async nextDeliveryAt(): Promise<number | undefined> {
    return this.#pending()[0]?.nextAttemptAt;
  }

  #pending(): readonly Delivery[] {
    return [...this.deliveries.values()]
      .filter(({ state }) => state === 'pending')
      .toSorted((a, b) => a.nextAttemptAt - b.nextAttemptAt);
  }

  async takeIdempotencyKey(
    request: IdempotentRequest,
    now: number,
  ): Promise<IdempotentRequest | undefined> {
    if (this.failWith !== undefined) throw this.failWith;
    const earlier = this.requests.get(request.key);
    if (earlier !== undefined && earlier.expiresAt > now) return earlier;
    this.requests.set(request.key, request);
    return undefined;
  }

  async releaseIdempotencyKey(key: string): Promise<void> {
    this.requests.delete(key);
  }

  async hasOptedOut(number: E164): Promise<boolean> {
    return this.optOuts.has(number);
  }
}
