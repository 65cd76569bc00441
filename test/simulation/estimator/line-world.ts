import type { CallId } from '../../../src/domain/ids.ts';
import type { PlannedStaff, WaitEstimate } from '../../../src/domain/wait/wait-estimate.ts';
import { WaitKeeper } from '../../../src/engine/line/wait-keeper.ts';
import { Agenda } from '../../../src/replay/agenda.ts';
import { Random } from '../../../src/replay/random.ts';
import { idealWait } from './rivals.ts';
import { draw, type Scenario } from './scenario.ts';

/** What each estimator said to somebody, and how long they waited, in seconds. */
export interface Comparison {
  /** The how manieth arrival it was. */
  readonly arrival: number;
  readonly waitSeconds: number;
  readonly ours: WaitEstimate;
  readonly ideal: number;
  /** Head of the line: how long the first has waited. */
  readonly headOfLine: number;
  /** Last to enter service: how long the latest who was served had waited. */
  readonly lastServed: number;
}

interface Person {
  readonly id: CallId;
  readonly kind: 'holder' | 'ticket';
  readonly arrivedAt: number;
  readonly said: Omit<Comparison, 'waitSeconds'>;
  gone: boolean;
}

const QUEUE = 'line';

/** One queue from its first arrival to its last: arrivals, agents, patience, callbacks, shifts. */
export class LineWorld {
  readonly keeper = new WaitKeeper(() => 0);
  readonly #scenario: Scenario;
  readonly #served: (comparison: Comparison) => void;
  readonly #random: Random;
  readonly #agenda = new Agenda();
  readonly #line: Person[] = [];
  readonly #wrapUpEnds: number[] = [];
  #head = 0;
  #holders = 0;
  #tickets = 0;
  #staffed: number;
  #busy = 0;
  #high = false;
  #shift = 0;
  #arrived = 0;
  #now = 0;
  #lastServedWait = 0;

  /** `served` is told of everybody who waited and was served, or called back. */
  constructor(scenario: Scenario, seed: number, served: (comparison: Comparison) => void) {
    this.#scenario = scenario;
    this.#served = served;
    this.#random = new Random(seed);
    this.#staffed = scenario.agents;
    this.keeper.open(QUEUE, scenario.talk.mean * 1.3);
  }

