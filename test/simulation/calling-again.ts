import { busyPlan } from './world/busy-plan.ts';
import { checkEndOfDay } from './world/invariants.ts';
import { type OfficeCounts, officeAtWork } from './world/office-hours.ts';
import type { Temper } from './world/people.ts';
import { Regular } from './world/regular.ts';
import { agentsComeAndGo, telephonyComesAndGoes } from './world/troubles.ts';
import { World } from './world/world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LAST_FIRST_CALL_HOURS = 5;

/** Of agents and of those whom programs ask to call; regulars have a will of their own. */
const TEMPER: Temper = {
  patienceSeconds: 900,
  talkSeconds: 150,
  takesCallback: 0,
  anonymous: 0,
  keysAnotherNumber: 0,
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

/** A day of people who call again, as it is chosen by a seed. */
export interface AgainDay {
  readonly seed: number;
  /** By their index, so that a part of them is who they were. */
  readonly regulars: readonly number[];
  readonly agents: number;
  readonly isBad: boolean;
  /** Chance that somebody calls from two telephones of one number at once. */
  readonly twinCalls: number;
}

/** What became of it. */
export interface AgainResult {
  readonly world: World;
  readonly office: OfficeCounts;
}

/** Lives through the day, every step checked. @throws BrokenPromise, or another broken rule */
export async function liveThrough({
  seed,
  regulars,
  agents,
  isBad,
  twinCalls,
}: AgainDay): Promise<AgainResult> {
  const temper = isBad
    ? { ...TEMPER, agentMisses: 0.02, hangsUpAtJoining: 0.05, mediaFails: 0.002 }
    : TEMPER;
  const disk = isBad ? { fails: 0.005, commitMs: 30 } : { fails: 0, commitMs: 5 };
  const world = new World(seed, busyPlan(agents), temper, disk);
  await world.start();
  everyoneReady(world);
  const evening = world.clock.now() + 8 * HOUR_MS;
  for (const index of regulars) {
    const share = world.random.unit();
    new Regular(world, seed, index, twinCalls).callLater(share * LAST_FIRST_CALL_HOURS * HOUR_MS);
  }
  const office = officeAtWork(world, evening);
  if (isBad) {
    agentsComeAndGo(world, evening);
    telephonyComesAndGoes(world, evening);
    await crashAt(world, [2, 3]);
  }
  await untilQuiet(world, evening);
  if (isBad) {
    world.store.heal();
    await world.crash();
    await untilQuiet(world, world.clock.now());
  }
  checkEndOfDay(world.store, world.engine.floor);
  return { world, office };
}

async function crashAt(world: World, hours: readonly number[]): Promise<void> {
  for (const hour of hours) {
    const at = world.clock.now() + hour * HOUR_MS;
    await world.run(() => world.clock.now() >= at);
    await world.crash();
  }
}

function everyoneReady(world: World): void {
  for (const agentId of world.plan.agents.keys()) {
    world.incoming(world.people.shortCode(agentId, '*70'));
  }
}

/** Until everybody has gone home; agents who went on break are called back every hour. */
async function untilQuiet(world: World, from: number): Promise<void> {
  const giveUpAt = from + 24 * HOUR_MS;
  const isQuiet = (): boolean => {
    const { calls, callbacks, openTickets } = world.engine.state;
    return world.clock.now() > from + HOUR_MS && calls + callbacks + openTickets === 0;
  };
  while (!isQuiet() && world.clock.now() < giveUpAt) {
    const at = world.clock.now() + HOUR_MS;
    everyoneReady(world);
    await world.run(() => isQuiet() || world.clock.now() >= at);
  }
  // What ended last is on its way to the disk.
  const written = world.clock.now() + MINUTE_MS;
  await world.run(() => world.clock.now() >= written);
}
