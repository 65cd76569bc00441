import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ticket } from '../../src/domain/callback/ticket.ts';
import { createIds } from '../../src/observe/ids.ts';
import type { LinekeeperStore } from '../../src/store/store.ts';
import { type Findings, percentile, remark, under } from './figure.ts';
import { storeWithTickets } from './ticket-ballast.ts';
import { benchTicket } from './tickets.ts';

const MANY = 1_000_000;
const FEW = 10_000;
/** Tickets that are registered, found, claimed and cancelled, one after another. */
const MEASURED = 400;
const WARM_UP = 50;
const GOAL_MS = 2;
const MAX_GROWTH = 1.5;

const STEPS = ['register', 'find', 'claim', 'cancel'] as const;
type Step = (typeof STEPS)[number];
type Costs = Readonly<Record<Step, number[]>>;

interface Measured {
  readonly many: Costs;
  readonly few: Costs;
  /** What the disk alone costs: a file is written and waited for. */
  readonly disk: number[];
}

/** About as much as a commit writes. */
const PAGES = Buffer.alloc(8 * 4_096);

/**
 * What a ticket costs in a store with a million of them, and with ten thousand. Both are measured in
 * turns, so that a busy disk costs both the same. Each write waits for the disk.
 */
export async function measureTicketCost(): Promise<Findings> {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-tickets-'));
  try {
    const began = performance.now();
    const many = await storeWithTickets(join(folder, 'many'), MANY);
    const fillSeconds = (performance.now() - began) / 1000;
    const few = await storeWithTickets(join(folder, 'few'), FEW);
    const costs = await measureInTurns(many, few, join(folder, 'plain'));
    await many.close();
    await few.close();
    return findings(costs, fillSeconds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureInTurns(
  many: LinekeeperStore,
  few: LinekeeperStore,
  plainFile: string,
): Promise<Measured> {
  const costs = { many: emptyCosts(), few: emptyCosts(), disk: [] };
  const ids = createIds();
  const plain = await open(plainFile, 'w');
  for (let n = 0; n < WARM_UP + MEASURED; n += 1) {
    const ticket = { ...benchTicket(MANY + n, 'queue-1', Date.now()), id: ids.next('ticket') };
    await liveThrough(many, ticket, n < WARM_UP ? emptyCosts() : costs.many);
    await liveThrough(few, ticket, n < WARM_UP ? emptyCosts() : costs.few);
    await timed(costs.disk, () => plain.write(PAGES).then(() => plain.sync()));
  }
  await plain.close();
  return costs;
}

/** A ticket from its registration to its end. */
async function liveThrough(store: LinekeeperStore, ticket: Ticket, costs: Costs): Promise<void> {
  const at = Date.now();
  await timed(costs.register, () => keep(store, ticket, 'ticketRegistered'));
  await timed(costs.find, () => requireFound(store, ticket));
  await timed(costs.claim, () =>
    keep(
      store,
      { ...ticket, state: { name: 'dialling', agentId: 'agent-1', startedAt: at } },
      'attemptStarted',
    ),
  );
  await timed(costs.cancel, () =>
    keep(
      store,
      { ...ticket, state: { name: 'cancelled', at, by: 'callee', because: 'asked' } },
      'ticketCancelled',
    ),
  );
}

function keep(store: LinekeeperStore, ticket: Ticket, what: string): Promise<void> {
  const detail = { queue: ticket.queue, state: ticket.state.name };
  return store.commit([
    { kind: 'ticket', ticket },
    { kind: 'fact', fact: { at: ticket.registeredAt, about: ticket.id, what, detail } },
  ]);
}

async function requireFound(store: LinekeeperStore, { id }: Ticket): Promise<void> {
  if ((await store.ticket(id)) === undefined) throw new Error(`${id} is not found`);
}

async function timed(costs: number[], action: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await action();
  costs.push(performance.now() - began);
}

function findings(costs: Measured, fillSeconds: number): Findings {
  const median = (values: readonly number[]) => percentile(values, 0.5);
  const growths = STEPS.map((step) => median(costs.many[step]) / median(costs.few[step]));
  return {
    figures: [
      ...STEPS.map((step) => under(`ticket_${step}_ms`, median(costs.many[step]), 'ms', GOAL_MS)),
      under('ticket_cost_growth', Math.max(...growths), 'ratio', MAX_GROWTH),
    ],
    remarks: [
      ...STEPS.map((step, index) => remark(`${step}: growth`, growths[index] ?? 0, 'ratio')),
      ...STEPS.map((step) => remark(`${step}: p99`, percentile(costs.many[step], 0.99), 'ms')),
      remark('the disk alone: median', median(costs.disk), 'ms'),
      remark('filling the store', fillSeconds, 's'),
    ],
  };
}

function emptyCosts(): Costs {
  return { register: [], find: [], claim: [], cancel: [] };
}
