import { afterEach, describe, expect, test } from 'vitest';
import { hasEnded } from '../../src/domain/callback/ticket-step.ts';
import type { Happening } from '../../src/engine/observer.ts';
import { checkEndOfDay } from './world/invariants.ts';
import type { Temper } from './world/people.ts';
import { samplePlan } from './world/sample-plan.ts';
import { agentsComeAndGo, operatorsReload, telephonyComesAndGoes } from './world/troubles.ts';
import { World } from './world/world.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const ORDINARY: Temper = {
  patienceSeconds: 900,
  talkSeconds: 240,
  takesCallback: 0.6,
  anonymous: 0.05,
  keysAnotherNumber: 0.15,
  busy: 0.08,
  noAnswer: 0.15,
  machine: 0.1,
  choosesLater: 0.04,
  choosesCancel: 0.03,
  hangsUpAtOnce: 0.03,
  congestion: 0.03,
  agentMisses: 0,
  hangsUpAtJoining: 0,
  mediaFails: 0,
};

const HOUR_MS = 3_600_000;
const WORKING_DAY_MS = 9 * HOUR_MS;

/** On a bad day only what was injected may be complained of; never an event that failed. */
const EXPECTED_ERROR = /^(?!event failed|mailbox).*(injected|nobody to join|no such recording)/u;

/** Lets `calls` callers dial over the working day, more of them in the late morning. */
function fillDay(world: World, calls: number): void {
  for (let index = 0; index < calls; index += 1) {
    const share = (world.random.unit() + world.random.unit()) / 2;
    world.clock.startTimer(share * WORKING_DAY_MS, () => {
      world.incoming(world.people.caller(index, '+18005550100'));
    });
  }
}

function everyoneReady(world: World): void {
  for (const agentId of world.plan.agents.keys()) {
    world.incoming(world.people.shortCode(agentId, '*70'));
  }
}

function count(world: World, what: Happening['what']): number {
  return world.happenings.filter((happening) => happening.what === what).length;
}

/** A line of figures, so that a run shows what it saw. */
function summary(world: World): string {
  const kinds = [
    'callArrived',
    'callbackOffered',
    'ticketRegistered',
    'dialling',
    'customerConfirmed',
    'talking',
    'agentMissed',
    'recordingFailed',
  ] as const;
  const counts = kinds.map((kind) => `${kind} ${count(world, kind)}`);
  const endings = new Map<string, number>();
  for (const { state } of world.store.tickets.values()) {
    endings.set(state.name, (endings.get(state.name) ?? 0) + 1);
  }
  const tickets = [...endings].map(([name, number]) => `${name} ${number}`);
  return `SEED=${seed}: ${world.steps} steps; ${counts.join(', ')}; tickets ${tickets.join(', ')}\n`;
}

/** Until everybody has gone home; the housekeeping goes on for ever. */
async function untilQuiet(world: World, dayEndsAt: number): Promise<void> {
  const giveUpAt = dayEndsAt + 7 * 24 * HOUR_MS;
  await world.run(() => {
    const now = world.clock.now();
    const { calls, callbacks, openTickets } = world.engine.state;
    // What was cut off is written down a little later.
    const isLate = now > dayEndsAt + HOUR_MS;
    return now > giveUpAt || (isLate && calls + callbacks + openTickets === 0);
  });
}

describe(`a simulated day, SEED=${seed}`, () => {
  afterEach((context) => {
    if (context.task.result?.state === 'fail') process.stderr.write(`repeat with SEED=${seed}\n`);
  });

  test('20,000 callers: all invariants hold, every ticket ends', async () => {
    const world = new World(seed, samplePlan(150, {}), ORDINARY);
    await world.start();
    everyoneReady(world);
    fillDay(world, 20_000);
    await untilQuiet(world, world.clock.now() + WORKING_DAY_MS);
    checkEndOfDay(world.store, world.engine.floor);
    expect(world.errors).toEqual([]);
    expect(count(world, 'callArrived')).toBe(20_000);
    expect(count(world, 'talking')).toBeGreaterThan(10_000);
    expect(count(world, 'ticketRegistered')).toBeGreaterThan(1_000);
    expect(world.store.tickets.size).toBe(count(world, 'ticketRegistered'));
    expect([...world.store.tickets.values()].filter((t) => t.state.name === 'waiting')).toEqual([]);
    expect(world.customersInFlight).toBe(0);
    process.stdout.write(summary(world));
  });

  test('a bad day: people, store, media, telephony and the process fail, operators reload', async () => {
    const temper: Temper = {
      ...ORDINARY,
      agentMisses: 0.02,
      hangsUpAtJoining: 0.05,
      mediaFails: 0.002,
    };
    const disk = { fails: 0.005, commitMs: 30 };
    const world = new World(seed + 1, samplePlan(40, {}), temper, disk);
    const evening = world.clock.now() + WORKING_DAY_MS;
    await world.start();
    everyoneReady(world);
    fillDay(world, 4_000);
    agentsComeAndGo(world, evening);
    telephonyComesAndGoes(world, evening);
    operatorsReload(world);
    for (const hour of [2, 3, 2]) {
      const crashAt = world.clock.now() + hour * HOUR_MS;
      await world.run(() => world.clock.now() >= crashAt);
      const before = [...world.store.tickets.values()].filter((t) => t.state.name === 'waiting');
      await world.crash();
      const after = world.store.tickets;
      expect(before.every((ticket) => after.get(ticket.id)?.arrivedAt === ticket.arrivedAt)).toBe(
        true,
      );
    }
    for (let hour = 1; hour < 24; hour += 1) {
      const at = world.clock.now() + HOUR_MS;
      everyoneReady(world);
      await world.run(() => world.clock.now() >= at);
    }
    expect(count(world, 'agentMissed')).toBeGreaterThan(10);
    expect(count(world, 'talking')).toBeGreaterThan(500);
    // What the store refused of calls and recordings is closed by the next start.
    world.store.heal();
    await world.crash();
    await untilQuiet(world, world.clock.now());
    checkEndOfDay(world.store, world.engine.floor);
    const open = [...world.store.tickets.values()].filter((ticket) => !hasEnded(ticket));
    expect(open).toEqual([]);
    expect(world.errors.filter((error) => !EXPECTED_ERROR.test(error))).toEqual([]);
    process.stdout.write(summary(world));
  });
});
