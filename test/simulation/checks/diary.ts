import type { Witness } from '../../../src/replay/witness.ts';
import type { BrokenRule } from './broken-rule.ts';

interface Entry {
  readonly at: number;
  readonly text: string;
}

/** Most entries kept; older ones make room. */
const MOST_ENTRIES = 100_000;

/** Writes down all that happens in a run, for the few runs that are read by people. */
export class Diary implements Witness {
  #entries: Entry[] = [];

  floorMoved: Witness['floorMoved'] = ({ event, effects, now }) => {
    if (event.type === 'configured') return;
    this.#write(now, `floor: ${JSON.stringify(event)}`);
    for (const effect of effects) this.#write(now, `  so: ${JSON.stringify(effect)}`);
  };

  joined: Witness['joined'] = (id, { person }, now) => {
    this.#write(now, `${id} joins the line (person ${person})`);
  };

  leftLine: Witness['leftLine'] = (id, now) => {
    this.#write(now, `${id} hangs up`);
  };

  offered: Witness['offered'] = (id, now) => {
    this.#write(now, `${id} is offered a callback`);
  };

  registered: Witness['registered'] = ({ id }, callId, now) => {
    this.#write(now, `${callId} takes ${id}`);
  };

  due: Witness['due'] = (id, now) => {
    this.#write(now, `${id} is due`);
  };

  ticketMoved: Witness['ticketMoved'] = ({ id, state }, by, now) => {
    this.#write(now, `${id}: ${by}, so ${JSON.stringify(state)}`);
  };

  dialled: Witness['dialled'] = ({ id }, now) => {
    this.#write(now, `${id} is called`);
  };

  attemptEnded: Witness['attemptEnded'] = (_before, { id }, cause, now) => {
    this.#write(now, `${id}: the call to the customer ends, ${cause}`);
  };

  talkBegan: Witness['talkBegan'] = (id, agentId, noPerson, now) => {
    this.#write(now, `${id} talks with ${agentId}${noPerson ? ', and is no person' : ''}`);
  };

  talkEnded: Witness['talkEnded'] = (id, agentId, now) => {
    this.#write(now, `${id} has talked with ${agentId}`);
  };

  processDied: Witness['processDied'] = (now) => {
    this.#write(now, 'the process dies');
  };

  ended: Witness['ended'] = ({ now }) => {
    this.#write(now, 'the run ends');
  };

  /** The last that happened to those whom a broken rule is about, as lines. */
  lastOf({ about }: BrokenRule, most: number): readonly string[] {
    const names = about.map((id) => new RegExp(`(?<![\\w-])${id}(?![\\w-])`, 'u'));
    return this.#entries
      .filter(({ text }) => names.length === 0 || names.some((name) => name.test(text)))
      .slice(-most)
      .map(({ at, text }) => `${new Date(at).toISOString()} ${text}`);
  }

  #write(at: number, text: string): void {
    this.#entries.push({ at, text });
    if (this.#entries.length > MOST_ENTRIES) this.#entries = this.#entries.slice(MOST_ENTRIES / 2);
  }
}

/** Tells one witness, then the other, of everything. */
export function both(first: Witness, second: Witness): Witness {
  return {
    floorMoved: (...told) => [first, second].forEach((witness) => witness.floorMoved(...told)),
    joined: (...told) => [first, second].forEach((witness) => witness.joined(...told)),
    leftLine: (...told) => [first, second].forEach((witness) => witness.leftLine(...told)),
    offered: (...told) => [first, second].forEach((witness) => witness.offered(...told)),
    registered: (...told) => [first, second].forEach((witness) => witness.registered(...told)),
    due: (...told) => [first, second].forEach((witness) => witness.due(...told)),
    ticketMoved: (...told) => [first, second].forEach((witness) => witness.ticketMoved(...told)),
    dialled: (...told) => [first, second].forEach((witness) => witness.dialled(...told)),
    attemptEnded: (...told) => [first, second].forEach((witness) => witness.attemptEnded(...told)),
    talkBegan: (...told) => [first, second].forEach((witness) => witness.talkBegan(...told)),
    talkEnded: (...told) => [first, second].forEach((witness) => witness.talkEnded(...told)),
    processDied: (...told) => [first, second].forEach((witness) => witness.processDied(...told)),
    ended: (...told) => [first, second].forEach((witness) => witness.ended(...told)),
  };
}
