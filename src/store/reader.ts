import { dirname, join } from 'node:path';
import type { CallRecord } from '../domain/call/call-record.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import type { CallId, TicketId } from '../domain/ids.ts';
import type { Archive } from '../engine/archive.ts';
import type { Backend } from './backend.ts';
import { callsBetween, findCall } from './calls.ts';
import { deriveKeys, readDataKey, type StoreKeys, sameBytes } from './data-key.ts';
import { StoreFailure } from './failure.ts';
import { ledgerBetween, ledgerHashes, ledgerOf } from './ledger/ledger.ts';
import { type LedgerVerdict, verifyLedger } from './ledger/ledger-check.ts';
import { createNumberCipher } from './number-cipher.ts';
import { reading } from './patience.ts';
import { openSqliteForReading } from './sqlite/open.ts';
import { findTicket, ticketsOf } from './tickets.ts';

/** A store as it stood when it was opened, beside the server that has it or without one. */
export interface StoreReader extends Archive {
  ticket(id: TicketId): Promise<Ticket | undefined>;
  call(id: CallId): Promise<CallRecord | undefined>;
  /** Whether any entry of the ledger was changed, removed or moved since it was written. */
  verifyLedger(): Promise<LedgerVerdict>;
  /** The hash in the chain of each of these entries, in hexadecimal, by position; at most a page. */
  ledgerHashes(positions: readonly number[]): Promise<ReadonlyMap<number, string>>;
  close(): Promise<void>;
}

/**
 * Opens a store for reading only. Close it soon: until then the server's log can not be cut.
 * @throws StoreFailure with a message for operators
 */
export function openStoreReader(options: {
  readonly file: string;
  /** Undefined: `linekeeper.key` beside the database. */
  readonly keyFile?: string | undefined;
}): StoreReader {
  const backend = openSqliteForReading(options.file);
  try {
    const keyFile = options.keyFile ?? join(dirname(options.file), 'linekeeper.key');
    const keys = deriveKeys(readDataKey(keyFile));
    if (backend.found.keyCheck === undefined || !sameBytes(backend.found.keyCheck, keys.check)) {
      const message = `store: ${keyFile} is not the key that ${options.file} was written with`;
      throw new StoreFailure('keyWrong', message);
    }
    return readerOn(backend, keys);
  } catch (error) {
    void backend.close();
    throw error;
  }
}

function readerOn(backend: Backend, keys: StoreKeys): StoreReader {
  const { db } = backend;
  const cipher = createNumberCipher(keys);
  return {
    ticketsOf: (queue, states, page) => reading(() => ticketsOf(db, cipher, queue, states, page)),
    callsBetween: (span, page) => reading(() => callsBetween(db, cipher, span, page)),
    ledgerOf: (about, limit, after) => reading(() => ledgerOf(db, about, limit, after)),
    ledgerBetween: (span, page) => reading(() => ledgerBetween(db, span, page)),
    ledgerHashes: (positions) => reading(() => ledgerHashes(db, positions)),
    verifyLedger: () => reading(() => verifyLedger(db, keys.ledger)),
    ticket: (id) => reading(() => findTicket(db, cipher, id)),
    call: (id) => reading(() => findCall(db, cipher, id)),
    close: () => backend.close(),
  };
}
