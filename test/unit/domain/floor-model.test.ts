import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueAt } from '../../../src/domain/collections/ordered-map.ts';
import {
  EMPTY_FLOOR,
  type EntryId,
  type Floor,
  type FloorEffect,
  type FloorEvent,
} from '../../../src/domain/queue/floor.ts';
import { stepFloor } from '../../../src/domain/queue/floor-step.ts';
import { type Entry, everyoneInLine } from '../../../src/domain/queue/line.ts';
import { samplePlan } from '../../simulation/world/sample-plan.ts';

const QUEUES = ['refunds', 'general'] as const;
const SKILLS = ['es', 'tax'] as const;
const AGENTS = [
  { id: 'ann', queues: ['refunds'], skills: [], level: 2 },
  { id: 'bob', queues: ['refunds', 'general'], skills: ['es'], level: 1 },
  { id: 'cid', queues: ['general'], skills: ['es', 'tax'], level: 1 },
  { id: 'dot', queues: ['refunds', 'general'], skills: [], level: 1 },
] as const;

/** One thing that may happen; `pick` says to whom, modulo who is there. */
interface Happening {
  readonly what:
    | 'holder'
    | 'ticket'
    | 'due'
    | 'pause'
    | 'leave'
    | 'answer'
    | 'miss'
    | 'fault'
    | 'endTalk'
    | 'rested'
    | 'ready'
    | 'break'
    | 'move'
    | 'callsAllowed';
  readonly pick: number;
  readonly skills: readonly string[];
}

interface Somebody {
  readonly id: EntryId;
  readonly queue: string;
  readonly skills: readonly string[];
  place: number;
  state: 'waits' | 'paused' | 'withAgent';
  agentId: string | undefined;
  /** A ticket whose customer is not on the telephone. */
  toCall: boolean;
}

/** The line as a clerk with pencil and paper would keep it: lists, looked through from the front. */
class Naive {
  readonly line: Somebody[] = [];
  readonly busy = new Map<string, 'kept' | 'talking' | 'resting'>();
  readonly out = new Set<string>(AGENTS.map(({ id }) => id));
  readonly left = new Map<string, number>();

  mayServe(agent: (typeof AGENTS)[number], one: Somebody): boolean {
    const skills: readonly string[] = agent.skills;
    const queues: readonly string[] = agent.queues;
    const isHeld = one.toCall && (this.left.get(one.queue) ?? Number.POSITIVE_INFINITY) <= 0;
    return (
      one.state === 'waits' &&
      !isHeld &&
      queues.includes(one.queue) &&
      one.skills.every((skill) => skills.includes(skill))
    );
  }

  /** Whoever is next for an agent, over all their queues. */
  nextFor(agent: (typeof AGENTS)[number]): Somebody | undefined {
    return this.line
      .filter((one) => this.mayServe(agent, one))
      .toSorted((a, b) => a.place - b.place)[0];
  }

  isFree(id: string): boolean {
    return !this.out.has(id) && !this.busy.has(id);
  }
}

/** Plays happenings on the floor and on paper, and compares after each. */
class Play {
  floor: Floor = EMPTY_FLOOR;
  readonly naive = new Naive();
  #now = 1_000_000;
  #count = 0;

