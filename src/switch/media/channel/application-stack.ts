/** An application under way and, while it takes frames, what it does with one. */
interface Slot {
  step: (() => boolean) | undefined;
  /** Ends the step without a result. */
  abandon: (() => void) | undefined;
}

/**
 * The applications of a channel, one inside the other, as on a FreeSWITCH session's thread: only the innermost
 * gets frames. When the channel is not ready any more, each ends as soon as the one inside it is gone.
 */
export class ApplicationStack {
  readonly #slots: Slot[] = [];
  /** Whether what goes on may go on. */
  readonly #ready: () => boolean;
  #locks = 0;

  constructor(ready: () => boolean) {
    this.#ready = ready;
  }

  /** No queued command may run inside what goes on. */
  get locked(): boolean {
    return this.#locks > 0;
  }

  /** Whether the innermost application waits for frames. */
  get takesFrames(): boolean {
    return this.#slots.at(-1)?.step !== undefined;
  }

  /** Calls `step` for each frame until it gives a result; undefined when it was abandoned. */
  async eachFrame<T>(step: () => T | undefined): Promise<T | undefined> {
    const slot = this.#slots.at(-1);
    if (slot === undefined || !this.#ready()) return undefined;
    const result = await new Promise<T | undefined>((resolve) => {
      slot.abandon = () => resolve(undefined);
      slot.step = () => {
        const outcome = step();
        if (outcome === undefined) return false;
        resolve(outcome);
        return true;
      };
    });
    slot.step = undefined;
    slot.abandon = undefined;
    return result;
  }

  /** Makes room for an application inside the present one while `work` runs. */
  async within<T>(work: () => Promise<T>, locked: boolean): Promise<T> {
    const slot: Slot = { step: undefined, abandon: undefined };
    this.#slots.push(slot);
    if (locked) this.#locks++;
    try {
      return await work();
    } finally {
      if (locked) this.#locks--;
      this.#slots.splice(this.#slots.indexOf(slot), 1);
      if (!this.#ready()) this.abandonInnermost();
    }
  }

  /** Gives the innermost application a frame. */
  step(): void {
    const slot = this.#slots.at(-1);
    if (slot?.step?.() === true) slot.step = undefined;
  }

  /** Ends the innermost step; each one around it ends when the one inside is gone. */
  abandonInnermost(): void {
    this.#slots.at(-1)?.abandon?.();
  }
}
