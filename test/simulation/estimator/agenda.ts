/** What is to happen, earliest first (a binary heap). */
export class Agenda<Happening> {
  readonly #slots: { readonly at: number; readonly what: Happening }[] = [];

  add(at: number, what: Happening): void {
    const slots = this.#slots;
    let index = slots.push({ at, what }) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if ((slots[parent]?.at ?? 0) <= at) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Takes out the earliest. */
  next(): { readonly at: number; readonly what: Happening } | undefined {
    const slots = this.#slots;
    const first = slots[0];
    const last = slots.pop();
    if (first === undefined || last === undefined || slots.length === 0) return first;
    slots[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(child) >= last.at) return first;
      this.#swap(index, child);
      index = child;
    }
  }

  #at(index: number): number {
    return this.#slots[index]?.at ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const slotA = this.#slots[a];
    const slotB = this.#slots[b];
    if (slotA === undefined || slotB === undefined) return;
    this.#slots[a] = slotB;
    this.#slots[b] = slotA;
  }
}
