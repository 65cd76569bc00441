import type { Happening } from '../engine/observer.ts';

interface Wish {
  readonly isMet: () => boolean;
  readonly met: () => void;
}

/** Remembers what happened, and tells the story when it may go on. */
export class Watch {
  readonly happenings: { readonly happening: Happening; readonly atMs: number }[] = [];
  readonly #wishes: Wish[] = [];

  /** The server tells of something. */
  observe(happening: Happening, atMs: number): void {
    this.happenings.push({ happening, atMs });
    this.#look();
  }

  /** All happenings of a kind, oldest first. */
  all<What extends Happening['what']>(what: What): readonly Extract<Happening, { what: What }>[] {
    return this.happenings.flatMap(({ happening }) =>
      happening.what === what ? [happening as Extract<Happening, { what: What }>] : [],
    );
  }

  /** Resolves once so many callers have joined the line and not been served at once. */
  joined(callers: number): Promise<void> {
    return this.#until(() => this.all('joinedLine').length >= callers);
  }

  /** Resolves once so many conversations have ended. */
  conversations(count: number): Promise<void> {
    return this.#until(() => this.all('conversationEnded').length >= count);
  }

  #until(isMet: () => boolean): Promise<void> {
    return new Promise((met) => {
      this.#wishes.push({ isMet, met });
      this.#look();
    });
  }

  #look(): void {
    for (const wish of this.#wishes.slice()) {
      if (!wish.isMet()) continue;
      this.#wishes.splice(this.#wishes.indexOf(wish), 1);
      wish.met();
    }
  }
}
