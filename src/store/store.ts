import { dirname, join } from 'node:path';
import type { CallRecord } from '../domain/call/call-record.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import type { CallId, E164, RecordingId } from '../domain/ids.ts';
import type { Recording } from '../domain/recording/recording.ts';
import type { PhoneStore } from '../engine/phones.ts';
import type { Change, Store } from '../engine/ports.ts';
import { agentPresences, saveAgentPresence } from './agents.ts';
import type { Backend } from './backend.ts';
import { findCall, openCalls, saveCall } from './calls.ts';
import { readPhones, replacePhones } from './contacts.ts';
import {
  deriveKeys,
  passingDataKey,
  readDataKey,
  readOrMakeDataKey,
  type StoreKeys,
  sameBytes,
} from './data-key.ts';
import { StoreFailure, storeFailureOf } from './failure.ts';
import { GroupCommit, type Work, type Write } from './group-commit.ts';
import {
  appendFacts,
  type LedgerEntry,
  type LedgerVerdict,
  ledgerEntries,
  prepareFact,
  verifyLedger,
} from './ledger.ts';
import { migrate } from './migrations/migrate.ts';
import { createNumberCipher, type NumberCipher } from './number-cipher.ts';
import { findRecording, runningRecordings, saveRecording } from './recordings.ts';
import { type LockedDatabase, lockSqliteFile, openSqliteMemory } from './sqlite/open.ts';
import {
  findOpenTicketByNumber,
  findTicket,
  lastArrivalSequence,
  openTickets,
  saveTicket,
} from './tickets.ts';

export interface StoreOptions {
  /** Path of the SQLite file, or `:memory:` for one that ends with the process. */
  readonly file: string;
  /**
   * Path of the data key. Undefined: `linekeeper.key` beside the database, made on the first start.
   * A path given must exist.
   */
  readonly keyFile?: string | undefined;
  /** The database never grows larger; commits then fail with `diskFull`. */
  readonly maxSizeBytes?: number | undefined;
  /** Commits that may wait for the disk; more fail with `overloaded`. Default 10,000. */
  readonly maxWaitingCommits?: number | undefined;
}

/** The engine's store, with what reports, checks and the registrar ask besides. */
export interface LinekeeperStore extends Store, PhoneStore {
  call(id: CallId): Promise<CallRecord | undefined>;
  recording(id: RecordingId): Promise<Recording | undefined>;
  /** The earliest ticket of this number that has not ended. */
  findOpenTicketByNumber(number: E164): Promise<Ticket | undefined>;
  /** Entries of the ledger after a position (0 for the beginning), in order. */
  ledgerEntries(afterPosition: number, limit: number): Promise<readonly LedgerEntry[]>;
  /** Whether any entry was changed, removed or moved since it was written. */
  verifyLedger(): Promise<LedgerVerdict>;
}

const MEMORY = ':memory:';
const MAX_WAITING_COMMITS = 10_000;

/**
 * Opens the store, making it on the first start. Nothing is written to a database that is damaged,
 * of a newer version, in use, or of another key.
 * @throws StoreFailure with a message for operators
 */
export async function createStore(options: StoreOptions): Promise<LinekeeperStore> {
  if (options.file === MEMORY) {
    return startStore(openSqliteMemory(), deriveKeys(passingDataKey()), options);
  }
  const locked = lockSqliteFile(options.file, options.maxSizeBytes);
  try {
    const keys = deriveKeys(dataKeyFor(locked, options));
    checkKey(locked, keys, options);
    return await startStore(locked.open(), keys, options);
  } catch (error) {
    locked.release();
    throw error;
  }
}

async function startStore(
  backend: Backend,
  keys: StoreKeys,
  options: StoreOptions,
): Promise<LinekeeperStore> {
  try {
    await migrate(backend, keys);
  } catch (error) {
    await backend.close();
    throw error;
  }
  return storeOn(backend, keys, options.maxWaitingCommits ?? MAX_WAITING_COMMITS);
}

function dataKeyFor(locked: LockedDatabase, options: StoreOptions): Buffer {
  if (options.keyFile !== undefined) return readDataKey(options.keyFile);
  const path = defaultKeyFile(options);
  return locked.found.version === 0 ? readOrMakeDataKey(path) : readDataKey(path);
}

function checkKey(locked: LockedDatabase, keys: StoreKeys, options: StoreOptions): void {
  const { keyCheck } = locked.found;
  if (keyCheck === undefined || sameBytes(keyCheck, keys.check)) return;
  const keyFile = options.keyFile ?? defaultKeyFile(options);
  const message = `store: ${keyFile} is not the key that ${options.file} was written with`;
  throw new StoreFailure('keyWrong', message);
}

function defaultKeyFile(options: StoreOptions): string {
  return join(dirname(options.file), 'linekeeper.key');
}

function storeOn(backend: Backend, keys: StoreKeys, maxWaiting: number): LinekeeperStore {
  const { db } = backend;
  const cipher = createNumberCipher(keys);
  const commits = new GroupCommit((works) => runWorks(backend, works, keys.ledger), maxWaiting);
  const reading = async <T>(read: Promise<T>): Promise<T> => {
    try {
      return await read;
    } catch (error) {
      throw storeFailureOf(error, 'reading');
    }
  };
  return {
    commit: async (changes) => commits.commit(workOf(changes, cipher)),
    openTickets: () => reading(openTickets(db, cipher)),
    ticket: (id) => reading(findTicket(db, cipher, id)),
    findOpenTicketByNumber: (number) => reading(findOpenTicketByNumber(db, cipher, number)),
    lastArrivalSequence: () => reading(lastArrivalSequence(db)),
    call: (id) => reading(findCall(db, cipher, id)),
    openCalls: () => reading(openCalls(db, cipher)),
    recording: (id) => reading(findRecording(db, id)),
    runningRecordings: () => reading(runningRecordings(db)),
    agentPresences: () => reading(agentPresences(db)),
    phones: () => reading(readPhones(db)),
    replacePhones: (agentId, phones) =>
      commits.commit({ writes: [replacePhones(agentId, phones)], facts: [] }),
    ledgerEntries: (after, limit) => reading(ledgerEntries(db, after, limit)),
    verifyLedger: () => reading(verifyLedger(db, keys.ledger)),
    close: async () => {
      await commits.close();
      await backend.close();
    },
  };
}

async function runWorks(backend: Backend, works: readonly Work[], key: Buffer): Promise<void> {
  await backend.db.transaction().execute(async (transaction) => {
    for (const work of works) {
      for (const write of work.writes) await write(transaction);
    }
    const facts = works.flatMap((work) => work.facts);
    await appendFacts(transaction, facts, key);
  });
}

/** Turns changes into rows at once, so that an invalid one fails alone. @throws StoreFailure */
function workOf(changes: readonly Change[], cipher: NumberCipher): Work {
  const writes: Write[] = [];
  const facts: Work['facts'][number][] = [];
  for (const change of changes) {
    if (change.kind === 'fact') facts.push(prepareFact(change.fact));
    else writes.push(writeOf(change, cipher));
  }
  return { writes, facts };
}

function writeOf(change: Exclude<Change, { kind: 'fact' }>, cipher: NumberCipher): Write {
  switch (change.kind) {
    case 'ticket':
      return saveTicket(change.ticket, cipher);
    case 'call':
      return saveCall(change.call, cipher);
    case 'recording':
      return saveRecording(change.recording);
    case 'agent':
      return saveAgentPresence(change.agentId, change.presence);
  }
}
