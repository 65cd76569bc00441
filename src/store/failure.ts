import { CallFailure } from '../domain/call/failure.ts';

/** What went wrong in the store. */
export type StoreFailureKind =
  /** The file is no database, or one of another program. */
  | 'notADatabase'
  /** The file, or a row in it, cannot be read as it was written. */
  | 'damaged'
  /** Written by a newer version of Linekeeper. */
  | 'newerVersion'
  /** Not brought to this version yet, or nothing is in it: a server has to be started first. */
  | 'olderVersion'
  /** Another server has it. */
  | 'inUse'
  | 'keyMissing'
  | 'keyDamaged'
  /** A key of another database. */
  | 'keyWrong'
  | 'readOnly'
  | 'diskFull'
  | 'inputOutput'
  /** More commits wait than the queue holds. */
  | 'overloaded'
  /** A change that must not be stored; only its own commit is refused. */
  | 'invalidChange'
  | 'closed'
  | 'other';

/** A failure of the store, classified once. The message names files and ids, never numbers. */
export class StoreFailure extends CallFailure {
  readonly kind: StoreFailureKind;

  constructor(kind: StoreFailureKind, message: string, options?: ErrorOptions) {
    super('store', message, options);
    this.name = 'StoreFailure';
    this.kind = kind;
  }
}

/** Result codes by their beginning (https://sqlite.org/rescode.html), and Node's for files. */
const KIND_OF_CODE: readonly (readonly [prefix: string, kind: StoreFailureKind, text: string])[] = [
  ['SQLITE_FULL', 'diskFull', 'no space is left for the database'],
  ['ENOSPC', 'diskFull', 'no space is left on the disk'],
  ['EDQUOT', 'diskFull', 'the disk quota is used up'],
  ['SQLITE_READONLY', 'readOnly', 'the database cannot be written'],
  ['SQLITE_CANTOPEN', 'readOnly', 'the database cannot be opened'],
  ['SQLITE_PERM', 'readOnly', 'access to the database is not permitted'],
  ['EROFS', 'readOnly', 'the file system is read-only'],
  ['EACCES', 'readOnly', 'access is not permitted'],
  ['EPERM', 'readOnly', 'access is not permitted'],
  ['SQLITE_NOTADB', 'notADatabase', 'the file is not a database'],
  ['SQLITE_CORRUPT', 'damaged', 'the database is damaged'],
  ['SQLITE_BUSY', 'inUse', 'the database is in use by another process'],
  ['SQLITE_LOCKED', 'inUse', 'the database is in use'],
  ['SQLITE_CONSTRAINT', 'invalidChange', 'the change contradicts what is stored'],
  ['SQLITE_TOOBIG', 'invalidChange', 'the change is too large'],
  ['SQLITE_IOERR', 'inputOutput', 'the disk failed'],
  ['EIO', 'inputOutput', 'the disk failed'],
];

/**
 * The failure behind an error of SQLite or of the file system.
 * @param doing what was tried, for the message: `committing`, `opening data/linekeeper.db`
 */
export function storeFailureOf(error: unknown, doing: string): StoreFailure {
  if (error instanceof StoreFailure) return error;
  const code = codeOf(error);
  const known = KIND_OF_CODE.find(([prefix]) => code.startsWith(prefix));
  const text = known?.[2] ?? (error instanceof Error ? error.message : String(error));
  const suffix = code === '' ? '' : ` (${code})`;
  return new StoreFailure(known?.[1] ?? 'other', `store: ${doing}: ${text}${suffix}`, {
    cause: error,
  });
}

/** What a long job brings, its failure classified. @throws StoreFailure */
export async function finished<T>(job: Promise<T>): Promise<T> {
  try {
    return await job;
  } catch (error) {
    throw storeFailureOf(error, 'reading');
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** @throws StoreFailure `invalidChange` for a text that is too long to be kept */
export function requireShort(what: string, text: string, maxLength: number): void {
  if (text.length <= maxLength) return;
  const message = `store: ${what} has ${text.length} characters, more than ${maxLength}`;
  throw new StoreFailure('invalidChange', message);
}
