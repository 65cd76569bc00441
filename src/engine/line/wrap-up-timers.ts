import type { AgentId, EpochMs } from '../../domain/ids.ts';
import type { FloorEffect, FloorEvent } from '../../domain/queue/floor.ts';
import type { Clock } from '../ports.ts';

interface Rest {
  readonly until: EpochMs;
  readonly cancel: () => void;
}

/** The rest of each agent: one timer for its end, and one before it for calling ahead. */
export class WrapUpTimers {
  readonly #clock: Clock;
  readonly #post: (event: FloorEvent) => void;
  readonly #rests = new Map<AgentId, Rest>();
  #closed = false;

  constructor(clock: Clock, post: (event: FloorEvent) => void) {
    this.#clock = clock;
    this.#post = post;
  }

  /** In place of an earlier rest of the same agent. */
  start({ agentId, until, soonAt }: Extract<FloorEffect, { type: 'startWrapUp' }>): void {
    this.#rests.get(agentId)?.cancel();
    this.#rests.delete(agentId);
    if (this.#closed) return;
    const afterMs = until - this.#clock.now();
    if (afterMs <= 0) {
      // Without rest the next caller is served at once, not a turn of the timers later.
      this.#post({ type: 'wrapUpEnded', agentId });
      return;
    }
    const cancelEnd = this.#clock.startTimer(afterMs, () => {
      this.#rests.delete(agentId);
      this.#post({ type: 'wrapUpEnded', agentId });
    });
    const cancelSoon = this.#startSoon(agentId, soonAt);
    const cancel = (): void => {
      cancelEnd();
      cancelSoon();
    };
    this.#rests.set(agentId, { until, cancel });
  }

  #startSoon(agentId: AgentId, soonAt: EpochMs | undefined): () => void {
    if (soonAt === undefined) return () => undefined;
    return this.#clock.startTimer(Math.max(0, soonAt - this.#clock.now()), () => {
      this.#post({ type: 'wrapUpEndsSoon', agentId });
    });
  }

  /** When the rests of those agents end. */
  endsOf(isMeant: (agentId: AgentId) => boolean | undefined): readonly EpochMs[] {
    const ends: EpochMs[] = [];
    for (const [agentId, { until }] of this.#rests) {
      if (isMeant(agentId) === true) ends.push(until);
    }
    return ends;
  }

  /** Ends all of them; none is set any more, so that a stopped server has nothing to wait for. */
  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#rests.values()) cancel();
    this.#rests.clear();
  }
}
