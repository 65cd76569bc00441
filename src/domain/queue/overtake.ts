import type { PauseReason } from '../callback/ticket.ts';
import {
  emptyOrderedMap,
  type OrderedMap,
  valueAt,
  valuesInOrder,
  withEntry,
  withoutEntry,
} from '../collections/ordered-map.ts';
import type { AgentId, EpochMs, QueueId, SkillId } from '../ids.ts';
import { compareText, type EntryId } from './floor.ts';
import { comparePlaces, type Place } from './line.ts';
import type { LineFact } from './line-fact.ts';

/** Why somebody who came later was served first. */
export type OvertakeReason =
  /** They were not to be called at that time. */
  | PauseReason
  /** They were being called, or an agent was kept for them already. */
  | 'beingCalled'
  /** The agent lacks a skill that they need. */
  | 'skill'
  /** The other had missed a callback, and called in again in time. */
  | 'grace'
  /** A supervisor, or a rule that has no pause, moved one of the two. */
  | 'moved';

/** One time that an agent was kept for somebody who came later. */
export interface Overtake {
  readonly at: EpochMs;
  readonly overtaken: EntryId;
  /** Who went first. */
  readonly by: EntryId;
  readonly agentId: AgentId;
  /** Undefined: no rule allows it. */
  readonly reason: OvertakeReason | undefined;
}

/**
 * A line as the ledger tells of it, rebuilt fact by fact. It knows nothing of the floor that
 * decided, so that it can find a mistake of the floor's.
 */
export interface LineHistory {
  /** Everybody in line, by id. */
  readonly standing: OrderedMap<EntryId, Standing>;
  /** The same, by line and claim. */
  readonly lines: ReadonlyMap<QueueId, OrderedMap<Claim, Standing>>;
}

interface Standing {
  readonly id: EntryId;
  readonly queue: QueueId;
  /** Where they stood first. */
  readonly arrival: Place;
  /** Where they stand now. */
  readonly place: Place;
  readonly status: 'ready' | 'beingCalled' | PauseReason;
  /** While ready: on the telephone already, so that nobody has to be called. */
  readonly onLine: boolean;
  /** Skills that an agent needs. */
  readonly skills: readonly SkillId[];
  /** Why `place` is not `arrival`. */
  readonly displaced: OvertakeReason | undefined;
}

/** The better of the two places of somebody: before that, nobody overtakes them. */
interface Claim extends Place {
  readonly id: EntryId;
}

export const EMPTY_HISTORY: LineHistory = {
  standing: emptyOrderedMap<EntryId, Standing>(compareText),
  lines: new Map(),
};

/** A history after one more fact, and who was overtaken by it. */
export interface HistoryStep {
  readonly history: LineHistory;
  readonly overtakes: readonly Overtake[];
}

/**
 * Takes up one fact. Facts come in the order of the ledger; one about somebody who is not known to
 * stand in line changes nothing, unless it says that they joined. Total.
 */
export function stepHistory(history: LineHistory, fact: LineFact): HistoryStep {
  const known = valueAt(history.standing, fact.id);
  switch (fact.type) {
    case 'joined':
      return quiet(put(history, arrivalOf(fact)));
    case 'registered':
      return quiet(register(history, fact));
    case 'assigned':
      return assign(history, fact);
    default:
      return quiet(known === undefined ? history : change(history, known, fact));
  }
}

/** Whether somebody stands in line. */
export function isInLine(history: LineHistory, id: EntryId): boolean {
  return valueAt(history.standing, id) !== undefined;
}

function quiet(history: LineHistory): HistoryStep {
  return { history, overtakes: [] };
}

function arrivalOf(fact: Extract<LineFact, { type: 'joined' }>): Standing {
  const { at, id, queue, place, skills, byGrace } = fact;
  const known = { id, queue, place, skills, status: 'ready', onLine: true } as const;
  // One let to the front came when they called in, wherever they were put.
  return byGrace
    ? { ...known, arrival: { ...place, arrivedAt: at }, displaced: 'grace' }
    : { ...known, arrival: place, displaced: undefined };
}

/** A ticket stands where its call stood. */
function register(
  history: LineHistory,
  fact: Extract<LineFact, { type: 'registered' }>,
): LineHistory {
  const { id, callId, queue, place, skills, because } = fact;
  const holder = callId === undefined ? undefined : valueAt(history.standing, callId);
  return put(holder === undefined ? history : leave(history, holder), {
    id,
    queue,
    place,
    skills,
    status: because,
    onLine: false,
    arrival: holder?.arrival ?? place,
    displaced: holder?.displaced,
  });
}

