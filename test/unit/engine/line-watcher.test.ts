import { expect, test } from 'vitest';
import { EMPTY_FLOOR, type Floor, type FloorEvent } from '../../../src/domain/queue/floor.ts';
import { stepFloor } from '../../../src/domain/queue/floor-step.ts';
import type { Entry } from '../../../src/domain/queue/line.ts';
import { LineWatcher } from '../../../src/engine/line/line-watcher.ts';
import { WaitKeeper } from '../../../src/engine/line/wait-keeper.ts';
import { samplePlan } from '../../simulation/world/sample-plan.ts';

const HOURS_MS = 3_600_000;
const plan = samplePlan(1, { wrapUpSeconds: 0 });

/** A floor with one agent at work, watched; events come at times that are given. */
class Watched {
  readonly waits = new WaitKeeper(() => 0);
  readonly #watcher = new LineWatcher(this.waits);
  #floor: Floor = EMPTY_FLOOR;

  constructor() {
    const [agentId = ''] = plan.agents.keys();
    const presences = new Map([[agentId, { name: 'ready', since: 0 } as const]]);
    const queues = [...plan.queues.values()];
    const agents = [...plan.agents.values()];
    this.at(0, { type: 'configured', queues, agents, presences });
    this.at(0, { type: 'reachable', agentId, reachable: true });
  }

  at(now: number, ...events: readonly FloorEvent[]): void {
    for (const event of events) {
      const { floor, effects } = stepFloor(this.#floor, event, now);
      this.#watcher.moved(this.#floor, event, now);
      this.#floor = floor;
      for (const effect of effects) {
        if (effect.type === 'assigned') this.#watcher.served(effect.entry, effect.agentId, now);
      }
    }
  }
}

function entered(id: Entry['id'], kind: Entry['kind']): FloorEvent {
  const place = { arrivedAt: 0, arrivalSequence: 0 };
  return {
    type: 'entered',
    entry: { id, kind, queue: 'refunds', skills: [], ...place },
    pause: undefined,
  };
}

test('a holder who hung up before talk does not lengthen the next conversation', () => {
  const watched = new Watched();
  watched.at(1000, entered('call-1', 'holder'), { type: 'left', entryId: 'call-1' });
  watched.at(
    5 * HOURS_MS,
    entered('ticket-2', 'ticket'),
    // As on a line that is open: nothing rings.
    { type: 'agentAnswered', entryId: 'ticket-2' },
  );
  const [agentId = ''] = plan.agents.keys();
  const end = 5 * HOURS_MS + 300_000;
  watched.at(end, { type: 'conversationEnded', agentId, queue: 'refunds' });
  expect(watched.waits.record('refunds')?.medianHandleSeconds).toBe(300);
});
