/** Longest that a test waits for something that ought to come soon. */
export const PATIENCE_MS = 15_000;
/** For what comes after several others. */
export const PATIENT_MS = 20_000;

/** `promise`, or an error that names what did not come. */
export async function soon<T>(
  promise: Promise<T>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`did not come: ${what}`)), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Things that come, in order, taken by whoever waits for one that fits. */
export class Inbox<T> {
  readonly #items: T[] = [];
  readonly #waiting: {
    readonly fits: (item: T) => boolean;
    readonly resolve: (item: T) => void;
  }[] = [];

  get size(): number {
    return this.#items.length;
  }

  put(item: T): void {
    const index = this.#waiting.findIndex(({ fits }) => fits(item));
    if (index < 0) this.#items.push(item);
    else this.#waiting.splice(index, 1)[0]?.resolve(item);
  }

  /** The first that fits, taken out; those before it stay. */
  take(what: string, fits: (item: T) => boolean = () => true, patienceMs?: number): Promise<T> {
    const index = this.#items.findIndex(fits);
    const found = index < 0 ? undefined : this.#items.splice(index, 1)[0];
    if (found !== undefined) return Promise.resolve(found);
    return soon(
      new Promise<T>((resolve) => {
        this.#waiting.push({ fits, resolve });
      }),
      what,
      patienceMs,
    );
  }

  /** All that came and was not taken. */
  peek(): readonly T[] {
    return this.#items;
  }
}

/** Resolves once `holds` is true, asked anew whenever the event loop comes round. */
export async function until(
  holds: () => boolean,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`did not come about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
