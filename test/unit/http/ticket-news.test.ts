import { expect, test } from 'vitest';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import type { Change } from '../../../src/engine/ports.ts';
import { TicketNews } from '../../../src/http/ticket-news.ts';
import { aTicket } from './fake-office.ts';

const WAITING = aTicket();
const DIALLING = aTicket({ state: { name: 'dialling', agentId: 'alice', startedAt: 5 } });
const ENDED = aTicket({ state: { name: 'expired', at: 9 } });

/** Remembers every change that it was asked for news of, and how it ended. */
function remembering(open: readonly Ticket[] = []) {
  const told: string[] = [];
  const nameOf = (ticket: Ticket | undefined) => ticket?.state.name ?? 'none';
  const news = new TicketNews(open, (before, after) => {
    const step = `${nameOf(before)} ${nameOf(after)}`;
    const event: Change = { kind: 'memory', name: step, value: 1 };
    return { changes: [event], settled: (kept) => told.push(`${step} ${kept}`) };
  });
  const of = (ticket: Ticket) => news.of([{ kind: 'ticket', ticket }]);
  return { news, of, told };
}

test('a ticket is told against what was written of it last', () => {
  const { of, told } = remembering();
  for (const ticket of [WAITING, DIALLING, ENDED, WAITING]) of(ticket).settled(true);
  expect(told).toEqual([
    'none waiting true',
    'waiting dialling true',
    'dialling expired true',
    'none waiting true',
  ]);
});

test('what was refused is told anew with what is written in its place', () => {
  const { of, told } = remembering([WAITING]);
  of(DIALLING).settled(false);
  of(DIALLING).settled(true);
  expect(told).toEqual(['waiting dialling false', 'waiting dialling true']);
});

test('its changes go with those that it tells of, and no other change is news', () => {
  const { news, of } = remembering();
  expect(of(WAITING).changes).toEqual([{ kind: 'memory', name: 'none waiting', value: 1 }]);
  expect(news.of([{ kind: 'memory', name: 'x', value: 1 }]).changes).toEqual([]);
});
