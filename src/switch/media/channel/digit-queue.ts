/** A digit that was pressed and waits for whoever reads it. */
export interface QueuedDigit {
  readonly digit: string;
  readonly durationMs: number;
  readonly source: 'RTP' | 'INBAND_AUDIO' | 'APP' | 'ENDPOINT';
}

/** Digits in the order they were pressed; when full, the newest is dropped, as in FreeSWITCH. */
export class DigitQueue {
  readonly #digits: QueuedDigit[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#digits.length;
  }

  /** False when the queue is full. */
  push(digit: QueuedDigit): boolean {
    if (this.#digits.length >= this.#limit) return false;
    this.#digits.push(digit);
    return true;
  }

  shift(): QueuedDigit | undefined {
    return this.#digits.shift();
  }

  /** Throws all waiting digits away and says how many there were. */
  flush(): number {
    return this.#digits.splice(0).length;
  }
}