  constructor() {
    const plan = samplePlan(0, { wrapUpSeconds: 20 });
    this.#tell({
      type: 'configured',
      queues: [...plan.queues.values()],
      agents: AGENTS.map(({ id, queues, skills, level }) => ({
        id,
        name: id,
        queues,
        skills,
        levels: new Map(queues.map((queue) => [queue, level])),
      })),
      presences: new Map(),
    });
    for (const { id } of AGENTS) this.#tell({ type: 'reachable', agentId: id, reachable: true });
  }

  happen(happening: Happening): void {
    this.#now += 1_000;
    for (const event of this.#eventsOf(happening)) this.#tell(event);
    this.#compare();
  }

  #eventsOf({ what, pick, skills }: Happening): readonly FloorEvent[] {
    const { line, busy, out } = this.naive;
    const some = (fits: (one: Somebody) => boolean): Somebody | undefined => {
      const able = line.filter(fits);
      return able[pick % Math.max(1, able.length)];
    };
    const agent = AGENTS[pick % AGENTS.length]?.id ?? 'ann';
    switch (what) {
      case 'holder':
      case 'ticket':
        return [this.#enter(what, pick, skills)];
      case 'due':
        return this.#about(
          some(({ state }) => state === 'paused'),
          (one) => {
            one.state = 'waits';
            one.toCall = true;
            return { type: 'due', entryId: one.id };
          },
        );
      case 'pause':
        return this.#about(
          some((one) => one.id.startsWith('ticket')),
          (one) => {
            if (one.agentId !== undefined) busy.delete(one.agentId);
            Object.assign(one, { state: 'paused', agentId: undefined, toCall: true });
            return { type: 'deferred', entryId: one.id, pause: 'unreachable' };
          },
        );
      case 'leave':
        return this.#about(
          some(() => true),
          (one) => {
            if (one.agentId !== undefined) busy.delete(one.agentId);
            line.splice(line.indexOf(one), 1);
            return { type: 'left', entryId: one.id };
          },
        );
      case 'answer':
        return this.#about(
          some(({ state }) => state === 'withAgent'),
          (one) => {
            busy.set(one.agentId ?? '', 'talking');
            line.splice(line.indexOf(one), 1);
            return { type: 'agentAnswered', entryId: one.id };
          },
        );
      case 'miss':
      case 'fault':
        return this.#about(
          some(({ state }) => state === 'withAgent'),
          (one) => {
            const reason = what === 'miss' ? 'ringNoAnswer' : 'ourFault';
            busy.delete(one.agentId ?? '');
            if (what === 'miss') out.add(one.agentId ?? '');
            else busy.set(one.agentId ?? '', 'resting');
            Object.assign(one, { state: 'waits', agentId: undefined, toCall: false });
            return { type: 'agentMissed', entryId: one.id, reason };
          },
        );
      case 'endTalk':
        if (busy.get(agent) !== 'talking') return [];
        busy.set(agent, 'resting');
        return [{ type: 'conversationEnded', agentId: agent, queue: 'refunds' }];
      case 'rested':
        if (busy.get(agent) !== 'resting') return [];
        busy.delete(agent);
        this.#now += 20_000;
        return [{ type: 'wrapUpEnded', agentId: agent }];
      case 'ready':
      case 'break':
        return this.#choose(agent, what);
      case 'move':
        return this.#about(
          some(({ state }) => state !== 'withAgent'),
          (one) => {
            one.place = this.#now - (pick % 100_000) - 0.5;
            const place = { arrivedAt: one.place, arrivalSequence: 0 };
            if (one.id.startsWith('ticket')) one.toCall = true;
            return { type: 'moved', entryId: one.id, place };
          },
        );
      case 'callsAllowed': {
        const queue = QUEUES[pick % 2] ?? 'refunds';
        const left = pick % 4;
        this.naive.left.set(queue, left);
        return [{ type: 'callsAllowed', queue, calls: { left, because: 'dialling' } }];
      }
    }
  }

  #about(one: Somebody | undefined, event: (one: Somebody) => FloorEvent): readonly FloorEvent[] {
    return one === undefined ? [] : [event(one)];
  }

  /** While with a customer it would count only afterwards: not played here. */
  #choose(agentId: string, what: 'ready' | 'break'): readonly FloorEvent[] {
    const { busy, out } = this.naive;
    const state = busy.get(agentId);
    if (state === 'kept' || state === 'talking') return [];
    busy.delete(agentId);
    if (what === 'ready') out.delete(agentId);
    else out.add(agentId);
    const since = this.#now;
    const presence =
      what === 'ready'
        ? ({ name: 'ready', since } as const)
        : ({ name: 'break', since, reason: 'chosen' } as const);
    return [{ type: 'chose', agentId, presence }];
  }

  #enter(what: 'holder' | 'ticket', pick: number, skills: readonly string[]): FloorEvent {
    this.#count += 1;
    const id: EntryId = what === 'holder' ? `call-${this.#count}` : `ticket-${this.#count}`;
    const queue = QUEUES[pick % 2] ?? 'refunds';
    const entry: Entry = {
      id,
      kind: what,
      queue,
      arrivedAt: this.#now,
      arrivalSequence: this.#count,
      skills,
    };
    // Nobody in the queue of refunds knows taxes: they are not waited for.
    const found = skills.filter((skill) => queue === 'general' || skill !== 'tax').toSorted();
    this.naive.line.push({
      id,
      queue,
      skills: found,
      place: this.#now,
      state: 'waits',
      agentId: undefined,
      toCall: what === 'ticket',
    });
    return { type: 'entered', entry, pause: undefined };
  }

  #tell(event: FloorEvent): void {
    const { floor, effects } = stepFloor(this.floor, event, this.#now);
    this.floor = floor;
    for (const effect of effects) this.#check(effect);
  }

  /** Each assignment must be the one that the clerk would make, at the moment it is made. */
  #check(effect: FloorEffect): void {
    if (effect.type !== 'assigned') return;
    const { agentId, entry, overtook } = effect;
    const { naive } = this;
    const agent = AGENTS.find(({ id }) => id === agentId);
    if (agent === undefined) throw new Error('an agent who is not there');
    expect(naive.isFree(agentId)).toBe(true);
    const next = naive.nextFor(agent);
    expect(entry.id).toBe(next?.id);
    if (next === undefined) return;
    this.#checkSuited(agent, next);
    const before = naive.line.filter(
      ({ queue, place }) => queue === next.queue && place < next.place,
    );
    expect(overtook).toEqual({ count: before.length, unexplained: 0 });
    if (next.toCall) naive.left.set(next.queue, (naive.left.get(next.queue) ?? Infinity) - 1);
    Object.assign(next, { state: 'withAgent', agentId, toCall: false });
    naive.busy.set(agentId, 'kept');
  }

  /** Nobody better suited is free for the same. */
  #checkSuited(agent: (typeof AGENTS)[number], next: Somebody): void {
    const better = AGENTS.filter(
      (other) =>
        other.level < agent.level &&
        this.naive.isFree(other.id) &&
        this.naive.nextFor(other)?.id === next.id,
    );
    expect(better.map(({ id }) => id)).toEqual([]);
  }

  #compare(): void {
    const { naive } = this;
    for (const queue of QUEUES) {
      const line = this.floor.queues.get(queue)?.line;
      const ids = line === undefined ? [] : [...everyoneInLine(line)].map(({ id }) => id);
      const onPaper = naive.line
        .filter((one) => one.queue === queue)
        .toSorted((a, b) => a.place - b.place)
        .map(({ id }) => id);
      expect(ids).toEqual(onPaper);
    }
    for (const one of naive.line) {
      expect(valueAt(this.floor.entries, one.id)?.agentId).toBe(one.agentId);
    }
    // Nobody waits whom an agent who is free might serve.
    for (const agent of AGENTS.filter(({ id }) => naive.isFree(id))) {
      expect(naive.nextFor(agent)?.id).toBeUndefined();
    }
  }
}

