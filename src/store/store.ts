import { dirname, join } from 'node:path';
import type { CallRecord } from '../domain/call/call-record.ts';
import type { CallId, RecordingId } from '../domain/ids.ts';
import type { Recording } from '../domain/recording/recording.ts';
import type { ApiStore, IdempotentRequest } from '../engine/api-records.ts';
import type { Ageing, Archive, LedgerEntry } from '../engine/archive.ts';
import type { PhoneStore } from '../engine/phones.ts';
import type { Store } from '../engine/ports.ts';
import { countAgedOff, destroyAgedOff } from './ageing/ageing.ts';
import { agentPresences } from './agents.ts';
import { apiKeyOf, apiKeys } from './api-keys.ts';
import type { Backend } from './backend.ts';
import { callsBetween, findCall, openCalls } from './calls.ts';
import { readPhones, replacePhones } from './contacts.ts';
import {
  deriveKeys,
  passingDataKey,
  readDataKey,
  readOrMakeDataKey,
  type StoreKeys,
  sameBytes,
} from './data-key.ts';
import { deliveriesDue, nextDeliveryAt } from './deliveries.ts';
import { finished, StoreFailure } from './failure.ts';
import { GroupCommit, type Work, type Write } from './group-commit.ts';
import { releaseIdempotencyKey, takeIdempotencyKey } from './idempotency-keys.ts';
import { appendFacts, ledgerBetween, ledgerEntries, ledgerOf } from './ledger/ledger.ts';
import { type LedgerVerdict, verifyLedger } from './ledger/ledger-check.ts';
import { memories } from './memories.ts';
import { migrate } from './migrations/migrate.ts';
import { createNumberCipher, type NumberCipher } from './number-cipher.ts';
import { numbersUsedSince } from './numbers-used.ts';
import { hasOptedOut } from './opt-outs.ts';
import { patiently, reading } from './patience.ts';
import { turnedSwitches } from './queue-switches.ts';
import { findRecording, runningRecordings } from './recordings.ts';
import { type LockedDatabase, lockSqliteFile, openSqliteMemory } from './sqlite/open.ts';
import { findTicket, lastArrival, openTickets, recentTicketOf, ticketsOf } from './tickets.ts';
import { createTurns } from './turns.ts';
import { workOf } from './works.ts';

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

interface LedgerReader {
  /** Entries of the ledger after a position (0 for the beginning), in order. */
  ledgerEntries(afterPosition: number, limit: number): Promise<readonly LedgerEntry[]>;
}

interface LedgerCheck {
  /** Whether any entry was changed, removed or moved since it was written. */
  verifyLedger(): Promise<LedgerVerdict>;
}

/** The engine's store, with what reports, checks, the API and the registrar ask besides. */
export interface LinekeeperStore
  extends Store,
    PhoneStore,
    Archive,
    ApiStore,
    Ageing,
    LedgerReader,
    LedgerCheck {
  call(id: CallId): Promise<CallRecord | undefined>;
  recording(id: RecordingId): Promise<Recording | undefined>;
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
    await patiently(() => migrate(backend, keys), 'migrating');
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

/** What the parts of a store work with. */
interface Inside {
  readonly backend: Backend;
  readonly cipher: NumberCipher;
  readonly ledgerKey: Buffer;
  readonly commits: GroupCommit;
}

function storeOn(backend: Backend, keys: StoreKeys, maxWaiting: number): LinekeeperStore {
  const { db } = backend;
  const cipher = createNumberCipher(keys);
  const commits = new GroupCommit((works) => runWorks(backend, works, keys.ledger), maxWaiting);
  const inside: Inside = { backend, cipher, commits, ledgerKey: keys.ledger };
  return {
    ...archiveOn(inside),
    ...apiStoreOn(inside),
    ...longJobsOn(inside),
    commit: async (changes) => commits.commit(workOf(changes, cipher)),
    openTickets: () => reading(() => openTickets(db, cipher)),
    ticket: (id) => reading(() => findTicket(db, cipher, id)),
    recentTicketOf: (number, since) => reading(() => recentTicketOf(db, cipher, number, since)),
    numbersUsedSince: (at) => reading(() => numbersUsedSince(db, cipher, at)),
    lastArrival: () => reading(() => lastArrival(db)),
    call: (id) => reading(() => findCall(db, cipher, id)),
    openCalls: () => reading(() => openCalls(db, cipher)),
    recording: (id) => reading(() => findRecording(db, id)),
    runningRecordings: () => reading(() => runningRecordings(db)),
    agentPresences: () => reading(() => agentPresences(db)),
    turnedSwitches: () => reading(() => turnedSwitches(db)),
    memories: () => reading(() => memories(db)),
    phones: () => reading(() => readPhones(db)),
    replacePhones: (agentId, phones) =>
      commits.commit({ writes: [replacePhones(agentId, phones)], facts: [] }),
    close: async () => {
      await commits.close();
      await backend.close();
    },
  };
}

function archiveOn({ backend: { db }, cipher }: Inside): LedgerReader & Archive {
  return {
    ticketsOf: (queue, states, page) => reading(() => ticketsOf(db, cipher, queue, states, page)),
    callsBetween: (span, page) => reading(() => callsBetween(db, cipher, span, page)),
    ledgerOf: (about, limit, after) => reading(() => ledgerOf(db, about, limit, after)),
    ledgerBetween: (span, page) => reading(() => ledgerBetween(db, span, page)),
    ledgerEntries: (after, limit) => reading(() => ledgerEntries(db, after, limit)),
  };
}

function apiStoreOn({ backend: { db }, cipher, commits }: Inside): ApiStore {
  return {
    apiKeys: () => reading(() => apiKeys(db)),
    apiKeyOf: (secretHash) => reading(() => apiKeyOf(db, secretHash)),
    deliveriesDue: (now, limit) => reading(() => deliveriesDue(db, now, limit)),
    nextDeliveryAt: () => reading(() => nextDeliveryAt(db)),
    takeIdempotencyKey: async (request, now) => {
      let known: IdempotentRequest | undefined;
      const take: Write = async (transaction) => {
        known = await takeIdempotencyKey(transaction, request, now);
      };
      await commits.commit({ writes: [take], facts: [] });
      return known;
    },
    releaseIdempotencyKey: (key) =>
      commits.commit({ writes: [releaseIdempotencyKey(key)], facts: [] }),
    hasOptedOut: (number) => reading(() => hasOptedOut(db, cipher, number)),
  };
}

/** What reads the ledger from end to end takes turns with what shortens it. */
function longJobsOn({ backend, commits, ledgerKey }: Inside): Ageing & LedgerCheck {
  const { db } = backend;
  const takeTurn = createTurns();
  return {
    verifyLedger: () => finished(takeTurn(() => verifyLedger(db, ledgerKey))),
    agedOff: (now, policy) => reading(() => countAgedOff(db, now, policy)),
    purge: (now, policy) =>
      finished(
        takeTurn(async () => {
          const commit = (work: Work) => commits.commit(work);
          const destroyed = await destroyAgedOff(db, commit, now, policy);
          await backend.forgetDeleted();
          return destroyed;
        }),
      ),
    compact: () => finished(takeTurn(() => backend.rewrite())),
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
