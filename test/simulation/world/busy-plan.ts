import { WEEKDAYS } from '../../../src/domain/hours/hours.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import { samplePlan } from './sample-plan.ts';

/** Every so many agents have a text telephone. */
const TTY_EVERY = 4;

/**
 * A help line with too few agents, where soon as many tickets are open as may be, so that times are
 * offered; text telephones and a relay service have a line of their own.
 */
export function busyPlan(agents: number): Plan {
  const plan = samplePlan(agents, {});
  const queues = [...plan.queues].map(([id, queue]) => {
    const { callback, hold } = queue;
    const slots = {
      minutes: 30,
      bookableShare: 0.4,
      horizonHours: 6,
      forecast: [{ days: WEEKDAYS, fromMinute: 0, toMinute: 1440, agents: agents / 2 }],
    };
    const offer = { ...callback.offer, maxOpenTickets: 60, againEverySeconds: 90 };
    const retry = { ...callback.retry, graceMinutes: 15 };
    const busy = { ...callback, slots, offer, retry };
    return [id, { ...queue, callback: busy, hold: { ...hold, maxWaiting: 120 } }] as const;
  });
  const entryPoints = [...plan.entryPoints].map(([dnis, entry]) => {
    const accessible = { queue: 'general', relayCallers: new Set(['+12075550100'] as const) };
    return [dnis, { ...entry, accessible }] as const;
  });
  const people = [...plan.agents].map(([id, agent], index) => {
    return [id, index % TTY_EVERY === 0 ? { ...agent, skills: ['tty'] } : agent] as const;
  });
  return {
    ...plan,
    queues: new Map(queues),
    entryPoints: new Map(entryPoints),
    agents: new Map(people),
  };
}
