import { afterEach, describe, expect, test } from 'vitest';
import { hasEnded } from '../../src/domain/callback/ticket-step.ts';
import type { AgainResult } from './calling-again.ts';
import { liveOrExplain } from './shortest-day.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const EVERYBODY = Array.from({ length: 1_200 }, (_, index) => index);

/** What every such day has to bring about, or it proves nothing. */
const HEARD = [
  'welcome-back',
  'repeat-kept',
  'repeat-cancelled',
  'repeat-number-changed',
  'slot-booked',
  'ticket-confirmed',
  'relay-welcome',
  'number-invalid',
  'registering-off',
];
const DONE = [
  'create',
  'cancel',
  'move',
  'reschedule',
  'turn dialling false',
  'turn dialling back',
];

/** On a bad day only what was injected may be complained of; never an event that failed. */
const EXPECTED_ERROR = /^(?!event failed|mailbox).*(injected|nobody to join|no such recording)/u;

/** A line of figures, so that a run shows what it saw. */
function summary({ world, office }: AgainResult): string {
  const { said, tickets, slots } = world.watches;
  const heard = HEARD.map((sound) => `${sound} ${said.said.get(`prompts/${sound}`) ?? 0}`);
  const done = [...office].map(([what, times]) => `${what} ${times}`);
  return [
    `SEED=${seed}: ${world.steps} steps; heard ${heard.join(', ')}`,
    `grace ${tickets.graces}, bookings ${slots.bookings}, full slots ${slots.full.size}`,
    `office: ${done.join(', ')}\n`,
  ].join('; ');
}

function expectFullDay({ world, office }: AgainResult): void {
  const { said, tickets, slots } = world.watches;
  for (const sound of HEARD) expect(said.said.get(`prompts/${sound}`), sound).toBeGreaterThan(0);
  for (const what of DONE) expect(office.get(what), what).toBeGreaterThan(0);
  expect(tickets.graces).toBeGreaterThan(10);
  expect(slots.bookings).toBeGreaterThan(100);
  expect(slots.full.size).toBeGreaterThan(0);
  const open = [...world.store.tickets.values()].filter((ticket) => !hasEnded(ticket));
  expect(open).toEqual([]);
}

describe(`people who call again, SEED=${seed}`, () => {
  afterEach((context) => {
    if (context.task.result?.state === 'fail') process.stderr.write(`repeat with SEED=${seed}\n`);
  });

  test('keep, change, cancel and book: what they are told holds', async () => {
    const day = { seed, regulars: EVERYBODY, agents: 20, isBad: false, twinCalls: 0.15 };
    const lived = await liveOrExplain(day);
    process.stdout.write(summary(lived));
    expectFullDay(lived);
    expect(lived.world.errors).toEqual([]);
  });

  test('also on a bad day, with two deaths of the process', async () => {
    const day = { seed: seed + 1, regulars: EVERYBODY, agents: 24, isBad: true, twinCalls: 0.15 };
    const lived = await liveOrExplain(day);
    process.stdout.write(summary(lived));
    expectFullDay(lived);
    expect(lived.world.errors.filter((error) => !EXPECTED_ERROR.test(error))).toEqual([]);
  });
});
