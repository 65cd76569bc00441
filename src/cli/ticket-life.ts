import type {
  AttemptCause,
  CancelledBy,
  CancelReason,
  PauseReason,
} from '../domain/callback/ticket.ts';
import type { RecordedFact } from '../domain/queue/line-fact.ts';
import { localTimeText } from '../domain/report/period.ts';
import { maskNumbersIn } from '../observe/mask.ts';

type Detail = RecordedFact['detail'];

/** Why a ticket is not called yet, after "because". */
export const PAUSE_WORDS: Readonly<Record<PauseReason, string>> = {
  registered: 'the caller might still have been on the line',
  unreachable: 'the last attempt had not reached the customer',
  choseLater: 'the customer had asked to be called later',
  slot: 'the customer had booked a time',
  calledHours: 'it was outside of calling hours where the customer is',
  closed: 'the queue was closed',
  dialling: 'dialling was switched off, or as many were being called as may be',
  fault: 'the carrier or we had failed',
};

const CAUSE_WORDS: Readonly<Record<AttemptCause | 'connected', string>> = {
  busy: 'busy',
  noAnswer: 'nobody answered',
  declined: 'the call was declined',
  invalidNumber: 'the number is not in service',
  congestion: 'the network had no room',
  carrierFailure: 'the carrier failed',
  unreachable: 'the telephone could not be reached',
  withdrawn: 'we withdrew the call',
  ourFailure: 'we failed',
  noKey: 'answered, but nobody pressed 1',
  machine: 'a machine answered',
  choseLater: 'they asked to be called later',
  choseCancel: 'they cancelled',
  hungUp: 'they hung up after answering',
  interrupted: 'the server stopped in the middle',
  connected: 'connected',
};

const BY_WORDS: Readonly<Record<CancelledBy, string>> = {
  callee: 'the customer, on the callback',
  caller: 'the customer, by calling in',
  operator: 'an operator',
  api: 'a program',
};

const BECAUSE_WORDS: Readonly<Record<CancelReason, string>> = {
  asked: 'they asked for it',
  returned: 'they wait on the line again, at the same place',
  numberRefused: 'the number may not be called any more',
};

/** Says in plain words what a fact tells of a ticket; undefined for one that tells nothing of it. */
export type Teller = (fact: RecordedFact) => string | undefined;

/** A teller of one ticket's life, which counts its attempts. Times are said in `timeZone`. */
export function lifeTeller(timeZone: string): Teller {
  let attempt = 0;
  return (fact) => {
    if (fact.what === 'attemptStarted') attempt += 1;
    return SENTENCES[fact.what]?.(fact.detail, {
      attempt,
      time: (value) => (typeof value === 'number' ? localTimeText(timeZone, value) : 'some time'),
    });
  };
}

interface Telling {
  readonly attempt: number;
  readonly time: (value: unknown) => string;
}

const SENTENCES: Readonly<Record<string, (detail: Detail, telling: Telling) => string>> = {
  joinedLine: ({ queue, arrivalSequence, ahead }) =>
    `Joined the line of ${String(queue)} as arrival ${String(arrivalSequence)}` +
    (typeof ahead === 'number' ? `, with ${ahead} before them.` : '.'),
  callbackOffered: (detail) => `Was offered a callback${quoted(detail)}.`,
  callbackDeclined: () => 'Did not take it, and kept the place on hold.',
  numberRefused: ({ rule, stage }) =>
    `The number was refused at ${String(stage)}, by the rule "${String(rule)}".`,
  ticketRegistered: registered,
  ticketPaused: (detail, telling) => `Not to be called ${pause(detail, telling)}.`,
  ticketDue: () => 'May be called: waits for its turn.',
  assigned: ({ agentId, overtook }) =>
    `Its turn: agent ${String(agentId)} is kept for it` +
    (typeof overtook === 'number' && overtook > 0
      ? `, before ${overtook} who came earlier and may not be served now.`
      : '.'),
  agentChanged: ({ agentId }) => `Agent ${String(agentId)} is kept for it in place of the first.`,
  agentMissed: () => 'The agent did not come; it stands in line again, at its place.',
  attemptStarted: (_, { attempt }) => `Attempt ${attempt}: the customer is called.`,
  customerConfirmed: () => 'A person answered, and pressed 1.',
  attemptEnded,
  ticketConnected: () => 'Connected with the agent: the promise is kept.',
  ticketCancelled: ({ by, because }) =>
    `Cancelled by ${worded(BY_WORDS, by)}: ${worded(BECAUSE_WORDS, because)}.`,
  ticketExpired: () => 'Expired: it had become too old.',
  ticketMoved: ({ by, reason, arrivedAt, arrivalSequence }, { time }) =>
    `Moved by ${worded(BY_WORDS, by)} to the place of ${time(arrivedAt)}, arrival ` +
    `${String(arrivalSequence)}: "${maskNumbersIn(String(reason ?? 'no reason given'))}".`,
  ticketNumberChanged: () => 'The number to call was changed.',
  ticketSlotChanged: ({ slotFrom, slotTo }, { time }) =>
    slotFrom === undefined
      ? 'The booked time was given up: back in line at its place.'
      : `Booked for ${time(slotFrom)} to ${time(slotTo)}.`,
};

function registered(detail: Detail, { time }: Telling): string {
  const { source, key, arrivedAt, arrivalSequence, slotFrom, slotTo } = detail;
  const how =
    source === 'api'
      ? 'A callback was asked for by a form'
      : `Took a callback by pressing ${String(key)}, at the number ${source === 'keyed' ? 'that they keyed' : 'they called from'}`;
  const slot = slotFrom === undefined ? '' : ` Booked for ${time(slotFrom)} to ${time(slotTo)}.`;
  const place = `${time(arrivedAt)}, arrival ${String(arrivalSequence)}`;
  return `${how}${quoted(detail)}. Keeps the place in line of ${place}.${slot}`;
}

function attemptEnded(detail: Detail, telling: Telling): string {
  const { cause, state } = detail;
  const ended = `Attempt ${telling.attempt} ended: ${worded(CAUSE_WORDS, cause)}.`;
  switch (state) {
    case 'exhausted':
      return `${ended} No further attempt is allowed: the ticket ends.`;
    case 'cancelled':
      return `${ended} The ticket ends.`;
    default:
      return detail['because'] === undefined
        ? ended
        : `${ended} Not to be called again ${pause(detail, telling)}.`;
  }
}

function pause({ because, notBefore }: Detail, { time }: Telling): string {
  return `before ${time(notBefore)}, because ${worded(PAUSE_WORDS, because)}`;
}

function quoted({ waitSeconds, lowSeconds, highSeconds }: Detail): string {
  if (typeof waitSeconds !== 'number') return '';
  const minutes = (seconds: number) => Math.round(seconds / 60);
  return typeof lowSeconds === 'number' && typeof highSeconds === 'number'
    ? `, with an estimated wait of ${minutes(lowSeconds)} to ${minutes(highSeconds)} minutes`
    : `, with an estimated wait of ${minutes(waitSeconds)} minutes`;
}

/** Words for a name; the name itself for one that a newer version wrote. */
function worded(words: Readonly<Record<string, string>>, name: unknown): string {
  const text = String(name);
  return (Object.hasOwn(words, text) ? words[text] : undefined) ?? text;
}
