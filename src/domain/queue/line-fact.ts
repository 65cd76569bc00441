import { PAUSE_REASONS, type PauseReason } from '../callback/ticket.ts';
import type { AgentId, CallId, EpochMs, QueueId, SkillId } from '../ids.ts';
import type { EntryId } from './floor.ts';
import type { Place } from './line.ts';

/** A fact as the ledger keeps it: `about` is an id, `what` a verb in the past tense. */
export interface RecordedFact {
  readonly at: EpochMs;
  readonly about: string;
  readonly what: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** What a fact says of the line. */
export type LineFact = { readonly at: EpochMs; readonly id: EntryId } & (
  | {
      /** One who gives up their ticket and holds again joins where it stood. */
      readonly type: 'joined';
      readonly queue: QueueId;
      readonly place: Place;
      readonly skills: readonly SkillId[];
      /** Let to the front after a missed callback. */
      readonly byGrace: boolean;
    }
  /** A ticket; it takes the place of `callId`, if that stands in line. */
  | {
      readonly type: 'registered';
      readonly callId: CallId | undefined;
      readonly queue: QueueId;
      readonly place: Place;
      readonly skills: readonly SkillId[];
      readonly because: PauseReason;
    }
  /** Not to be served now. `place`: where a rule put it meanwhile. */
  | {
      readonly type: 'paused';
      readonly because: PauseReason;
      readonly place: Place | undefined;
    }
  /** May be served: the pause is over, or the agent did not come to who is on the line. */
  | { readonly type: 'ready'; readonly onLine: boolean }
  | { readonly type: 'dialled' }
  /** An agent is kept for it. `queue` and `place` as they were then. */
  | {
      readonly type: 'assigned';
      readonly queue: QueueId;
      readonly place: Place;
      readonly agentId: AgentId;
      readonly skills: ReadonlySet<SkillId>;
      /** Why no customer could be called then, if so. */
      readonly held: PauseReason | undefined;
    }
  | { readonly type: 'moved'; readonly place: Place }
  | { readonly type: 'left' }
);

/** The pause that follows an attempt, for ledgers whose entry does not name it. */
const PAUSE_AFTER: Readonly<Record<string, PauseReason>> = {
  choseLater: 'choseLater',
  congestion: 'fault',
  carrierFailure: 'fault',
  ourFailure: 'fault',
  withdrawn: 'registered',
  interrupted: 'registered',
};

const ENDED_STATES: ReadonlySet<unknown> = new Set([
  'connected',
  'cancelled',
  'exhausted',
  'expired',
]);

/** What a ledger entry says of the line; undefined for any other, and for one without its details. */
export function lineFactOf(fact: RecordedFact): LineFact | undefined {
  const { at, what, detail } = fact;
  const { about } = fact;
  if (!isEntryId(about)) return undefined;
  const known = { at, id: about };
  const place = placeOf(detail);
  switch (what) {
    case 'joinedLine':
    case 'returnedToLine':
    case 'ticketRegistered':
    case 'assigned':
      return placedFact(fact, known, place);
    case 'ticketPaused':
      return { ...known, type: 'paused', because: pauseOf(detail['because']), place };
    case 'attemptEnded':
      return afterAttempt(fact, known, place);
    case 'ticketSlotChanged':
      return { ...known, type: 'paused', because: firstPause(detail), place };
    case 'ticketDue':
    case 'agentMissed':
      return { ...known, type: 'ready', onLine: what === 'agentMissed' };
    case 'attemptStarted':
    case 'customerConfirmed':
      return { ...known, type: 'dialled' };
    case 'ticketMoved':
      return place && { ...known, type: 'moved', place };
    case 'leftLine':
    case 'ticketConnected':
    case 'ticketCancelled':
    case 'ticketExpired':
      return { ...known, type: 'left' };
    default:
      return undefined;
  }
}

/** Facts that say where somebody stands. */
function placedFact(
  { what, detail }: RecordedFact,
  known: { readonly at: EpochMs; readonly id: EntryId },
  place: Place | undefined,
): LineFact | undefined {
  const queue = textOf(detail['queue']);
  if (place === undefined || queue === undefined) return undefined;
  const skills = skillsOf(detail['skills']);
  if (what === 'assigned') {
    const agentId = textOf(detail['agentId']) ?? '';
    const held = detail['held'] === undefined ? undefined : pauseOf(detail['held']);
    return { ...known, type: 'assigned', queue, place, agentId, skills: new Set(skills), held };
  }
  if (what === 'joinedLine' || what === 'returnedToLine') {
    return { ...known, type: 'joined', queue, place, skills, byGrace: detail['grace'] === true };
  }
  const call = textOf(detail['callId']);
  return {
    ...known,
    type: 'registered',
    callId: call !== undefined && isCallId(call) ? call : undefined,
    queue,
    place,
    skills,
    because: firstPause(detail),
  };
}

function afterAttempt(
  { detail }: RecordedFact,
  known: { readonly at: EpochMs; readonly id: EntryId },
  place: Place | undefined,
): LineFact {
  if (ENDED_STATES.has(detail['state'])) return { ...known, type: 'left' };
  const named = detail['because'];
  const because =
    named === undefined
      ? (PAUSE_AFTER[textOf(detail['cause']) ?? ''] ?? 'unreachable')
      : pauseOf(named);
  return { ...known, type: 'paused', because, place };
}

function placeOf(detail: RecordedFact['detail']): Place | undefined {
  const { arrivedAt, arrivalSequence } = detail;
  return typeof arrivedAt === 'number' && typeof arrivalSequence === 'number'
    ? { arrivedAt, arrivalSequence }
    : undefined;
}

/** A ticket waits for its slot, or for the end of the call in which it was asked for. */
function firstPause({ because, slotFrom }: RecordedFact['detail']): PauseReason {
  return because === undefined && typeof slotFrom === 'number' ? 'slot' : pauseOf(because);
}

function pauseOf(value: unknown): PauseReason {
  return PAUSE_REASONS.find((reason) => reason === value) ?? 'registered';
}

/** Names with spaces between. */
function skillsOf(value: unknown): readonly SkillId[] {
  return (textOf(value) ?? '').split(' ').filter((name) => name !== '');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isEntryId(id: string): id is EntryId {
  return isCallId(id) || id.startsWith('ticket-');
}

function isCallId(id: string): id is CallId {
  return id.startsWith('call-');
}
