import type { Clock, Log } from '../../engine/ports.ts';
import { asError } from '../deadline.ts';
import type { MediaEndpoint } from './endpoint.ts';

export interface PoolDependencies {
  readonly size: number;
  readonly create: () => Promise<MediaEndpoint>;
  readonly clock: Clock;
  readonly log: Log;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** So that the call which took an endpoint leaves before the next one is made. */
const REFILL_AFTER_MS = 5;

/**
 * Endpoints made ahead of time, so that a call can leave at once. Bounded; refilled in the background
 * one by one; one that dies in the pool is replaced.
 */
export class WarmPool {
  readonly #needs: PoolDependencies;
  readonly #ready: MediaEndpoint[] = [];
  #open = false;
  #filling: Promise<void> | undefined;
  /** Asked to fill while that was under way, perhaps just past its last look. */
  #wantsMore = false;
  #pauseMs = FIRST_PAUSE_MS;
  #cancelPause = (): void => undefined;

  constructor(needs: PoolDependencies) {
    this.#needs = needs;
  }

  get size(): number {
    return this.#ready.length;
  }

  /** Starts, or starts again, to fill. */
  open(): void {
    this.#open = true;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#cancelPause();
    this.#fill();
  }

  /** A ready endpoint, or undefined if there is none; another takes its place soon. */
  take(): MediaEndpoint | undefined {
    const taken = this.#ready.shift();
    this.#needs.clock.startTimer(REFILL_AFTER_MS, () => this.#fill());
    return taken;
  }

  /** Ends all that is ready; nothing is made until `open`. */
  async drain(): Promise<void> {
    this.#open = false;
    this.#cancelPause();
    await Promise.all(this.#ready.splice(0).map((endpoint) => endpoint.destroy()));
    await this.#filling;
  }

  #fill(): void {
    if (this.#filling !== undefined) {
      this.#wantsMore = true;
      return;
    }
    this.#wantsMore = false;
    this.#filling = this.#make().finally(() => {
      this.#filling = undefined;
      if (this.#wantsMore) this.#fill();
    });
  }

  async #make(): Promise<void> {
    try {
      while (this.#open && this.#ready.length < this.#needs.size) {
        const endpoint = await this.#needs.create();
        this.#pauseMs = FIRST_PAUSE_MS;
        if (this.#open) this.#keep(endpoint);
        else await endpoint.destroy();
      }
    } catch (error) {
      this.#needs.log.debug('no endpoint could be made ahead', { fault: asError(error).name });
      this.#tryLater();
    }
  }

  #keep(endpoint: MediaEndpoint): void {
    this.#ready.push(endpoint);
    endpoint.listen({
      key: () => undefined,
      recordingLost: () => undefined,
      speech: () => undefined,
      beep: () => undefined,
      tty: () => undefined,
      ended: () => {
        const index = this.#ready.indexOf(endpoint);
        if (index >= 0) this.#ready.splice(index, 1);
        void endpoint.destroy();
        this.#tryLater();
      },
    });
  }

  #tryLater(): void {
    if (!this.#open) return;
    this.#cancelPause();
    this.#cancelPause = this.#needs.clock.startTimer(this.#pauseMs, () => this.#fill());
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
