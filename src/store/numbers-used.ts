import type { Kysely } from 'kysely';
import type { E164, EpochMs } from '../domain/ids.ts';
import type { NumbersUsed } from '../engine/ports.ts';
import { placeOfParty } from './calls.ts';
import type { NumberCipher } from './number-cipher.ts';
import type { Tables } from './tables.ts';
import { placeOfNumber } from './ticket-row.ts';

/** More are not asked of a day by any ceiling. */
const MOST_ROWS = 200_000;

/**
 * Callbacks asked for since then, and calls made; numbers that have aged off are left out.
 * @throws StoreFailure `damaged`
 */
export async function numbersUsedSince(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  since: EpochMs,
): Promise<NumbersUsed> {
  return {
    registrations: [
      ...(await registrations(db, cipher, since, true)),
      ...(await registrations(db, cipher, since, false)),
    ].toSorted((a, b) => a.at - b.at),
    attempts: await attempts(db, cipher, since),
  };
}

/** Of tickets that are open, or have ended since: each way is a short index. */
async function registrations(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  since: EpochMs,
  open: boolean,
): Promise<NumbersUsed['registrations'][number][]> {
  const rows = await db
    .selectFrom('tickets')
    .leftJoin('calls', 'calls.id', 'tickets.call_id')
    .select([
      'tickets.id as id',
      'number_sealed',
      'registered_at',
      'calls.id as call_id',
      'party_sealed',
    ])
    .where('tickets.ended_at', open ? 'is' : '>=', open ? null : since)
    .where('registered_at', '>=', since)
    .limit(MOST_ROWS)
    .execute();
  return rows.flatMap(({ id, number_sealed, registered_at, call_id, party_sealed }) => {
    if (number_sealed === null) return [];
    const caller = opened(
      cipher,
      party_sealed,
      call_id === null ? undefined : placeOfParty(call_id),
    );
    const number = cipher.open(number_sealed, placeOfNumber(id));
    return [{ number, caller, at: registered_at }];
  });
}

async function attempts(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  since: EpochMs,
): Promise<NumbersUsed['attempts']> {
  const rows = await db
    .selectFrom('calls')
    .select(['id', 'party_sealed', 'started_at'])
    .where('started_at', '>=', since)
    .where('direction', '=', 'callback')
    .orderBy('started_at')
    .orderBy('id')
    .limit(MOST_ROWS)
    .execute();
  return rows.flatMap(({ id, party_sealed, started_at }) =>
    party_sealed === null
      ? []
      : [{ number: cipher.open(party_sealed, placeOfParty(id)), at: started_at }],
  );
}

function opened(
  cipher: NumberCipher,
  sealed: Uint8Array | null,
  place: string | undefined,
): E164 | undefined {
  return sealed === null || place === undefined ? undefined : cipher.open(sealed, place);
}
