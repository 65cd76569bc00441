import { valueAt } from '../domain/collections/ordered-map.ts';
import type { AgentId } from '../domain/ids.ts';
import type { MissReason } from '../domain/queue/floor.ts';
import type { AgentScript, Trouble } from './day.ts';
import { Random } from './random.ts';
import type { Run } from './run.ts';
import type { SimulatedFloor } from './simulated-floor.ts';

/** How an agent's phone is answered, or is not. */
export type Pickup =
  | { readonly answered: true; readonly afterMs: number }
  | { readonly answered: false; readonly afterMs: number; readonly reason: MissReason };

interface AgentAtWork {
  readonly script: AgentScript;
  readonly random: Random;
  onShift: boolean;
  hasPhone: boolean;
}

/** Agents who come, go, answer and do not. */
export class SimulatedAgents {
  readonly #run: Run;
  readonly #floor: SimulatedFloor;
  readonly #agents: ReadonlyMap<AgentId, AgentAtWork>;

  constructor(run: Run, floor: SimulatedFloor) {
    this.#run = run;
    this.#floor = floor;
    this.#agents = new Map(
      run.day.agents.map((script) => [
        script.id,
        { script, random: new Random(script.seed), onShift: false, hasPhone: true },
      ]),
    );
  }

  /** Lays down when each comes and goes. */
  planShifts(): void {
    for (const agent of this.#agents.values()) {
      for (const { from, to } of agent.script.shifts) {
        this.#run.at(from, () => this.#come(agent));
        this.#run.at(to, () => this.#go(agent));
      }
    }
  }

  /** The phones of some are gone for a while. */
  vanish({ agents, to }: Extract<Trouble, { kind: 'agentsVanish' }>): void {
    const gone = agents.flatMap((id) => this.#agents.get(id) ?? []);
    for (const agent of gone) this.#setPhone(agent, false);
    this.#run.at(to, () => {
      for (const agent of gone) this.#setPhone(agent, true);
    });
  }

  /** After a restart of the process: phones register again, and people choose what they are. */
  returnAfterRestart(): void {
    for (const agent of this.#agents.values()) {
      this.#tellShift(agent);
      this.#tellPhone(agent);
    }
  }

  /** Rings the agent's phone. */
  pickUp(agentId: AgentId, ringSeconds: number): Pickup {
    const agent = this.#agents.get(agentId);
    if (agent?.hasPhone !== true) return { answered: false, afterMs: 0, reason: 'unreachable' };
    const ringMs = 500 + agent.random.exponential(agent.script.ringMs - 500);
    if (agent.random.chance(agent.script.misses)) {
      this.#run.after(ringSeconds * 1000 + agent.script.absentMs, () => this.#comeBack(agent));
      return { answered: false, afterMs: ringSeconds * 1000, reason: 'ringNoAnswer' };
    }
    return { answered: true, afterMs: Math.min(ringMs, ringSeconds * 1000 - 1) };
  }

  /** Whether the agent can be rung at all. */
  hasPhone(agentId: AgentId): boolean {
    return this.#agents.get(agentId)?.hasPhone === true;
  }

  #come(agent: AgentAtWork): void {
    agent.onShift = true;
    this.#tellPhone(agent);
    this.#tellShift(agent);
  }

  #go(agent: AgentAtWork): void {
    agent.onShift = false;
    this.#tellShift(agent);
  }

  #comeBack(agent: AgentAtWork): void {
    const known = valueAt(this.#floor.floor.agents, agent.script.id);
    if (known?.agent.activity.name === 'break') this.#tellShift(agent);
  }

  #setPhone(agent: AgentAtWork, hasPhone: boolean): void {
    agent.hasPhone = hasPhone;
    this.#tellPhone(agent);
  }

  #tellPhone({ script, hasPhone, onShift }: AgentAtWork): void {
    if (!this.#run.processUp || !onShift) return;
    this.#floor.post({ type: 'reachable', agentId: script.id, reachable: hasPhone });
  }

  #tellShift({ script, onShift }: AgentAtWork): void {
    if (!this.#run.processUp) return;
    const presence = onShift
      ? ({ name: 'ready', since: this.#run.now } as const)
      : ({ name: 'loggedOut' } as const);
    const known = valueAt(this.#floor.floor.agents, script.id)?.agent.activity.name;
    if (known === presence.name) return;
    this.#floor.post({ type: 'chose', agentId: script.id, presence });
  }
}
