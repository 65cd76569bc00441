import type { Day, Trouble } from './day.ts';
import { Run } from './run.ts';
import { SimulatedAgents } from './simulated-agents.ts';
import { SimulatedCallbacks } from './simulated-callbacks.ts';
import { SimulatedCallers } from './simulated-callers.ts';
import { SimulatedFloor } from './simulated-floor.ts';
import type { Tally } from './tally.ts';
import { UNWATCHED, type Witness } from './witness.ts';

/** Everybody in a run. */
interface Cast {
  readonly floor: SimulatedFloor;
  readonly agents: SimulatedAgents;
  readonly callbacks: SimulatedCallbacks;
  readonly callers: SimulatedCallers;
}

/**
 * Runs a day by the rules of the house, without telephones and without waiting: a discrete-event
 * simulation. The same day gives the same counts.
 * @throws what the witness throws
 */
export function simulate(day: Day, witness: Witness = UNWATCHED): Tally {
  const run = new Run(day, witness);
  const cast = castOf(run);
  cast.floor.start();
  cast.agents.planShifts();
  cast.callers.planCalls();
  for (const trouble of day.troubles) planTrouble(run, cast, trouble);
  while (run.step(day.endsAt)) continue;
  run.tally.leftOver = cast.callbacks.count + cast.callers.count;
  witness.ended({
    floor: cast.floor.floor,
    tickets: cast.callbacks.tickets(),
    callersOnLine: cast.callers.count,
    now: run.now,
  });
  return run.tally;
}

function castOf(run: Run): Cast {
  const floor = new SimulatedFloor(run);
  const agents = new SimulatedAgents(run, floor);
  const callbacks = new SimulatedCallbacks(run, floor, agents);
  const callers = new SimulatedCallers(run, floor, agents, callbacks);
  floor.listen({
    assigned: (entry, agentId, ready) => {
      if (entry.kind === 'holder') callers.assigned(entry, agentId);
      else callbacks.assigned(entry, agentId, ready);
    },
    agentReady: (entryId) => {
      callbacks.agentReady(entryId);
    },
  });
  return { floor, agents, callbacks, callers };
}

function planTrouble(run: Run, cast: Cast, trouble: Trouble): void {
  switch (trouble.kind) {
    case 'trunkOutage':
      run.at(trouble.from, () => {
        run.trunkUp = false;
      });
      run.at(trouble.to, () => {
        run.trunkUp = true;
      });
      return;
    case 'restart':
      run.at(trouble.at, () => {
        die(run, cast);
        run.after(trouble.downMs, () => {
          startAgain(run, cast);
        });
      });
      return;
    case 'agentsVanish':
      run.at(trouble.from, () => {
        cast.agents.vanish(trouble);
      });
      return;
  }
}

function die(run: Run, { callers, callbacks, floor }: Cast): void {
  run.processUp = false;
  callers.loseAll();
  callbacks.loseAll();
  floor.estimates.restart();
  run.witness.processDied(run.now);
}

function startAgain(run: Run, { floor, agents, callbacks }: Cast): void {
  run.processUp = true;
  floor.start();
  callbacks.takeUpAll();
  agents.returnAfterRestart();
}