const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom<Happening['what']>(
    'holder',
    'holder',
    'ticket',
    'ticket',
    'due',
    'pause',
    'leave',
    'answer',
    'miss',
    'fault',
    'endTalk',
    'rested',
    'ready',
    'ready',
    'break',
    'move',
    'callsAllowed',
  ),
  pick: fc.nat(1_000_000),
  skills: fc.subarray([...SKILLS]),
});

const MANY = { minLength: 40, maxLength: 150, size: 'max' } as const;

test('whatever happens in whatever order, the floor serves as a clerk with a list would', () => {
  fc.assert(
    fc.property(fc.array(happening, MANY), (happenings) => {
      const play = new Play();
      for (let agent = 0; agent < AGENTS.length; agent += 1) {
        play.happen({ what: 'ready', pick: agent, skills: [] });
      }
      for (const each of happenings) play.happen(each);
    }),
    { numRuns: 60 },
  );
});

test('the clerk notices a floor that serves the second first', () => {
  const play = new Play();
  play.happen({ what: 'holder', pick: 0, skills: [] });
  play.happen({ what: 'holder', pick: 0, skills: [] });
  play.naive.line.reverse().forEach((one, index) => {
    one.place = index;
  });
  expect(() => {
    play.happen({ what: 'ready', pick: 0, skills: [] });
  }).toThrow();
});
