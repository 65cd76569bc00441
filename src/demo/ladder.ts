/** Width of one party's column. */
const COLUMN = 8;
const TIME = 8;
const BAR = '│';

/** Writes a ladder: a column a party, an arrow a message, and beside it what it means. */
export class Ladder {
  readonly #parties: readonly string[];
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;
  readonly #elapsedMs: () => number;
  #waiting = '';

  /** `write` gets text as it is; progress is only drawn on a terminal. */
  constructor(
    parties: readonly string[],
    elapsedMs: () => number,
    write: (text: string) => void,
    isTerminal: boolean,
  ) {
    this.#parties = parties;
    this.#elapsedMs = elapsedMs;
    this.#write = write;
    this.#isTerminal = isTerminal;
  }

  /** The names above the columns. */
  heading(): void {
    const names = this.#parties.map((party) => party.padEnd(COLUMN)).join('');
    this.#line(`${' '.repeat(TIME)}${names}`);
  }

  /** One party does something towards another. */
  arrow(from: string, to: string, text: string): void {
    const [start, end] = [this.#parties.indexOf(from), this.#parties.indexOf(to)];
    if (start < 0 || end < 0 || start === end) {
      this.note(from, text);
      return;
    }
    const cells = this.#parties.map((_, index) => rung(index, start, end)).join('');
    this.#line(`${this.#time()}${cells} ${text}`);
  }

  /** Something about one party. */
  note(party: string, text: string): void {
    const at = this.#parties.indexOf(party);
    const cells = this.#parties
      .map((_, index) => (index === at ? '●' : BAR) + ' '.repeat(COLUMN - 1))
      .join('');
    this.#line(`${this.#time()}${cells} ${text}`);
  }

  /** What is being waited for; replaces what was drawn before. */
  progress(text: string): void {
    if (!this.#isTerminal) return;
    this.#waiting = text;
    this.#write(`\r\u001b[2K${this.#time()}${text}`);
  }

  #line(text: string): void {
    const clear = this.#waiting === '' ? '' : '\r\u001b[2K';
    this.#waiting = '';
    this.#write(`${clear}${text.trimEnd()}\n`);
  }

  #time(): string {
    return `${(this.#elapsedMs() / 1000).toFixed(1).padStart(5)} s `;
  }
}

/** One column of a line with an arrow from column `start` to column `end`. */
function rung(index: number, start: number, end: number): string {
  const [left, right] = start < end ? [start, end] : [end, start];
  if (index < left || index > right) return BAR + ' '.repeat(COLUMN - 1);
  if (index === right) {
    return (start < end ? '▶' : BAR) + ' '.repeat(COLUMN - 1);
  }
  const first = index === left ? (start < end ? BAR : '◀') : '─';
  return first + '─'.repeat(COLUMN - 1);
}
