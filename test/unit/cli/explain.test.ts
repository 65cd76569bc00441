import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { ticketIdOf, writeLife } from '../../../src/cli/explain.ts';
import type { Change } from '../../../src/engine/ports.ts';
import { fact, siteWith, TICKET_LIFE, ticketOf } from './site.ts';
import { listen } from './terminal.ts';

async function explain(changes: readonly Change[], all = false) {
  const { site } = await siteWith(changes);
  const { heard, terminal } = listen('');
  const code = await writeLife(site, 'ticket-a', all, terminal);
  return { code, ...heard, lines: heard.out.split('\n') };
}

describe('linekeeper explain', () => {
  it('tells the life of a ticket in plain words, with who went before it and why', async () => {
    const { code, out } = await explain(TICKET_LIFE);
    expect(out).toBe(`Ticket         ticket-a
Queue          refunds
Number         +1 202 ••• ••23
In line since  2026-11-25 09:00:00 -05:00
State          connected at 2026-11-25 09:20:00 -05:00
Attempts       2

2026-11-25 09:00:00 -05:00  Joined the line of refunds as arrival 41.
2026-11-25 09:00:30 -05:00  Was offered a callback, with an estimated wait of 10 minutes.
2026-11-25 09:01:00 -05:00  Took a callback by pressing 1, at the number they called from. Keeps the place in line of 2026-11-25 09:00:00 -05:00, arrival 41.
2026-11-25 09:01:30 -05:00  May be called: waits for its turn.
2026-11-25 09:05:00 -05:00  Its turn: agent alice is kept for it.
2026-11-25 09:05:00 -05:00  Attempt 1: the customer is called.
2026-11-25 09:06:00 -05:00  Attempt 1 ended: nobody answered. Not to be called again before 2026-11-25 09:16:00 -05:00, because the last attempt had not reached the customer.
2026-11-25 09:06:00 -05:00    call-b (came later) went first to agent alice, because the last attempt had not reached the customer.
2026-11-25 09:16:00 -05:00  May be called: waits for its turn.
2026-11-25 09:19:00 -05:00  Its turn: agent alice is kept for it.
2026-11-25 09:19:00 -05:00  Attempt 2: the customer is called.
2026-11-25 09:19:30 -05:00  A person answered, and pressed 1.
2026-11-25 09:20:00 -05:00  Connected with the agent: the promise is kept.

Times that somebody who came later was served first: 1, of which unexplained: 0.
      1  because the last attempt had not reached the customer
The ledger is as it was written: all 15 entries were checked against their chain.
`);
    expect(code).toBe(0);
  });

  it.each<[string, string, Parameters<typeof fact>[3], string]>([
    [
      'a pause',
      'ticketPaused',
      { because: 'closed', notBefore: 0 },
      'because the queue was closed',
    ],
    ['a cancellation', 'ticketCancelled', { by: 'caller', because: 'returned' }, 'by calling in'],
    ['its age', 'ticketExpired', {}, 'Expired: it had become too old.'],
    ['another number', 'ticketNumberChanged', {}, 'The number to call was changed.'],
    [
      'a booked time',
      'ticketSlotChanged',
      { slotFrom: 0, slotTo: 900_000 },
      'Booked for 1969-12-31',
    ],
    ['a refused number', 'numberRefused', { rule: 'premium', stage: 'dialling' }, 'rule "premium"'],
    ['a missed agent', 'agentMissed', { agentId: 'bob' }, 'The agent did not come'],
    [
      'its last attempt',
      'attemptEnded',
      { cause: 'machine', state: 'exhausted' },
      'a machine answered. No further',
    ],
    [
      'what a newer version wrote',
      'attemptEnded',
      { cause: 'eaten', state: 'cancelled' },
      'ended: eaten. The ticket ends.',
    ],
    [
      'a move',
      'ticketMoved',
      { by: 'operator', reason: 'asked from 202-555-0123', arrivedAt: 0, arrivalSequence: 7 },
      'Moved by an operator',
    ],
  ])('tells of %s', async (_, what, detail, words) => {
    const { out } = await explain([...TICKET_LIFE.slice(0, 5), fact(9, what, 'ticket-a', detail)]);
    expect(out).toContain(words);
    expect(out).not.toContain('0123');
  });

  it('counts those in a row, and tells each when asked', async () => {
    const later = [4, 5, 6].flatMap((minute) => {
      const detail = {
        queue: 'refunds',
        arrivedAt: Date.UTC(2026, 10, 25, 14, minute),
        arrivalSequence: 50 + minute,
      };
      return [
        fact(minute, 'joinedLine', `call-${minute}`, detail),
        fact(minute, 'assigned', `call-${minute}`, { ...detail, agentId: 'bob' }),
      ];
    });
    const ticket = ticketOf({ state: { name: 'waiting', notBefore: 0, because: 'registered' } });
    const life: Change[] = [{ kind: 'ticket', ticket }, ...TICKET_LIFE.slice(1, 5), ...later];
    const { out } = await explain(life);
    expect(out).toContain(
      '3 who came later went first, until 2026-11-25 09:06:00 -05:00, because of nothing',
    );
    expect(out).toContain('first: 3, of which unexplained: 3.');
    const { lines } = await explain(life, true);
    expect(
      lines.filter((line) => line.includes('(came later) went first to agent bob')),
    ).toHaveLength(3);
  });

  it('tells the whole of a long life', async () => {
    const { site, store } = await siteWith(TICKET_LIFE.slice(0, 5));
    const paused = Array.from({ length: 2_100 }, (_, index) =>
      fact(9 + index / 100, 'ticketPaused', 'ticket-a', { because: 'closed', notBefore: 0 }),
    );
    await store.commit([...paused, fact(40, 'ticketExpired', 'ticket-a', {})]);
    const { heard, terminal } = listen('');
    await writeLife(site, 'ticket-a', false, terminal);
    expect(heard.out.match(/because the queue was closed/gu)).toHaveLength(2_100);
    expect(heard.out).toContain('Expired: it had become too old.');
  });

  it('says when the ledger is not what was written: 1', async () => {
    const { site } = await siteWith(TICKET_LIFE);
    const connection = new Database(site.database);
    connection.exec('update ledger set at = at + 1 where position = 9');
    connection.close();
    const { heard, terminal } = listen('');
    expect(await writeLife(site, 'ticket-a', false, terminal)).toBe(1);
    expect(heard.out).toContain('THE LEDGER WAS CHANGED: entry 9 is not what was written.');
  });

  it('refuses a ticket that is not known, and what is no ticket', async () => {
    const { site } = await siteWith([]);
    const { terminal } = listen('');
    await expect(writeLife(site, 'ticket-z', false, terminal)).rejects.toThrow(
      'there is no ticket ticket-z',
    );
    expect(() => ticketIdOf('call-a')).toThrow('"call-a" is no ticket');
  });
});
