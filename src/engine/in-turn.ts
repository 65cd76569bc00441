/** Runs work of one key in the order in which it was asked for, each after the one before has ended. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  /** What the work resolves or rejects with; how the one before ended makes no difference. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key);
    const mine =
      before === undefined
        ? work()
        : before.then(
            () => work(),
            () => work(),
          );
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
