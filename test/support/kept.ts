import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CallRecord } from '../../src/domain/call/call-record.ts';
import type { Ticket } from '../../src/domain/callback/ticket.ts';
import type { CallId, RecordingId, TicketId } from '../../src/domain/ids.ts';
import type { Recording } from '../../src/domain/recording/recording.ts';
import type { LedgerFact } from '../../src/engine/ports.ts';
import { createStore, type LinekeeperStore } from '../../src/store/store.ts';

const DATABASE = 'linekeeper.db';
const KEY = 'linekeeper.key';
const MAX_FACTS = 10_000;
const LOOK_EVERY_MS = 150;
const PATIENCE_MS = 10_000;

/** What a server has on disk at one moment. */
export interface Kept {
  /** By registration. */
  readonly tickets: readonly Ticket[];
  /** By their start. */
  readonly recordings: readonly Recording[];
  /** Calls that the tickets and recordings belong to. */
  readonly calls: ReadonlyMap<CallId, CallRecord>;
  /** The ledger. */
  readonly facts: readonly LedgerFact[];
  /** The whole ledger holds together. */
  readonly ledgerIsSound: boolean;
}

/** Reads a copy of the database in `data`, whether or not a server runs on it. */
async function readKept(data: string): Promise<Kept> {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-kept-'));
  const original = new Database(join(data, DATABASE), { readonly: true });
  try {
    await original.backup(join(folder, DATABASE));
    await copyFile(join(data, KEY), join(folder, KEY));
    const store = await createStore({ file: join(folder, DATABASE) });
    try {
      return await keptIn(store);
    } finally {
      await store.close();
    }
  } finally {
    original.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves with what is on disk once it `fits`. */
export async function keptOnce(
  data: string,
  what: string,
  fits: (kept: Kept) => boolean,
): Promise<Kept> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const kept = await readKept(data);
    if (fits(kept)) return kept;
    if (Date.now() > end) throw new Error(`not on disk: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function keptIn(store: LinekeeperStore): Promise<Kept> {
  const facts = await store.ledgerEntries(0, MAX_FACTS);
  const about = (wanted: string): readonly string[] =>
    facts.flatMap(({ what, about: id }) => (what === wanted ? [id] : []));
  const tickets = await all(about('ticketRegistered'), (id) => store.ticket(id as TicketId));
  const recordings = await all(about('recordingStarted'), (id) =>
    store.recording(id as RecordingId),
  );
  const callIds = new Set([
    ...tickets.flatMap(({ origin }) => origin.callId ?? []),
    ...recordings.map(({ callId }) => callId),
  ]);
  const calls = await all([...callIds], (id) => store.call(id as CallId));
  const verdict = await store.verifyLedger();
  return {
    tickets,
    recordings,
    facts,
    calls: new Map(calls.map((call) => [call.id, call])),
    ledgerIsSound: verdict.ok,
  };
}

async function all<T>(
  ids: readonly string[],
  find: (id: string) => Promise<T | undefined>,
): Promise<readonly T[]> {
  const found = await Promise.all(ids.map(find));
  return found.filter((item) => item !== undefined);
}
