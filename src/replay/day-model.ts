import type { CallRecord } from '../domain/call/call-record.ts';
import type { EpochMs, QueueId } from '../domain/ids.ts';
import type { AnswerManners, CallerScript } from './day.ts';
import { type Observation, type Survival, survivalOf, timeAt } from './kaplan-meier.ts';
import { Random, seedOf } from './random.ts';
import type { RecordedAttempt, Records } from './records.ts';

/** Who dialled, as recorded, and what such people do, as measured. */
export interface DayModel {
  readonly arrivals: readonly Arrival[];
  readonly byQueue: ReadonlyMap<QueueId, QueueModel>;
  readonly takesCallback: number;
  readonly decidesMs: number;
  readonly answers: AnswerManners;
  /** What the recorded days came to, for comparison with the run of their own configuration. */
  readonly observed: Observed;
}

interface Arrival {
  readonly at: EpochMs;
  readonly dnis: CallRecord['dnis'];
  readonly queue: QueueId;
  /** Undefined if it was withheld; such callers are taken to hold. */
  readonly number: string | undefined;
}

interface QueueModel {
  readonly patience: Survival;
  readonly talksMs: readonly number[];
}

export interface Observed {
  readonly holdAsaSeconds: number | undefined;
  readonly abandonedShare: number;
  readonly offered: number;
  readonly registered: number;
  readonly connected: number;
}

/** Assumed where nothing was recorded. */
const USUAL_TALK_MS = 300_000;
const USUAL_SHARE_TAKING = 0.5;
const USUAL_DECIDES_MS = 35_000;
const USUAL_ANSWERS: AnswerManners = {
  busy: 0.05,
  noAnswer: 0.15,
  declined: 0.03,
  machine: 0.1,
  pressesNothing: 0.02,
  choosesLater: 0.03,
  choosesCancel: 0.02,
  hangsUp: 0.02,
  ringMs: 9_000,
};
/** From the answer to the key, about. */
const REACTS_MS = 8_000;

/** Learns from what was recorded. */
export function modelOf(records: Records): DayModel {
  const inLine = records.calls.filter(
    (call): call is CallRecord & { queue: QueueId } =>
      call.direction === 'inbound' && call.queue !== undefined,
  );
  const arrivals = inLine.map((call) => ({
    at: records.joinedAt.get(call.id) ?? call.startedAt,
    dnis: call.dnis,
    queue: call.queue,
    number: call.party,
  }));
  const decided = [...records.registered].flatMap(([callId, { at }]) => {
    const offeredAt = records.offeredAt.get(callId);
    return offeredAt === undefined ? [] : [at - offeredAt];
  });
  const decidesMs = meanOf(decided) ?? USUAL_DECIDES_MS;
  return {
    arrivals: arrivals.toSorted((a, b) => a.at - b.at),
    byQueue: new Map(
      [...new Set(arrivals.map(({ queue }) => queue))].map((queue) => [
        queue,
        queueModel(records, inLine, queue),
      ]),
    ),
    takesCallback: shareTaking(records, decidesMs),
    decidesMs,
    answers: answersOf(records.attempts),
    observed: observedOf(records, inLine),
  };
}

/** Of those who could decide: who was served, or hung up, sooner than people decide says nothing. */
function shareTaking({ calls, offeredAt, registered }: Records, decidesMs: number): number {
  let decided = 0;
  for (const { id, connectedAt, end } of calls) {
    const offered = offeredAt.get(id);
    if (offered === undefined) continue;
    const until = connectedAt ?? end?.at ?? Number.POSITIVE_INFINITY;
    if (registered.has(id) || until - offered >= decidesMs) decided += 1;
  }
  return decided === 0 ? USUAL_SHARE_TAKING : Math.min(1, registered.size / decided);
}

function queueModel(records: Records, inLine: readonly CallRecord[], queue: QueueId): QueueModel {
  const holds = inLine.flatMap((call) => (call.queue === queue ? holdOf(records, call) : []));
  const talks = records.calls.flatMap((call) =>
    call.queue === queue && call.connectedAt !== undefined && call.end !== undefined
      ? [call.end.at - call.connectedAt]
      : [],
  );
  return { patience: survivalOf(holds), talksMs: talks };
}

