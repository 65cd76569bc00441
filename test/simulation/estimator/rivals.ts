import type { LineAhead } from '../../../src/domain/wait/wait-estimate.ts';
import type { Scenario } from './scenario.ts';

/**
 * The queue-length estimator that knows every rate beforehand: QLm of Ibrahim and Whitt (2009),
 * person by person, with the staffing of the moment at which each step is taken (2011).
 */
export function idealWait(scenario: Scenario, line: LineAhead): number {
  const { talk, wrapUpSeconds, patience, callbacks } = scenario;
  const holderWork = talk.mean + wrapUpSeconds;
  const ticketWork =
    callbacks === undefined ? 0 : callbacks.ringSeconds + callbacks.chanceReached * holderWork;
  const ahead = line.holdersAhead + line.ticketsAhead;
  const work = line.holdersAhead * holderWork + line.ticketsAhead * ticketWork;
  const meanWork = ahead > 0 ? work / ahead : holderWork;
  const leaving =
    ahead > 0 && patience !== undefined ? line.holdersAhead / ahead / patience.mean : 0;
  const changes = [...(line.plannedStaff ?? [])];
  let staffed = line.staffed;
  let at = 0;
  for (let left = ahead; left >= 0; left -= 1) {
    let share = 1;
    for (;;) {
      const rate = staffed / (left === 0 ? holderWork : meanWork) + left * leaving;
      const change = changes[0];
      if (change === undefined || at + share / rate <= change.afterSeconds) {
        at += share / rate;
        break;
      }
      share -= (change.afterSeconds - at) * rate;
      at = change.afterSeconds;
      // Those who come take people at once; those who go have not taken anybody more.
      left -= Math.max(0, change.staffed - staffed);
      staffed = change.staffed;
      changes.shift();
      if (left < 0) return at;
    }
  }
  return at;
}
