import type { AgentId, CallId } from '../domain/ids.ts';
import type { Entry } from '../domain/queue/line.ts';
import type { CallerScript } from './day.ts';
import { Meeting } from './meeting.ts';
import { checkNumber, holderEntry, isLineFull, isNumberOpen } from './rules.ts';
import type { Run } from './run.ts';
import type { SimulatedAgents } from './simulated-agents.ts';
import type { SimulatedCallbacks } from './simulated-callbacks.ts';
import type { SimulatedFloor } from './simulated-floor.ts';

/** A caller on the line, from joining it to the end of the call. */
interface CallerOnLine {
  readonly entry: Entry;
  readonly id: CallId;
  readonly script: CallerScript;
  /** How often this person has dialled before. */
  readonly redials: number;
  phase: 'offered' | 'holding' | 'ringing' | 'talking' | 'gone';
  meeting: Meeting | undefined;
}

/** From the key that takes the offer until the caller has heard that it is booked and hangs up. */
const HEARS_BOOKED_MS = 6_000;

/** Callers who dial, wait, choose and give up. */
export class SimulatedCallers {
  readonly #run: Run;
  readonly #floor: SimulatedFloor;
  readonly #agents: SimulatedAgents;
  readonly #callbacks: SimulatedCallbacks;
  readonly #onLine = new Map<CallId, CallerOnLine>();

  constructor(
    run: Run,
    floor: SimulatedFloor,
    agents: SimulatedAgents,
    callbacks: SimulatedCallbacks,
  ) {
    this.#run = run;
    this.#floor = floor;
    this.#agents = agents;
    this.#callbacks = callbacks;
  }

  get count(): number {
    return this.#onLine.size;
  }

  /** Lays down when each dials; one at a time, so that the agenda stays short. */
  planCalls(index = 0): void {
    const script = this.#run.day.callers[index];
    if (script === undefined) return;
    this.#run.at(script.dialsAt, () => {
      this.planCalls(index + 1);
      this.#dial(script, 0);
    });
  }

  /** An agent is kept for a caller. */
  assigned(entry: Entry, agentId: AgentId): void {
    const caller = this.#onLine.get(entry.id as CallId);
    if (caller !== undefined) this.#ring(caller, agentId);
  }

  /** The process died, and all calls with it. */
  loseAll(): void {
    for (const caller of this.#onLine.values()) {
      caller.meeting?.cancel();
      this.#run.tally.lost += 1;
      if (caller.phase !== 'talking') this.#maybeRedial(caller.script, caller.redials);
      caller.phase = 'gone';
    }
    this.#onLine.clear();
  }

  #dial(script: CallerScript, redials: number): void {
    const run = this.#run;
    const { tally } = run;
    tally.calls += 1;
    if (!run.trunkUp || !run.processUp) {
      tally.lost += 1;
      this.#maybeRedial(script, redials);
      return;
    }
    if (!isNumberOpen(run.plan, script.dnis, run.now)) {
      tally.closed += 1;
      return;
    }
    if (isLineFull(this.#floor.floor, script.queue)) {
      tally.turnedAway += 1;
      this.#maybeRedial(script, redials);
      return;
    }
    this.#join(script, redials);
  }

  #join(script: CallerScript, redials: number): void {
    const run = this.#run;
    const id = run.newId('call');
    const entry = holderEntry(id, script.queue, run.endOfLine());
    const caller: CallerOnLine = {
      entry,
      id,
      script,
      redials,
      phase: 'holding',
      meeting: undefined,
    };
    this.#onLine.set(id, caller);
    run.tally.joined += 1;
    run.witness.joined(id, script, run.now);
    this.#floor.post({ type: 'entered', entry, pause: undefined });
    if (caller.phase !== 'holding') return;
    const openTickets = this.#callbacks.openIn(script.queue);
    if (this.#floor.estimates.isOffered(id, script.queue, openTickets)) this.#offer(caller);
    run.after(script.patienceMs, () => {
      this.#abandon(caller);
    });
  }

  #offer(caller: CallerOnLine): void {
    const { script } = caller;
    this.#run.tally.offered += 1;
    this.#run.witness.offered(caller.id, this.#run.now);
    caller.phase = 'offered';
    this.#run.after(script.decidesMs, () => {
      if (caller.phase !== 'offered') return;
      caller.phase = 'holding';
      if (script.takesCallback) this.#take(caller);
    });
  }

  #take(caller: CallerOnLine): void {
    const run = this.#run;
    const { script, entry, id } = caller;
    run.tally.accepted += 1;
    const checked = checkNumber(run.plan, script.number);
    if (!checked.ok) {
      run.tally.numbersRefused += 1;
      return;
    }
    caller.phase = 'gone';
    this.#onLine.delete(id);
    const ticketId = this.#callbacks.register({ callId: id, script, place: entry }, checked.number);
    run.after(HEARS_BOOKED_MS, () => {
      this.#callbacks.callerHungUp(ticketId);
    });
  }

  #abandon(caller: CallerOnLine): void {
    if (caller.phase === 'talking' || !this.#onLine.delete(caller.id)) return;
    caller.phase = 'gone';
    caller.meeting?.cancel();
    this.#run.tally.abandoned += 1;
    this.#run.witness.leftLine(caller.id, this.#run.now);
    this.#floor.post({ type: 'left', entryId: caller.id });
    this.#maybeRedial(caller.script, caller.redials);
  }

  #ring(caller: CallerOnLine, agentId: AgentId): void {
    const run = this.#run;
    const { entry, id, script } = caller;
    caller.phase = 'ringing';
    const parties = { entryId: id, agentId, queue: entry.queue, talkMs: script.talkMs };
    caller.meeting = new Meeting(run, this.#floor, this.#agents, parties, {
      missed: () => {
        caller.phase = 'holding';
      },
      talking: () => {
        caller.phase = 'talking';
        run.tally.answered(run.now - entry.arrivedAt);
        run.witness.talkBegan(id, agentId, false, run.now);
      },
      ended: () => {
        this.#onLine.delete(id);
        run.witness.talkEnded(id, agentId, run.now);
      },
    });
  }

  #maybeRedial(script: CallerScript, redials: number): void {
    const afterMs = script.redialsMs[redials];
    if (afterMs === undefined) return;
    this.#run.after(afterMs, () => {
      this.#dial(script, redials + 1);
    });
  }
}
