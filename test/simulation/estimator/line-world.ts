import type { CallId } from '../../../src/domain/ids.ts';
import type { PlannedStaff, WaitEstimate } from '../../../src/domain/wait/wait-estimate.ts';
import { WaitKeeper } from '../../../src/engine/wait-keeper.ts';
import { Random } from '../../../src/replay/random.ts';
import { Agenda } from './agenda.ts';
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

type Happening =
  | { readonly name: 'arrival' | 'spell' | 'shift' }
  | { readonly name: 'impatient'; readonly person: Person }
  | { readonly name: 'talked'; readonly handleSeconds: number }
  | { readonly name: 'free'; readonly handleSeconds: number | undefined };

const QUEUE = 'line';

/** One queue from its first arrival to its last: arrivals, agents, patience, callbacks, shifts. */
export class LineWorld {
  readonly comparisons: Comparison[] = [];
  readonly keeper = new WaitKeeper(() => 0);
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #agenda = new Agenda<Happening>();
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

  constructor(scenario: Scenario, seed: number) {
    this.#scenario = scenario;
    this.#random = new Random(seed);
    this.#staffed = scenario.agents;
    this.keeper.open(QUEUE, scenario.talk.mean * 1.3);
  }

  run(): void {
    this.#agenda.add(0, { name: 'arrival' });
    this.#planSpell();
    this.#planShift();
    for (let next = this.#agenda.next(); next !== undefined; next = this.#agenda.next()) {
      this.#now = next.at;
      this.#happen(next.what);
    }
  }

  get #over(): boolean {
    return this.#arrived >= this.#scenario.arrivals;
  }

  #happen(what: Happening): void {
    switch (what.name) {
      case 'arrival':
        this.#arrive();
        break;
      case 'spell':
        this.#high = !this.#high;
        this.#planSpell();
        break;
      case 'shift':
        this.#shift += 1;
        this.#staffed = this.#staffAt(this.#shift);
        this.#planShift();
        break;
      case 'impatient':
        this.#abandon(what.person);
        break;
      case 'talked':
        this.#wrapUp(what.handleSeconds);
        break;
      case 'free':
        this.#busy -= 1;
        if (this.#scenario.wrapUpSeconds > 0 && what.handleSeconds !== undefined) {
          this.#wrapUpEnds.shift();
        }
        if (what.handleSeconds !== undefined) this.keeper.handled(QUEUE, what.handleSeconds);
        break;
    }
    this.#serve();
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
    this.#agenda.add(this.#now + this.#random.exponential(1 / perSecond), { name: 'arrival' });
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
      this.#agenda.add(this.#now + patienceSeconds, { name: 'impatient', person });
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
      this.comparisons.push({ waitSeconds, ...person.said });
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
    this.#agenda.add(this.#now + ringSeconds, { name: 'free', handleSeconds: undefined });
  }

  #talk(ringSeconds: number): void {
    this.#busy += 1;
    const handleSeconds = draw(this.#random, this.#scenario.talk);
    this.#agenda.add(this.#now + ringSeconds + handleSeconds, { name: 'talked', handleSeconds });
  }

  #wrapUp(talkSeconds: number): void {
    const { wrapUpSeconds } = this.#scenario;
    const until = this.#now + wrapUpSeconds;
    if (wrapUpSeconds > 0) this.#wrapUpEnds.push(until);
    this.#agenda.add(until, { name: 'free', handleSeconds: talkSeconds + wrapUpSeconds });
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
    return this.#line[this.#head];
  }

  #planSpell(): void {
    const { meanSpellSeconds } = this.#scenario.load;
    if (this.#over || meanSpellSeconds === Number.POSITIVE_INFINITY) return;
    const seconds = this.#random.exponential(meanSpellSeconds);
    this.#agenda.add(this.#now + seconds, { name: 'spell' });
  }

  #planShift(): void {
    const { shifts } = this.#scenario;
    if (this.#over || shifts === undefined) return;
    this.#agenda.add((this.#shift + 1) * shifts.everySeconds, { name: 'shift' });
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
