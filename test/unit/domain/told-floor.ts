import type { AgentSettings } from '../../../src/domain/agent/settings.ts';
import { valueAt } from '../../../src/domain/collections/ordered-map.ts';
import type { TicketId } from '../../../src/domain/ids.ts';
import {
  EMPTY_FLOOR,
  type Floor,
  type FloorEffect,
  type FloorEvent,
} from '../../../src/domain/queue/floor.ts';
import { stepFloor } from '../../../src/domain/queue/floor-step.ts';
import type { Entry } from '../../../src/domain/queue/line.ts';
import { samplePlan } from '../../simulation/world/sample-plan.ts';

/** Rest after each conversation on the floors of these tests. */
export const WRAP_UP_MS = 20_000;

const plan = samplePlan(0, { wrapUpSeconds: WRAP_UP_MS / 1_000 });
export const READY = { name: 'ready', since: 0 } as const;

/** The queues an agent serves; or with skills and levels. */
type Staff = readonly string[] | Partial<Omit<AgentSettings, 'id'>>;

/** A floor that is told events and remembers what it answered. */
export class Told {
  floor: Floor = EMPTY_FLOOR;
  effects: FloorEffect[] = [];
  now = 1_000;

  constructor(agents: Readonly<Record<string, Staff>>) {
    this.tell({
      type: 'configured',
      queues: [...plan.queues.values()],
      agents: Object.entries(agents).map(([id, staff]) => agentOf(id, staff)),
      presences: new Map(),
    });
  }

  tell(...events: FloorEvent[]): this {
    for (const event of events) {
      this.now += 1;
      const step = stepFloor(this.floor, event, this.now);
      this.floor = step.floor;
      this.effects.push(...step.effects);
    }
    return this;
  }

  ready(agentId: string): this {
    return this.tell(
      { type: 'reachable', agentId, reachable: true },
      { type: 'chose', agentId, presence: { ...READY, since: this.now } },
    );
  }

  holder(id: string, queue = 'refunds', skills: readonly string[] = []): this {
    return this.#enter({ id: `call-${id}`, kind: 'holder', queue, skills });
  }

  /** Due at once. */
  ticket(id: string, queue = 'refunds', skills: readonly string[] = []): this {
    return this.#enter({ id: `ticket-${id}`, kind: 'ticket', queue, skills });
  }

  #enter(who: Pick<Entry, 'id' | 'kind' | 'queue' | 'skills'>): this {
    const entry: Entry = { ...who, arrivedAt: this.now, arrivalSequence: this.now };
    return this.tell({ type: 'entered', entry, pause: undefined });
  }

  /** The agent has talked with the one who is kept, and rests. */
  afterTalk(agentId: string, entryId: Entry['id']): this {
    return this.tell(
      { type: 'agentAnswered', entryId },
      { type: 'conversationEnded', agentId, queue: 'refunds' },
    );
  }

  /** Who was given to whom so far. */
  get assignments(): readonly string[] {
    return this.#assigned.map(({ agentId, entry }) => `${agentId}:${entry.id}`);
  }

  get #assigned() {
    return this.effects.flatMap((effect) => (effect.type === 'assigned' ? [effect] : []));
  }

  get lastAssigned() {
    return this.#assigned.at(-1);
  }

  activity(agentId: string): string | undefined {
    return valueAt(this.floor.agents, agentId)?.agent.activity.name;
  }

  agentOf(ticketId: TicketId): string | undefined {
    return valueAt(this.floor.entries, ticketId)?.agentId;
  }
}

function agentOf(id: string, staff: Staff): AgentSettings {
  const usual = {
    id,
    name: id,
    queues: ['refunds'],
    levels: new Map<string, number>(),
    skills: [],
  };
  return 'length' in staff ? { ...usual, queues: staff } : { ...usual, ...staff };
}
