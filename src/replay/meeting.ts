import type { AgentId, EpochMs, QueueId } from '../domain/ids.ts';
import type { EntryId } from '../domain/queue/floor.ts';
import type { Run } from './run.ts';
import type { SimulatedAgents } from './simulated-agents.ts';
import type { SimulatedFloor } from './simulated-floor.ts';

/** Who is to meet whom. */
export interface MeetingParties {
  readonly entryId: EntryId;
  readonly agentId: AgentId;
  readonly queue: QueueId;
  readonly talkMs: number;
}

/** What comes of it; each is told at most once. */
export interface MeetingListener {
  missed(): void;
  talking(): void;
  ended(): void;
}

/** A customer and an agent: the agent's phone rings, they talk, one hangs up. */
export class Meeting {
  readonly #run: Run;
  readonly #floor: SimulatedFloor;
  readonly #parties: MeetingParties;
  readonly #listener: MeetingListener;
  #phase: 'ringing' | 'talking' | 'over' = 'ringing';
  #talkingSince: EpochMs = 0;

  constructor(
    run: Run,
    floor: SimulatedFloor,
    agents: SimulatedAgents,
    parties: MeetingParties,
    listener: MeetingListener,
  ) {
    this.#run = run;
    this.#floor = floor;
    this.#parties = parties;
    this.#listener = listener;
    const ringSeconds = run.plan.queues.get(parties.queue)?.agentRingSeconds ?? 20;
    floor.post({ type: 'agentRinging', entryId: parties.entryId });
    const pickup = agents.pickUp(parties.agentId, ringSeconds);
    run.after(pickup.afterMs, () => {
      if (this.#phase !== 'ringing') return;
      if (!pickup.answered) this.#miss(pickup.reason);
      else if (agents.hasPhone(parties.agentId)) this.#talk();
      else this.#miss('unreachable');
    });
  }

  /** The customer went away before talk, or the call was lost. */
  cancel(): void {
    this.#phase = 'over';
  }

  #miss(reason: 'ringNoAnswer' | 'unreachable' | 'ourFault'): void {
    this.#phase = 'over';
    this.#listener.missed();
    this.#floor.post({ type: 'agentMissed', entryId: this.#parties.entryId, reason });
  }

  #talk(): void {
    this.#phase = 'talking';
    this.#talkingSince = this.#run.now;
    this.#listener.talking();
    this.#floor.post({ type: 'agentAnswered', entryId: this.#parties.entryId });
    this.#run.after(this.#parties.talkMs, () => {
      if (this.#phase === 'talking') this.#finish();
    });
  }

  #finish(): void {
    this.#phase = 'over';
    const { agentId, queue } = this.#parties;
    this.#run.tally.talkMs += this.#run.now - this.#talkingSince;
    this.#run.tally.wrapUpMs += (this.#run.plan.queues.get(queue)?.wrapUpSeconds ?? 0) * 1000;
    this.#listener.ended();
    this.#floor.post({ type: 'conversationEnded', agentId, queue });
  }
}
