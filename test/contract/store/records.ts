import fc from 'fast-check';
import type { AgentPresence } from '../../../src/domain/agent/agent.ts';
import type { CallOutcome, CallRecord } from '../../../src/domain/call/call-record.ts';
import {
  type AttemptCause,
  type AttemptRecord,
  PAUSE_REASONS,
  type Ticket,
  type TicketState,
} from '../../../src/domain/callback/ticket.ts';
import type { E164 } from '../../../src/domain/ids.ts';
import type { Recording, RecordingState } from '../../../src/domain/recording/recording.ts';
import type { RegisteredPhone } from '../../../src/engine/phones.ts';
import type { Change, LedgerFact } from '../../../src/engine/ports.ts';

const DNIS: E164 = '+18005550100';
export const NUMBER: E164 = '+12025550123';
const AT = 1_764_000_000_000;

/** A ticket in line, with what a test wants different. */
export function ticketOf(changes: Partial<Ticket> = {}): Ticket {
  return {
    id: 'ticket-1',
    queue: 'refunds',
    number: NUMBER,
    dnis: DNIS,
    origin: {
      callId: 'call-1',
      waitingSince: AT,
      language: 'en',
      path: ['main 1'],
      code: undefined,
      isTty: false,
    },
    arrivedAt: AT,
    arrivalSequence: 1,
    registeredAt: AT + 60_000,
    consent: {
      key: '1',
      source: 'ani',
      at: AT + 60_000,
      promptVersion: 'a1b2c3',
      language: 'en',
    },
    slot: undefined,
    state: { name: 'waiting', notBefore: 0, because: 'registered' },
    attempts: [],
    ...changes,
  };
}

export function callOf(changes: Partial<CallRecord> = {}): CallRecord {
  return {
    id: 'call-1',
    direction: 'inbound',
    trunk: 'carrier',
    dnis: DNIS,
    party: NUMBER,
    startedAt: AT,
    queue: 'refunds',
    ticketId: undefined,
    connectedAt: undefined,
    end: undefined,
    ...changes,
  };
}

export function recordingOf(changes: Partial<Recording> = {}): Recording {
  return {
    id: 'rec-1',
    callId: 'call-1',
    ticketId: undefined,
    agentId: 'anna',
    queue: 'refunds',
    file: '2026/11/24/rec-1.wav',
    startedAt: AT,
    state: { name: 'recording' },
    ...changes,
  };
}

export function phoneOf(changes: Partial<RegisteredPhone> = {}): RegisteredPhone {
  return {
    uri: 'sip:anna@127.0.0.1:5070',
    expiresAt: AT + 3_600_000,
    source: { protocol: 'udp', address: '127.0.0.1', port: 5070 },
    callId: 'register-1',
    cseq: 1,
    registeredAt: AT,
    ...changes,
  };
}

export function factOf(changes: Partial<LedgerFact> = {}): LedgerFact {
  return { at: AT, about: 'ticket-1', what: 'ticketRegistered', detail: { key: '1' }, ...changes };
}

/** The changes of one registered ticket, number `n` in line. */
export function registration(n: number): readonly Change[] {
  const ticket = ticketOf({ id: `ticket-${n}`, arrivedAt: AT + n, arrivalSequence: n });
  const fact = factOf({ about: ticket.id, detail: { n } });
  return [
    { kind: 'ticket', ticket },
    { kind: 'fact', fact },
  ];
}

const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const name = fc.string({ minLength: 1, maxLength: 40 });
const number = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.stringMatching(/^[0-9]{1,14}$/))
  .map(([first, rest]): E164 => `+${first}${rest}`);

const CAUSES: readonly AttemptCause[] = [
  'busy',
  'noAnswer',
  'declined',
  'invalidNumber',
  'congestion',
  'carrierFailure',
  'unreachable',
  'withdrawn',
  'ourFailure',
  'noKey',
  'machine',
  'choseLater',
  'choseCancel',
  'hungUp',
  'interrupted',
];

const OUTCOMES: readonly CallOutcome[] = [
  'served',
  'ticketTaken',
  'abandonedInMenu',
  'abandonedOnHold',
  'closed',
  'turnedAway',
  'notReached',
  'failed',
];

