import type { World } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What an agent does on a whim, and how likely; ready often, so that the line moves. */
const WHIMS: readonly (readonly [number, string])[] = [
  [0.5, '*70'],
  [0.15, '*71'],
  [0.05, '*72'],
  [0.2, '*73'],
  [0.1, 'phoneGone'],
];

/** Agents go on break, log out, open their line, and lose their phone, until `untilMs`. */
export function agentsComeAndGo(world: World, untilMs: number): void {
  const agents = [...world.plan.agents.keys()];
  const again = (): void => {
    if (world.clock.now() > untilMs) return;
    const agentId = agents[world.random.below(agents.length)];
    if (agentId !== undefined) actOnWhim(world, agentId);
    world.clock.startTimer(world.random.exponential(15) * 1_000, again);
  };
  again();
}

function actOnWhim(world: World, agentId: string): void {
  let dice = world.random.unit();
  const whim = WHIMS.find(([chance]) => {
    dice -= chance;
    return dice < 0;
  })?.[1];
  if (whim === undefined) return;
  if (whim !== 'phoneGone') {
    world.incoming(world.people.shortCode(agentId, whim));
    return;
  }
  world.engine.agentReachable(agentId, false);
  world.clock.startTimer(world.random.exponential(120) * 1_000, () => {
    world.engine.agentReachable(agentId, true);
  });
}

/** drachtio or FreeSWITCH dies now and then, for a moment or for half an hour. */
export function telephonyComesAndGoes(world: World, untilMs: number): void {
  const later = (): void => {
    world.clock.startTimer(world.random.exponential(90) * MINUTE_MS, () => {
      if (world.clock.now() > untilMs) return;
      world.loseTelephony(world.random.chance(0.3) ? 30 * MINUTE_MS : 3_000);
      later();
    });
  };
  later();
}

/** Operators take a queue away and give it back, then some agents. */
export function operatorsReload(world: World): void {
  const whole = world.plan;
  const queues = new Map(whole.queues);
  queues.delete('refunds');
  const agents = new Map([...whole.agents].slice(5));
  const main = whole.menus.get('main');
  if (main === undefined) throw new Error('the sample has no menu');
  const to = { to: 'queue', queue: 'general' } as const;
  const menus = new Map([['main', { ...main, keys: { '1': to, '2': to } }]]);
  const oneQueue = new Map(
    [...whole.agents].map(([id, agent]) => [id, { ...agent, queues: ['general'] }] as const),
  );
  const at = (hours: number, plan: typeof whole): void => {
    world.clock.startTimer(hours * HOUR_MS, () => {
      world.reload(plan);
    });
  };
  at(1.2, { ...whole, queues, menus, agents: oneQueue });
  at(1.9, whole);
  at(3.5, { ...whole, agents });
  at(4.5, whole);
}