/** How long somebody held; only who hung up has shown the end of their patience. */
function holdOf(records: Records, call: CallRecord): readonly Observation[] {
  const joinedAt = records.joinedAt.get(call.id) ?? call.startedAt;
  const heldUntil =
    call.connectedAt ?? records.registered.get(call.id)?.at ?? call.end?.at ?? undefined;
  if (heldUntil === undefined) return [];
  return [
    {
      ms: Math.max(0, heldUntil - joinedAt),
      happened: call.end?.outcome === 'abandonedOnHold',
    },
  ];
}

function answersOf(attempts: readonly RecordedAttempt[]): AnswerManners {
  const counts = new Map<string, number>();
  let judged = 0;
  for (const { cause } of attempts) {
    const kind = cause === undefined ? undefined : KIND_OF_CAUSE.get(cause);
    if (kind === undefined) continue;
    judged += 1;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  if (judged === 0) return USUAL_ANSWERS;
  const share = (kind: string) => (counts.get(kind) ?? 0) / judged;
  const confirmsMs = attempts.flatMap(({ startedAt, confirmedAt }) =>
    confirmedAt === undefined ? [] : [confirmedAt - startedAt],
  );
  const confirmMs = meanOf(confirmsMs);
  return {
    busy: share('busy'),
    noAnswer: share('noAnswer'),
    declined: share('declined'),
    machine: share('machine'),
    pressesNothing: share('pressesNothing'),
    choosesLater: share('choosesLater'),
    choosesCancel: share('choosesCancel'),
    hangsUp: share('hangsUp'),
    ringMs: confirmMs === undefined ? USUAL_ANSWERS.ringMs : Math.max(2_000, confirmMs - REACTS_MS),
  };
}

/** Failures of the carrier and of ours are no manner of anybody's. */
const KIND_OF_CAUSE: ReadonlyMap<string, keyof AnswerManners | 'presses1'> = new Map([
  ['connected', 'presses1'],
  ['busy', 'busy'],
  ['noAnswer', 'noAnswer'],
  ['unreachable', 'noAnswer'],
  ['declined', 'declined'],
  ['machine', 'machine'],
  ['noKey', 'pressesNothing'],
  ['choseLater', 'choosesLater'],
  ['choseCancel', 'choosesCancel'],
  ['hungUp', 'hangsUp'],
]);

function observedOf(records: Records, inLine: readonly CallRecord[]): Observed {
  const waits = inLine.flatMap((call) =>
    call.connectedAt === undefined
      ? []
      : [call.connectedAt - (records.joinedAt.get(call.id) ?? call.startedAt)],
  );
  const waitMs = meanOf(waits);
  const abandoned = inLine.filter(({ end }) => end?.outcome === 'abandonedOnHold').length;
  return {
    holdAsaSeconds: waitMs === undefined ? undefined : waitMs / 1000,
    abandonedShare: abandoned / Math.max(1, inLine.length),
    offered: records.offeredAt.size,
    registered: records.registered.size,
    connected: records.attempts.filter(({ cause }) => cause === 'connected').length,
  };
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0
    ? undefined
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The people of one run: the recorded arrivals, with patience, talk and answers drawn anew. */
export function peopleOf(model: DayModel, seed: number): readonly CallerScript[] {
  return model.arrivals.map((arrival, person) => {
    const random = new Random(seedOf(seed, person));
    const queue = model.byQueue.get(arrival.queue);
    const patienceMs = queue === undefined ? 0 : timeAt(queue.patience, random.unit());
    const talkMs = queue?.talksMs[random.below(queue.talksMs.length)] ?? USUAL_TALK_MS;
    return {
      person,
      dialsAt: arrival.at,
      dnis: arrival.dnis,
      queue: arrival.queue,
      number: arrival.number ?? '',
      patienceMs,
      talkMs,
      takesCallback: random.chance(model.takesCallback) && arrival.number !== undefined,
      decidesMs: model.decidesMs * random.between(0.7, 1.3),
      redialsMs: [],
      answers: model.answers,
      seed: seedOf(seed, person + 268435456),
    };
  });
}
