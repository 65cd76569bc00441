import type { RecordedFact } from '../../../src/domain/queue/line-fact.ts';

/** One thing that happens in a line; numbers pick whom, modulo who is there. */
export interface Move {
  readonly what:
    | 'join'
    | 'register'
    | 'serve'
    | 'due'
    | 'fail'
    | 'pause'
    | 'leave'
    | 'missed'
    | 'move'
    | 'grace';
  readonly whom: number;
  readonly skills: readonly string[];
  readonly where: number;
}

interface Person {
  id: string;
  /** Where they stand; smaller is earlier. */
  place: number;
  state: 'ready' | 'busy' | 'paused';
  readonly skills: readonly string[];
}

/** A line told in facts, with every wrong that a faulty one does to somebody. */
export function playLine(moves: readonly Move[], { fair }: { readonly fair: boolean }) {
  const line: Person[] = [];
  const facts: RecordedFact[] = [];
  const wrongs: string[] = [];
  let now = 1_000_000;
  const tell = (
    what: string,
    { id, place, skills }: Person,
    detail: RecordedFact['detail'] = {},
  ) => {
    const where = {
      queue: 'q',
      arrivedAt: place,
      arrivalSequence: facts.length,
      skills: skills.join(' '),
    };
    facts.push({ at: now, about: id, what, detail: { ...where, ...detail } });
  };
  const pick = (number: number, fits: (person: Person) => boolean): Person | undefined => {
    const able = line.filter(fits);
    return able[number % Math.max(1, able.length)];
  };
  const sort = () => line.sort((a, b) => a.place - b.place);
  const leave = (person: Person) => line.splice(line.indexOf(person), 1);
  /** A place nobody has: between two, or at the end. */
  const placeAt = (number: number) => {
    const index = number % (line.length + 1);
    const before = line[index - 1]?.place ?? (line[0]?.place ?? now) - 2;
    const after = line[index]?.place ?? now;
    return (before + after) / 2;
  };
  const join = (place: number, skills: readonly string[], detail: RecordedFact['detail']) => {
    const person: Person = { id: `call-${now}`, place, state: 'ready', skills };
    tell('joinedLine', person, detail);
    line.push(person);
    sort();
  };
  const serve = ({ whom, skills }: Move) => {
    const able = line.filter(
      (p) => p.state === 'ready' && p.skills.every((s) => skills.includes(s)),
    );
    const index = fair ? 0 : whom % Math.max(1, Math.min(3, able.length));
    const served = able[index];
    if (served === undefined) return;
    for (const earlier of able.slice(0, index)) wrongs.push(`${now} ${earlier.id} by ${served.id}`);
    tell('assigned', served, { agentId: 'alice', skills: skills.join(' ') });
    served.state = 'busy';
  };
  const play: Readonly<Record<Move['what'], (move: Move) => void>> = {
    join: ({ skills }) => join(now, skills, {}),
    grace: ({ skills }) => join(placeAt(0), skills, { grace: true }),
    serve,
    register: ({ whom }) => {
      const person = pick(whom, ({ id, state }) => id.startsWith('call') && state === 'ready');
      if (person === undefined) return;
      const callId = person.id;
      person.id = `ticket-${now}`;
      person.state = 'paused';
      tell('ticketRegistered', person, { callId });
    },
    due: ({ whom }) => {
      const person = pick(whom, ({ state }) => state === 'paused');
      if (person === undefined) return;
      person.state = 'ready';
      tell('ticketDue', person);
    },
    fail: ({ whom, where }) => {
      const person = pick(whom, ({ id, state }) => id.startsWith('ticket') && state === 'busy');
      if (person === undefined) return;
      person.state = 'paused';
      if (where % 3 === 0) person.place = now;
      sort();
      tell('attemptEnded', person, { cause: 'busy', state: 'waiting' });
    },
    pause: ({ whom }) => {
      const person = pick(whom, ({ id, state }) => id.startsWith('ticket') && state === 'ready');
      if (person === undefined) return;
      person.state = 'paused';
      tell('ticketPaused', person, { because: 'calledHours', notBefore: now });
    },
    leave: ({ whom }) => {
      const person = pick(whom, () => true);
      if (person === undefined) return;
      tell('leftLine', person);
      leave(person);
    },
    missed: ({ whom }) => {
      const person = pick(whom, ({ state }) => state === 'busy');
      if (person === undefined) return;
      person.state = 'ready';
      tell('agentMissed', person);
    },
    move: ({ whom, where }) => {
      const person = pick(whom, ({ id, state }) => id.startsWith('ticket') && state !== 'busy');
      if (person === undefined) return;
      person.place = placeAt(where);
      sort();
      tell('ticketMoved', person, { by: 'api', reason: 'hardship' });
    },
  };
  for (const move of moves) {
    now += 1000;
    play[move.what](move);
  }
  return { facts, wrongs };
}