  run(): void {
    this.#after(0, () => {
      this.#arrive();
    });
    this.#planSpell();
    this.#planShift();
    for (let next = this.#agenda.take(); next !== undefined; next = this.#agenda.take()) {
      next();
      this.#serve();
    }
  }

  get #over(): boolean {
    return this.#arrived >= this.#scenario.arrivals;
  }

  #after(seconds: number, action: () => void): void {
    const at = this.#now + seconds;
    this.#agenda.add(at, () => {
      this.#now = at;
      action();
    });
  }

  #arrive(): void {
    this.#arrived += 1;
    const { load, agents, talk, wrapUpSeconds, patience, callbacks } = this.#scenario;
    if (this.#busy < this.#staffed && this.#holders + this.#tickets === 0) {
      this.#talk(0);
    } else {
      const kind = callbacks && this.#random.chance(callbacks.share) ? 'ticket' : 'holder';
      this.#join(kind, kind === 'holder' && patience ? draw(this.#random, patience) : undefined);
    }
    if (this.#over) return;
    const perSecond = ((this.#high ? load.high : load.low) * agents) / (talk.mean + wrapUpSeconds);
    this.#after(this.#random.exponential(1 / perSecond), () => {
      this.#arrive();
    });
  }

  #join(kind: Person['kind'], patienceSeconds: number | undefined): void {
    const id: CallId = `call-${this.#arrived}`;
    const said = this.#askEverybody();
    const person: Person = { id, kind, arrivedAt: this.#now, said, gone: false };
    this.#line.push(person);
    if (kind === 'holder') this.#holders += 1;
    else this.#tickets += 1;
    this.keeper.joined(QUEUE, id, kind, this.#now * 1000);
    this.keeper.quoted(id, said.ours, this.#now * 1000);
    if (patienceSeconds !== undefined) {
      this.#after(patienceSeconds, () => {
        this.#abandon(person);
      });
    }
  }

  #askEverybody(): Person['said'] {
    const ahead = {
      holdersAhead: this.#holders,
      ticketsAhead: this.#tickets,
      staffed: this.#staffed,
      free: Math.max(0, this.#staffed - this.#busy),
      soonFreeSeconds: this.#wrapUpEnds.map((at) => at - this.#now),
      wrapUpSeconds: this.#scenario.wrapUpSeconds,
      plannedStaff: this.#plan(),
      secondsToClosing: Number.POSITIVE_INFINITY,
    };
    const first = this.#first();
    return {
      arrival: this.#arrived,
      ours: this.keeper.estimate(QUEUE, ahead),
      ideal: idealWait(this.#scenario, ahead),
      headOfLine: first === undefined ? this.#lastServedWait : this.#now - first.arrivedAt,
      lastServed: this.#lastServedWait,
    };
  }

  #serve(): void {
    while (this.#busy < this.#staffed) {
      const person = this.#first();
      if (person === undefined) return;
      this.#leave(person);
      const waitSeconds = this.#now - person.arrivedAt;
      this.#lastServedWait = waitSeconds;
      this.#served({ waitSeconds, ...person.said });
      this.keeper.served(person.id, this.#now * 1000);
      if (person.kind === 'holder') this.#talk(0);
      else this.#callBack();
    }
  }

  #callBack(): void {
    const { callbacks } = this.#scenario;
    const ringSeconds = callbacks?.ringSeconds ?? 0;
    const reached = this.#random.chance(callbacks?.chanceReached ?? 1);
    this.keeper.attempted(QUEUE, { reached, keptSeconds: ringSeconds });
    if (reached) {
      this.#talk(ringSeconds);
      return;
    }
    this.#busy += 1;
    this.#after(ringSeconds, () => {
      this.#busy -= 1;
    });
  }

  #talk(ringSeconds: number): void {
    this.#busy += 1;
    const talkSeconds = draw(this.#random, this.#scenario.talk);
    this.#after(ringSeconds + talkSeconds, () => {
      this.#wrapUp(talkSeconds);
    });
  }

  #wrapUp(talkSeconds: number): void {
    const { wrapUpSeconds } = this.#scenario;
    if (wrapUpSeconds > 0) this.#wrapUpEnds.push(this.#now + wrapUpSeconds);
    this.#after(wrapUpSeconds, () => {
      this.#busy -= 1;
      if (wrapUpSeconds > 0) this.#wrapUpEnds.shift();
      this.keeper.handled(QUEUE, talkSeconds + wrapUpSeconds);
    });
  }

  #abandon(person: Person): void {
    if (person.gone) return;
    this.#leave(person);
    this.keeper.left(person.id, 'abandoned', this.#now * 1000);
  }

  #leave(person: Person): void {
    person.gone = true;
    if (person.kind === 'holder') this.#holders -= 1;
    else this.#tickets -= 1;
  }

  #first(): Person | undefined {
    while (this.#line[this.#head]?.gone === true) this.#head += 1;
    if (this.#head > 1000) this.#line.splice(0, this.#head);
    if (this.#head > 1000) this.#head = 0;
    return this.#line[this.#head];
  }

  #planSpell(): void {
    const { meanSpellSeconds } = this.#scenario.load;
    if (this.#over || meanSpellSeconds === Number.POSITIVE_INFINITY) return;
    this.#after(this.#random.exponential(meanSpellSeconds), () => {
      this.#high = !this.#high;
      this.#planSpell();
    });
  }

  #planShift(): void {
    const { shifts } = this.#scenario;
    if (this.#over || shifts === undefined) return;
    this.#after(shifts.everySeconds, () => {
      this.#shift += 1;
      this.#staffed = this.#staffAt(this.#shift);
      this.#planShift();
    });
  }

  /** What is planned for the next four shifts. */
  #plan(): readonly PlannedStaff[] {
    const { shifts } = this.#scenario;
    if (shifts?.planned !== true) return [];
    return [1, 2, 3, 4].map((later) => ({
      afterSeconds: (this.#shift + later) * shifts.everySeconds - this.#now,
      staffed: this.#staffAt(this.#shift + later),
    }));
  }

  #staffAt(shift: number): number {
    const { agents, shifts } = this.#scenario;
    const multiple = shifts?.multiples[shift % shifts.multiples.length] ?? 1;
    return Math.round(agents * multiple);
  }
}