/** What else happens to somebody who stands in line. */
function change(
  history: LineHistory,
  known: Standing,
  fact: Exclude<LineFact, { type: 'joined' | 'registered' | 'assigned' }>,
): LineHistory {
  switch (fact.type) {
    case 'paused': {
      const placed = fact.place === undefined ? known : displace(known, fact.place, fact.because);
      return put(history, { ...placed, status: fact.because });
    }
    case 'ready':
      return put(history, { ...known, status: 'ready', onLine: fact.onLine });
    case 'dialled':
      return put(history, { ...known, status: 'beingCalled' });
    case 'moved':
      return put(history, displace(known, fact.place, 'moved'));
    case 'left':
      return leave(history, known);
  }
}

function displace(known: Standing, place: Place, reason: OvertakeReason): Standing {
  if (comparePlaces(place, known.place) === 0) return known;
  return { ...known, place, displaced: reason };
}

/** An agent is kept for somebody: whoever stands before them, or came before them, is overtaken. */
function assign(history: LineHistory, fact: Extract<LineFact, { type: 'assigned' }>): HistoryStep {
  const { at, id, queue, place, agentId } = fact;
  const known = valueAt(history.standing, id);
  const served = known ?? { queue, place, arrival: place, displaced: undefined };
  const last = later(served.arrival, served.place);
  const overtakes: Overtake[] = [];
  for (const other of valuesInOrder(lineOf(history, served.queue))) {
    if (comparePlaces(earlier(other.arrival, other.place), last) >= 0) break;
    if (other.id === id || !isBefore(other, served)) continue;
    const reason = reasonOf(other, served, fact);
    overtakes.push({ at, overtaken: other.id, by: id, agentId, reason });
  }
  // One who is not known joined before the facts begin: they are not watched from the middle on.
  if (known === undefined) return { history, overtakes };
  return { history: put(history, { ...known, status: 'beingCalled' }), overtakes };
}

type Placed = Pick<Standing, 'arrival' | 'place' | 'displaced'>;

function isBefore(other: Placed, served: Placed): boolean {
  return (
    comparePlaces(other.place, served.place) < 0 || comparePlaces(other.arrival, served.arrival) < 0
  );
}

function reasonOf(
  other: Standing,
  served: Placed,
  { skills, held }: Extract<LineFact, { type: 'assigned' }>,
): OvertakeReason | undefined {
  if (other.status !== 'ready') return other.status;
  // Where nobody may be called, only those on the line are served.
  if (held !== undefined && !other.onLine) return held;
  if (comparePlaces(served.place, other.place) < 0) {
    const cameForward = comparePlaces(served.place, served.arrival) < 0;
    return cameForward ? served.displaced : other.displaced;
  }
  return other.skills.every((skill) => skills.has(skill)) ? undefined : 'skill';
}

function put(history: LineHistory, standing: Standing): LineHistory {
  const { id, queue } = standing;
  const claim = claimOf(standing);
  const before = valueAt(history.standing, id);
  const hasMoved =
    before !== undefined && (before.queue !== queue || compareClaims(claimOf(before), claim) !== 0);
  const { standing: others, lines } = hasMoved ? leave(history, before) : history;
  const line = withEntry(lineOf({ lines }, queue), claim, standing);
  return {
    standing: withEntry(others, id, standing),
    lines: new Map(lines).set(queue, line),
  };
}

function leave(history: LineHistory, standing: Standing): LineHistory {
  const { id, queue } = standing;
  const line = withoutEntry(lineOf(history, queue), claimOf(standing));
  return {
    standing: withoutEntry(history.standing, id),
    lines: new Map(history.lines).set(queue, line),
  };
}

function lineOf(
  { lines }: Pick<LineHistory, 'lines'>,
  queue: QueueId,
): OrderedMap<Claim, Standing> {
  return lines.get(queue) ?? emptyOrderedMap<Claim, Standing>(compareClaims);
}

function claimOf({ id, arrival, place }: Standing): Claim {
  const { arrivedAt, arrivalSequence } = earlier(arrival, place);
  return { arrivedAt, arrivalSequence, id };
}

function earlier(a: Place, b: Place): Place {
  return comparePlaces(a, b) < 0 ? a : b;
}

function later(a: Place, b: Place): Place {
  return comparePlaces(a, b) < 0 ? b : a;
}

function compareClaims(a: Claim, b: Claim): number {
  return comparePlaces(a, b) || compareText(a.id, b.id);
}
