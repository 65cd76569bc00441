import type { CallRecord } from '../../../src/domain/call/call-record.ts';
import type { CallId, TicketId } from '../../../src/domain/ids.ts';
import type { Archive, LedgerEntry, Page, TimeSpan } from '../../../src/engine/archive.ts';
import type { Change, LedgerFact } from '../../../src/engine/ports.ts';
import { UNWATCHED, type Witness } from '../../../src/replay/witness.ts';

/** Writes of a simulated day what the store would hold of a real one. */
export class Recorder {
  readonly calls = new Map<CallId, CallRecord>();
  readonly facts: LedgerFact[] = [];
  readonly #callbacks = new Map<TicketId, CallId>();

  /** Everything as commits of a store. */
  changes(): readonly Change[] {
    return [
      ...[...this.calls.values()].map((call): Change => ({ kind: 'call', call })),
      ...this.facts.map((fact): Change => ({ kind: 'fact', fact })),
    ];
  }

  readonly witness: Witness = {
    ...UNWATCHED,
    floorMoved: ({ effects, now }) => {
      for (const effect of effects) {
        if (effect.type !== 'presenceChanged') continue;
        this.#fact(now, effect.agentId, 'agentChanged', { to: effect.presence.name });
      }
    },
    joined: (id, { dnis, queue, number }, now) => {
      const party = `+1${number}` as const;
      this.calls.set(id, {
        id,
        dnis,
        queue,
        party,
        direction: 'inbound',
        trunk: 'carrier',
        startedAt: now,
        ticketId: undefined,
        connectedAt: undefined,
        end: undefined,
      });
      this.#fact(now, id, 'joinedLine', { queue, arrivedAt: now, arrivalSequence: 1 });
    },
    offered: (id, now) => {
      this.#fact(now, id, 'callbackOffered', { waitSeconds: 100 });
    },
    leftLine: (id, now) => {
      this.#change(id, { end: { at: now, outcome: 'abandonedOnHold' } });
    },
    registered: ({ id, queue }, callId, now) => {
      this.#change(callId, { ticketId: id, end: { at: now + 6_000, outcome: 'ticketTaken' } });
      this.#fact(now, id, 'ticketRegistered', { queue, callId });
    },
    dialled: ({ id, queue, dnis, number }, now) => {
      const callId: CallId = `call-back-${this.calls.size}`;
      this.#callbacks.set(id, callId);
      this.calls.set(callId, {
        id: callId,
        dnis,
        queue,
        party: number,
        direction: 'callback',
        startedAt: now,
        trunk: undefined,
        ticketId: id,
        connectedAt: undefined,
        end: undefined,
      });
      this.#fact(now, id, 'attemptStarted', { queue });
    },
    ticketMoved: ({ id, state }, by, now) => {
      if (by === 'confirmed') this.#fact(now, id, 'customerConfirmed', { state: state.name });
      if (by === 'connected') this.#fact(now, id, 'ticketConnected', { state: state.name });
    },
    attemptEnded: (_before, { id }, cause, now) => {
      if (cause === 'connected') return;
      this.#change(this.#callbacks.get(id), { end: { at: now, outcome: 'notReached' } });
      this.#fact(now, id, 'attemptEnded', { cause });
    },
    talkBegan: (id, _agentId, _noPerson, now) => {
      this.#change(this.#callOf(id), { connectedAt: now });
    },
    talkEnded: (id, _agentId, now) => {
      this.#change(this.#callOf(id), { end: { at: now, outcome: 'served' } });
    },
  };

  #callOf(id: CallId | TicketId): CallId | undefined {
    return id.startsWith('call-') ? (id as CallId) : this.#callbacks.get(id as TicketId);
  }

  #change(id: CallId | undefined, change: Partial<CallRecord>): void {
    const call = id === undefined ? undefined : this.calls.get(id);
    if (call !== undefined) this.calls.set(call.id, { ...call, ...change });
  }

  #fact(at: number, about: string, what: string, detail: LedgerFact['detail']): void {
    this.facts.push({ at, about, what, detail });
  }
}

/** What a recorder wrote, as a store would give it out: page by page. */
export function archiveOf(
  recorder: Pick<Recorder, 'calls' | 'facts'>,
): Pick<Archive, 'callsBetween' | 'ledgerBetween'> {
  const calls = [...recorder.calls.values()].toSorted((a, b) => a.startedAt - b.startedAt);
  const entries = recorder.facts
    .toSorted((a, b) => a.at - b.at)
    .map((fact, index): LedgerEntry => ({ ...fact, position: index + 1 }));
  return {
    callsBetween: (span, page) =>
      Promise.resolve(pageOf(calls, ({ startedAt }) => startedAt, span, page)),
    ledgerBetween: (span, page) => Promise.resolve(pageOf(entries, ({ at }) => at, span, page)),
  };
}

function pageOf<Item>(
  items: readonly Item[],
  timeOf: (item: Item) => number,
  { from, to }: TimeSpan,
  { after, limit }: Page<Pick<Item, never>>,
): readonly Item[] {
  const within = items.filter((item) => timeOf(item) >= from && timeOf(item) < to);
  const start = after === undefined ? 0 : within.indexOf(after as Item) + 1;
  return within.slice(start, start + limit);
}
