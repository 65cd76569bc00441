import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StoreFailure } from '../../../src/store/failure.ts';
import { type StoreUnderTest, useStore } from './harness.ts';
import {
  anyCall,
  anyPresence,
  anyRecording,
  anyTicket,
  callOf,
  factOf,
  NUMBER,
  phoneOf,
  recordingOf,
  registration,
  ticketOf,
} from './records.ts';

/** What every store must do, whatever database is behind it. */
export function describeStore(name: string, prepare: () => StoreUnderTest): void {
  describe(`store on ${name}`, () => {
    const { open, reopen } = useStore(prepare);

    test('is empty at first', async () => {
      const empty = await open();
      expect(await empty.openTickets()).toEqual([]);
      expect(await empty.openCalls()).toEqual([]);
      expect(await empty.runningRecordings()).toEqual([]);
      expect(await empty.agentPresences()).toEqual(new Map());
      expect(await empty.phones()).toEqual(new Map());
      expect(await empty.lastArrival()).toEqual({ arrivedAt: 0, arrivalSequence: 0 });
      expect(await empty.ticket('ticket-1')).toBeUndefined();
      expect(await empty.verifyLedger()).toEqual({ ok: true, entries: 0 });
    });

    test('gives back every record as it was committed', async () => {
      const before = await open();
      const samples = fc.sample(fc.tuple(anyTicket, anyCall, anyRecording, anyPresence), 200);
      for (const [index, [ticket, call, recording, presence]] of samples.entries()) {
        await before.commit([
          { kind: 'ticket', ticket },
          { kind: 'call', call },
          { kind: 'recording', recording },
          { kind: 'agent', agentId: `agent-${index}`, presence },
        ]);
      }
      const after = await reopen();
      const presences = await after.agentPresences();
      for (const [index, [ticket, call, recording, presence]] of samples.entries()) {
        expect(await after.ticket(ticket.id)).toEqual(ticket);
        expect(await after.call(call.id)).toEqual(call);
        expect(await after.recording(recording.id)).toEqual(recording);
        expect(presences.get(`agent-${index}`)).toEqual(presence);
      }
    });

    test('keeps the last of several versions of a record', async () => {
      const before = await open();
      await before.commit([{ kind: 'ticket', ticket: ticketOf() }]);
      const ticket = ticketOf({
        number: '+12025550145',
        state: { name: 'waiting', notBefore: 7, because: 'unreachable' },
      });
      await before.commit([{ kind: 'ticket', ticket }]);
      const after = await reopen();
      expect(await after.openTickets()).toEqual([ticket]);
    });

    test('lists open tickets by arrival, whatever the order of their commits', async () => {
      const before = await open();
      const places = [
        [30, 5],
        [10, 2],
        [30, 4],
        [20, 3],
      ] as const;
      for (const [arrivedAt, arrivalSequence] of places) {
        const ticket = ticketOf({ id: `ticket-${arrivalSequence}`, arrivedAt, arrivalSequence });
        await before.commit([{ kind: 'ticket', ticket }]);
      }
      const after = await reopen();
      const ids = (await after.openTickets()).map((ticket) => ticket.id);
      expect(ids).toEqual(['ticket-2', 'ticket-3', 'ticket-4', 'ticket-5']);
      expect(await after.lastArrival()).toEqual({ arrivedAt: 30, arrivalSequence: 5 });
    });

    test('lists what has not ended, and only that', async () => {
      const subject = await open();
      const agentId = 'anna';
      const end = { at: 9, outcome: 'served' } as const;
      await subject.commit([
        { kind: 'ticket', ticket: ticketOf({ id: 'ticket-w' }) },
        ...(
          [
            { name: 'dialling', agentId, startedAt: 5 },
            { name: 'reached', agentId, startedAt: 5, reachedAt: 6 },
            { name: 'connected', agentId, at: 7 },
            { name: 'cancelled', at: 8, by: 'callee', because: 'asked' },
            { name: 'exhausted', at: 9, cause: 'busy' },
            { name: 'expired', at: 9 },
          ] as const
        ).map((state, index) => ({
          kind: 'ticket' as const,
          ticket: ticketOf({ id: `ticket-${state.name}`, arrivalSequence: index + 2, state }),
        })),
        { kind: 'call', call: callOf({ id: 'call-open' }) },
        { kind: 'call', call: callOf({ id: 'call-ended', end }) },
        { kind: 'recording', recording: recordingOf({ id: 'rec-running' }) },
        {
          kind: 'recording',
          recording: recordingOf({ id: 'rec-cut', state: { name: 'interrupted', endedAt: 1 } }),
        },
      ]);
      const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
      expect(ids(await subject.openTickets())).toEqual([
        'ticket-w',
        'ticket-dialling',
        'ticket-reached',
      ]);
      expect(ids(await subject.openCalls())).toEqual(['call-open']);
      expect(ids(await subject.runningRecordings())).toEqual(['rec-running']);
      expect((await subject.lastArrival()).arrivalSequence).toBe(7);
    });

    test('keeps of how many attempts a record tells', async () => {
      const subject = await open();
      const attempt = { startedAt: 1, endedAt: 9, cause: 'congestion', agentId: 'ben' } as const;
      const ticket = ticketOf({ attempts: [{ ...attempt, times: 40 }, attempt] });
      await subject.commit([{ kind: 'ticket', ticket }]);
      expect((await subject.ticket(ticket.id))?.attempts).toEqual(ticket.attempts);
    });

    test('tells which numbers were asked for and called since a time', async () => {
      const subject = await open();
      const CALLER = '+12025550177';
      const inbound = callOf({ id: 'call-1', party: CALLER, startedAt: 90 });
      const attempt = callOf({ id: 'call-2', direction: 'callback', startedAt: 210 });
      const { origin } = ticketOf();
      await subject.commit([
        { kind: 'call', call: inbound },
        { kind: 'call', call: attempt },
        { kind: 'call', call: { ...attempt, id: 'call-3', startedAt: 99 } },
        {
          kind: 'ticket',
          ticket: ticketOf({
            id: 'ticket-1',
            registeredAt: 100,
            origin: { ...origin, callId: 'call-1' },
          }),
        },
        {
          kind: 'ticket',
          ticket: ticketOf({
            id: 'ticket-2',
            registeredAt: 150,
            origin: { ...origin, callId: undefined },
            state: { name: 'expired', at: 300 },
          }),
        },
        { kind: 'ticket', ticket: ticketOf({ id: 'ticket-3', registeredAt: 99 }) },
      ]);
      expect(await subject.numbersUsedSince(100)).toEqual({
        registrations: [
          { number: NUMBER, caller: CALLER, at: 100 },
          { number: NUMBER, caller: undefined, at: 150 },
        ],
        attempts: [{ number: NUMBER, at: 210 }],
      });
    });

    test('finds the ticket of a number that was given up last', async () => {
      const subject = await open();
      const gaveUp = (at: number) => ({ name: 'exhausted', at, cause: 'noAnswer' }) as const;
      await subject.commit([
        { kind: 'ticket', ticket: ticketOf({ id: 'ticket-1', state: gaveUp(100) }) },
        { kind: 'ticket', ticket: ticketOf({ id: 'ticket-2', state: gaveUp(200) }) },
        {
          kind: 'ticket',
          ticket: ticketOf({ id: 'ticket-3', state: { name: 'expired', at: 300 } }),
        },
        { kind: 'ticket', ticket: ticketOf({ id: 'ticket-4' }) },
      ]);
      expect((await subject.recentTicketOf(NUMBER, 150))?.id).toBe('ticket-2');
      expect((await subject.recentTicketOf(NUMBER, 200))?.id).toBe('ticket-2');
      expect(await subject.recentTicketOf(NUMBER, 201)).toBeUndefined();
      expect(await subject.recentTicketOf('+12025550199', 0)).toBeUndefined();
    });

    test('keeps phones by agent and replaces them together', async () => {
      const before = await open();
      const desk = phoneOf();
      const soft = phoneOf({ uri: 'sip:anna@127.0.0.1:5090', registeredAt: desk.registeredAt + 1 });
      await before.replacePhones('anna', [desk, soft]);
      await before.replacePhones('ben', [desk]);
      await before.replacePhones('ben', []);
      const after = await reopen();
      expect(await after.phones()).toEqual(new Map([['anna', [soft, desk]]]));
    });

    test('chains the facts of all commits in order', async () => {
      const before = await open();
      for (let n = 1; n <= 20; n += 1) await before.commit(registration(n));
      const after = await reopen();
      await after.commit(registration(21));
      expect(await after.verifyLedger()).toEqual({ ok: true, entries: 21 });
      const entries = await after.ledgerEntries(19, 10);
      expect(entries.map(({ position, detail }) => [position, detail['n']])).toEqual([
        [20, 20],
        [21, 21],
      ]);
    });

    test('commits that come together are kept in order', async () => {
      const before = await open();
      const numbers = Array.from({ length: 500 }, (_, index) => index + 1);
      await Promise.all(numbers.map((n) => before.commit(registration(n))));
      const after = await reopen();
      const sequences = (await after.openTickets()).map((ticket) => ticket.arrivalSequence);
      expect(sequences).toEqual(numbers);
      const entries = await after.ledgerEntries(0, 1_000);
      expect(entries.map(({ detail }) => detail['n'])).toEqual(numbers);
      expect(await after.verifyLedger()).toEqual({ ok: true, entries: 500 });
    });

    test('an invalid commit is refused alone and changes nothing', async () => {
      const subject = await open();
      const wrong = ticketOf({ id: 'ticket-wrong', number: '+1202555012x' });
      const results = await Promise.allSettled([
        subject.commit(registration(1)),
        subject.commit([
          { kind: 'fact', fact: factOf() },
          { kind: 'ticket', ticket: wrong },
        ]),
        subject.commit([{ kind: 'fact', fact: factOf({ detail: { wait: Number.NaN } }) }]),
        subject.commit([{ kind: 'fact', fact: factOf({ detail: { long: 'x'.repeat(5_000) } }) }]),
        subject.commit(registration(2)),
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'rejected',
        'fulfilled',
      ]);
      expect(results[1]).toMatchObject({ reason: { kind: 'invalidChange', origin: 'store' } });
      expect(String(results[1]?.status === 'rejected' && results[1].reason)).not.toContain('555');
      expect((await subject.openTickets()).map(({ id }) => id)).toEqual(['ticket-1', 'ticket-2']);
      expect(await subject.verifyLedger()).toEqual({ ok: true, entries: 2 });
    });

    test('closing waits for what was committed, then refuses', async () => {
      const before = await open();
      const committed = before.commit(registration(1));
      await before.close();
      await committed;
      await before.close();
      await expect(before.commit(registration(2))).rejects.toMatchObject({ kind: 'closed' });
      await expect(before.commit([])).rejects.toBeInstanceOf(StoreFailure);
      const after = await reopen();
      if (after !== before) expect(await after.openTickets()).toHaveLength(1);
    });
  });
}
