/** One thing worth telling the operator. No telephone numbers, no names, no digits that were pressed. */
interface MediaLogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  /** Identifiers, counts, causes. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export type MediaLog = (entry: MediaLogEntry) => void;
