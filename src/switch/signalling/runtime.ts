import { randomBytes, randomUUID } from 'node:crypto';

/** Time, injectable so that tests decide it. */
export interface Clock {
  /** Milliseconds since the epoch, with fractions. */
  nowMs(): number;
  /** Runs `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** Identifiers, injectable so that tests decide them. */
export interface Ids {
  /** For messages, transactions and Call-IDs. */
  uuid(): string;
  /** For tags and branches: 13 letters and digits that nobody can guess. */
  token(): string;
  /** A random whole number, 1 to 2^30, as RSeq begins with. */
  number(): number;
}

/** Something worth an operator's attention. Never holds telephone numbers, secrets or SIP. */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly detail?: Readonly<Record<string, string | number>>;
}

export type Log = (entry: LogEntry) => void;

/** The clock of the machine. Its timers do not keep the process alive. */
export const SYSTEM_CLOCK: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** 32 letters and digits, so that a byte picks one without bias. */
const TOKEN_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TOKEN_LENGTH = 13;
const MAX_NUMBER = 2 ** 30;

/** Identifiers that nobody can guess. */
export const RANDOM_IDS: Ids = {
  uuid: () => randomUUID(),
  token: () => Array.from(randomBytes(TOKEN_LENGTH), (byte) => TOKEN_ALPHABET[byte % 32]).join(''),
  number: () => (randomBytes(4).readUInt32BE() % MAX_NUMBER) + 1,
};