const ticketState: fc.Arbitrary<TicketState> = fc.oneof(
  fc.record({
    name: fc.constant('waiting' as const),
    notBefore: time,
    because: fc.constantFrom(...PAUSE_REASONS),
  }),
  fc.record({ name: fc.constant('dialling' as const), agentId: name, startedAt: time }),
  fc.record({
    name: fc.constant('reached' as const),
    agentId: name,
    startedAt: time,
    reachedAt: time,
  }),
  fc.record({ name: fc.constant('connected' as const), agentId: name, at: time }),
  fc.record({
    name: fc.constant('cancelled' as const),
    at: time,
    by: fc.constantFrom('callee' as const, 'caller' as const, 'operator' as const, 'api' as const),
    because: fc.constantFrom('asked' as const, 'returned' as const, 'numberRefused' as const),
  }),
  fc.record({ name: fc.constant('expired' as const), at: time }),
  fc.record({
    name: fc.constant('exhausted' as const),
    at: time,
    cause: fc.constantFrom(...CAUSES),
  }),
);

const attempt: fc.Arbitrary<AttemptRecord> = fc.record({
  startedAt: time,
  endedAt: time,
  cause: fc.constantFrom(...CAUSES, 'connected' as const),
  agentId: name,
});

/** Any ticket; all of one run have different ids. */
export const anyTicket: fc.Arbitrary<Ticket> = fc.record({
  id: fc.uuid().map((id): Ticket['id'] => `ticket-${id}`),
  queue: name,
  number,
  dnis: number,
  origin: fc.record({
    callId: fc.option(
      fc.uuid().map((id): CallRecord['id'] => `call-${id}`),
      { nil: undefined },
    ),
    waitingSince: time,
    language: name,
    path: fc.array(name, { maxLength: 4 }),
    code: fc.option(fc.stringMatching(/^[0-9]{2}$/), { nil: undefined }),
    isTty: fc.boolean(),
  }),
  arrivedAt: time,
  arrivalSequence: fc.nat(),
  registeredAt: time,
  consent: fc.record({
    key: name,
    source: fc.constantFrom('ani' as const, 'keyed' as const, 'api' as const),
    at: time,
    promptVersion: name,
    language: name,
  }),
  slot: fc.option(fc.record({ from: time, to: time }), { nil: undefined }),
  state: ticketState,
  attempts: fc.array(attempt, { maxLength: 5 }),
});

export const anyCall: fc.Arbitrary<CallRecord> = fc.record({
  id: fc.uuid().map((id): CallRecord['id'] => `call-${id}`),
  direction: fc.constantFrom('inbound' as const, 'callback' as const),
  trunk: fc.option(name, { nil: undefined }),
  dnis: number,
  party: fc.option(number, { nil: undefined }),
  startedAt: time,
  queue: fc.option(name, { nil: undefined }),
  ticketId: fc.option(
    fc.uuid().map((id): Ticket['id'] => `ticket-${id}`),
    { nil: undefined },
  ),
  connectedAt: fc.option(time, { nil: undefined }),
  end: fc.option(fc.record({ at: time, outcome: fc.constantFrom(...OUTCOMES) }), {
    nil: undefined,
  }),
});

const recordingState: fc.Arbitrary<RecordingState> = fc.oneof(
  fc.constant({ name: 'recording' as const }),
  fc.record({ name: fc.constant('finished' as const), endedAt: time, durationMs: time }),
  fc.record({ name: fc.constant('interrupted' as const), endedAt: time }),
  fc.record({ name: fc.constant('failed' as const), at: time, reason: fc.string() }),
);

export const anyRecording: fc.Arbitrary<Recording> = fc.record({
  id: fc.uuid().map((id): Recording['id'] => `rec-${id}`),
  callId: fc.uuid().map((id): Recording['callId'] => `call-${id}`),
  ticketId: fc.option(
    fc.uuid().map((id): Ticket['id'] => `ticket-${id}`),
    { nil: undefined },
  ),
  agentId: name,
  queue: name,
  file: name,
  startedAt: time,
  state: recordingState,
});

export const anyPresence: fc.Arbitrary<AgentPresence> = fc.oneof(
  fc.constant({ name: 'loggedOut' as const }),
  fc.record({ name: fc.constant('ready' as const), since: time }),
  fc.record({
    name: fc.constant('break' as const),
    since: time,
    reason: fc.constantFrom('chosen' as const, 'ringNoAnswer' as const, 'unreachable' as const),
  }),
);
