import type { Log } from './ports.ts';

/** Events that may wait in one mailbox; more means that something posts without end. */
const MAX_WAITING = 10_000;

/**
 * Takes events one at a time: what is posted while one is being handled waits its turn. So nothing
 * about one caller, ticket or floor happens twice at once.
 */
export class Mailbox<Event> {
  readonly #handle: (event: Event) => void;
  readonly #name: string;
  readonly #log: Log;
  readonly #waiting: Event[] = [];
  #handling = false;

  /** `handle` may post again. What it throws is logged: one bad event does not stop the others. */
  constructor(name: string, log: Log, handle: (event: Event) => void) {
    this.#name = name;
    this.#log = log;
    this.#handle = handle;
  }

  post(event: Event): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#log.error('mailbox is full, event dropped', { mailbox: this.#name });
      return;
    }
    this.#waiting.push(event);
    if (this.#handling) return;
    this.#handling = true;
    try {
      this.#drain();
    } finally {
      this.#handling = false;
    }
  }

  #drain(): void {
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      try {
        this.#handle(event);
      } catch (error) {
        this.#log.error('event failed', { mailbox: this.#name, error: String(error) });
      }
    }
  }
}
