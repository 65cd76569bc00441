import type { AgentPresence } from '../../../src/domain/agent/agent.ts';
import type { CallRecord } from '../../../src/domain/call/call-record.ts';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { hasEnded } from '../../../src/domain/callback/ticket-step.ts';
import type { AgentId, E164, EpochMs, TicketId } from '../../../src/domain/ids.ts';
import type { Place } from '../../../src/domain/queue/line.ts';
import type { Recording } from '../../../src/domain/recording/recording.ts';
import type {
  Change,
  Json,
  LedgerFact,
  NumbersUsed,
  Store,
  TurnedSwitch,
} from '../../../src/engine/ports.ts';

/** What lasts in a simulated day; a commit fails whenever `fails` says so. */
export class MemoryStore implements Store {
  readonly tickets = new Map<TicketId, Ticket>();
  readonly calls = new Map<string, CallRecord>();
  readonly recordings = new Map<string, Recording>();
  readonly facts: LedgerFact[] = [];
  readonly #presences = new Map<AgentId, AgentPresence>();
  readonly #switches = new Map<string, TurnedSwitch>();
  readonly #memories = new Map<string, Json>();
  #fails: () => boolean;

  constructor(fails: () => boolean) {
    this.#fails = fails;
  }

  /** Takes every commit from now on. */
  heal(): void {
    this.#fails = () => false;
  }

  commit(changes: readonly Change[]): Promise<void> {
    if (this.#fails()) return Promise.reject(new Error('injected: the disk is full'));
    for (const change of changes) this.#apply(change);
    return Promise.resolve();
  }

  #apply(change: Change): void {
    switch (change.kind) {
      case 'ticket':
        this.tickets.set(change.ticket.id, change.ticket);
        return;
      case 'call':
        this.calls.set(change.call.id, change.call);
        return;
      case 'recording':
        this.recordings.set(change.recording.id, change.recording);
        return;
      case 'agent':
        this.#presences.set(change.agentId, change.presence);
        return;
      case 'switch':
        this.#switches.set(`${change.turned.queue} ${change.turned.which}`, change.turned);
        return;
      case 'memory':
        if (change.value === null) this.#memories.delete(change.name);
        else this.#memories.set(change.name, change.value);
        return;
      case 'outbox':
      case 'apiKey':
      case 'idempotencyKey':
      case 'optOut':
        return;
      case 'fact':
        this.facts.push(change.fact);
        return;
    }
  }

  openTickets(): Promise<readonly Ticket[]> {
    const open = [...this.tickets.values()].filter((ticket) => !hasEnded(ticket));
    open.sort((a, b) => a.arrivedAt - b.arrivedAt || a.arrivalSequence - b.arrivalSequence);
    return Promise.resolve(open);
  }

  ticket(id: TicketId): Promise<Ticket | undefined> {
    return Promise.resolve(this.tickets.get(id));
  }

  recentTicketOf(number: E164, endedSince: EpochMs): Promise<Ticket | undefined> {
    const endOf = ({ state }: Ticket) => (state.name === 'exhausted' ? state.at : -Infinity);
    const [recent] = [...this.tickets.values()]
      .filter((ticket) => ticket.number === number && endOf(ticket) >= endedSince)
      .sort((a, b) => endOf(b) - endOf(a));
    return Promise.resolve(recent);
  }

  numbersUsedSince(since: EpochMs): Promise<NumbersUsed> {
    const tickets = [...this.tickets.values()].filter((ticket) => ticket.registeredAt >= since);
    const calls = [...this.calls.values()].filter((call) => call.startedAt >= since);
    return Promise.resolve({
      registrations: tickets.map(({ number, registeredAt, origin }) => {
        const call = origin.callId === undefined ? undefined : this.calls.get(origin.callId);
        return { number, caller: call?.party, at: registeredAt };
      }),
      attempts: calls.flatMap(({ direction, party, startedAt }) =>
        direction === 'callback' && party !== undefined ? [{ number: party, at: startedAt }] : [],
      ),
    });
  }

  turnedSwitches(): Promise<readonly TurnedSwitch[]> {
    return Promise.resolve([...this.#switches.values()].filter(({ on }) => on !== undefined));
  }

  memories(): Promise<ReadonlyMap<string, Json>> {
    return Promise.resolve(new Map(this.#memories));
  }

  agentPresences(): Promise<ReadonlyMap<AgentId, AgentPresence>> {
    return Promise.resolve(new Map(this.#presences));
  }

  runningRecordings(): Promise<readonly Recording[]> {
    const rows = [...this.recordings.values()];
    return Promise.resolve(rows.filter(({ state }) => state.name === 'recording'));
  }

  openCalls(): Promise<readonly CallRecord[]> {
    return Promise.resolve([...this.calls.values()].filter(({ end }) => end === undefined));
  }

  lastArrival(): Promise<Place> {
    let last: Place = { arrivedAt: 0, arrivalSequence: 0 };
    for (const { arrivedAt, arrivalSequence } of this.tickets.values()) {
      if (arrivalSequence > last.arrivalSequence) last = { arrivedAt, arrivalSequence };
    }
    return Promise.resolve(last);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
