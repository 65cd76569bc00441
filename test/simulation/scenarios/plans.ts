import type { OpeningHours } from '../../../src/domain/hours/hours.ts';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import { samplePlan } from '../world/sample-plan.ts';

const WEEKDAY = [{ fromMinute: 8 * 60, toMinute: 17 * 60 }];

/** New York, 8 to 17 every day, so that Sundays on which the clocks change are worked too. */
const EIGHT_TO_FIVE: OpeningHours = {
  id: 'always',
  timeZone: 'America/New_York',
  week: {
    mon: WEEKDAY,
    tue: WEEKDAY,
    wed: WEEKDAY,
    thu: WEEKDAY,
    fri: WEEKDAY,
    sat: WEEKDAY,
    sun: WEEKDAY,
  },
  holidays: new Set(),
};

/** The plan of a help line that never turns anybody away. */
export function openAlways(agents: number, change: Partial<QueueSettings> = {}): Plan {
  const plan = samplePlan(agents, change);
  const queues = new Map(
    [...plan.queues].map(([id, queue]) => {
      const hold = { ...queue.hold, maxWaiting: 1_000_000 };
      const offer = { ...queue.callback.offer, maxOpenTickets: 1_000_000 };
      // As many as there are agents: the usual hundred is for a line of fewer.
      const dial = { ...queue.callback.dial, maxCallsOut: 1_000_000 };
      return [id, { ...queue, hold, callback: { ...queue.callback, offer, dial } }] as const;
    }),
  );
  return { ...plan, queues };
}

/** The same, from 8 to 17 in New York. */
export function openByDay(agents: number): Plan {
  return { ...openAlways(agents), hours: new Map([['always', EIGHT_TO_FIVE]]) };
}
