import type { AgentPresence } from '../domain/agent/agent.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import { isUnderWay } from '../domain/callback/ticket-step.ts';
import { localTime } from '../domain/hours/hours.ts';
import type { AgentId, CallId, EpochMs, QueueId, TicketId } from '../domain/ids.ts';
import type { Floor } from '../domain/queue/floor.ts';
import { AgentDesk } from './agents/agent-desk.ts';
import { Dialler } from './callbacks/dialler.ts';
import { NumberGate } from './callbacks/number-gate.ts';
import { CallerTickets } from './callers/caller-tickets.ts';
import { KnownCallers } from './callers/known-callers.ts';
import { HANG_UP_PAUSE_MS, Reception } from './callers/reception.ts';
import { closeInterruptedCalls } from './calls/interrupted-calls.ts';
import { closeInterruptedRecordings } from './calls/recorder.ts';
import { Housekeeping } from './housekeeping.ts';
import { ArrivalCounter } from './line/arrival-counter.ts';
import { FloorKeeper } from './line/floor-keeper.ts';
import { LineReader } from './line/line-reader.ts';
import { LineWatcher } from './line/line-watcher.ts';
import { Switches } from './line/switches.ts';
import { WaitKeeper } from './line/wait-keeper.ts';
import type { IncomingCall, TelephonyUser } from './ports.ts';
import type { Services } from './services.ts';
import type { TicketOffice } from './ticket-office.ts';
import { Office } from './tickets/office.ts';
import { TicketBook } from './tickets/ticket-book.ts';

/** What the ceilings look back on. */
const DAY_MS = 86_400_000;

/** How the engine stands; for health checks and drains. */
export interface EngineState {
  readonly draining: boolean;
  readonly calls: number;
  readonly callbacks: number;
  readonly openTickets: number;
}

/** Runs the rules over everything that happens on the telephone network. */
export class Engine implements TelephonyUser {
  readonly #services: Services;
  readonly #floor: FloorKeeper;
  readonly #desk: AgentDesk;
  readonly #tickets: TicketBook;
  readonly #dialler: Dialler;
  readonly #reception: Reception;
  readonly #switches: Switches;
  readonly #gate: NumberGate;
  readonly #arrivals = new ArrivalCounter();
  readonly #housekeeping: Housekeeping;
  /** What the engine measures of its waits. */
  readonly waits: WaitKeeper;
  /** For programs and operators. */
  readonly office: TicketOffice;
  #draining = false;

  constructor(services: Services) {
    this.#services = services;
    this.waits = new WaitKeeper((queue, at) => hourOf(services, queue, at));
    this.#floor = new FloorKeeper(services, new LineWatcher(this.waits), {
      assigned: (entry, agentId, ready) => {
        if (entry.kind === 'holder') this.#reception.assigned(entry.id as CallId, agentId);
        else this.#dialler.assigned(entry.id as TicketId, { agentId, ready });
      },
      agentReady: (entryId, agentId) => {
        this.#dialler.agentReady(entryId as TicketId, agentId);
      },
    });
    const floor = this.#floor;
    const arrivals = this.#arrivals;
    this.#desk = new AgentDesk(services, floor);
    this.#tickets = new TicketBook(services);
    this.#switches = new Switches(services);
    this.#gate = new NumberGate(() => services.plan().numbers, services.keyOfNumber);
    const rooms = {
      floor,
      arrivals,
      gate: this.#gate,
      desk: this.#desk,
      tickets: this.#tickets,
      switches: this.#switches,
      waits: this.waits,
    };
    const lines = new LineReader(services, rooms);
    this.#dialler = new Dialler(services, rooms);
    const withDialler = { ...rooms, lines, dialler: this.#dialler };
    const callerTickets = new CallerTickets(services, withDialler);
    const known = new KnownCallers(services, this.#tickets, lines);
    this.#reception = new Reception(services, { ...withDialler, callerTickets, known });
    this.office = new Office(services, withDialler);
    this.#housekeeping = new Housekeeping(services, { ...withDialler, known });
  }

  /**
   * Takes up what lasted over the stop: agents' presence, tickets in their order, switches, what was
   * measured, recordings and calls that were cut off.
   * @throws StoreFailure
   */
  async start(): Promise<void> {
    const { store, log } = this.#services;
    this.#arrivals.resume(await store.lastArrival());
    const presences = await store.agentPresences();
    const recordings = await closeInterruptedRecordings(this.#services);
    const calls = await closeInterruptedCalls(this.#services);
    this.#gate.recall(await store.numbersUsedSince(this.#services.clock.now() - DAY_MS));
    await this.#switches.load();
    await this.#housekeeping.load();
    const tickets = await store.openTickets();
    this.#tickets.load(tickets);
    this.#configure(presences);
    this.#dialler.rulesChanged();
    for (const ticket of tickets) await this.#takeUp(ticket);
    this.#housekeeping.start();
    log.info('taken up after start', { tickets: tickets.length, recordings, calls });
  }

  /** Takes up a changed plan; calls under way keep the one they began with. */
  planChanged(): void {
    this.#configure(new Map());
    this.#dialler.rulesChanged();
    this.#desk.tellWhoIsReachable();
    for (const ticket of this.#tickets.waiting()) {
      if (!this.#floor.has(ticket.id)) this.#dialler.enter(ticket);
    }
  }

  #configure(presences: ReadonlyMap<AgentId, AgentPresence>): void {
    const { queues, agents } = this.#services.plan();
    this.#floor.post({
      type: 'configured',
      queues: [...queues.values()],
      agents: [...agents.values()],
      presences,
    });
  }

  incoming(call: IncomingCall): void {
    this.#receive(call).catch((error: unknown) => {
      this.#services.log.warn('incoming call failed', { error: String(error) });
    });
  }

  /** An agent's phones all went away, or the first came. */
  agentReachable(agentId: AgentId, reachable: boolean): void {
    this.#desk.phonesChanged(agentId, reachable);
  }

  get state(): EngineState {
    return {
      draining: this.#draining,
      calls: this.#reception.size,
      callbacks: this.#dialler.size,
      openTickets: this.#tickets.open.size,
    };
  }

  /** The floor as it is, for whoever watches. */
  get floor(): Floor {
    return this.#floor.floor;
  }

  /** No new calls and no new callbacks from now on; those under way go on. */
  drain(): void {
    this.#draining = true;
    this.#dialler.drain();
  }

  /** Ends every call. Tickets stay in the store. */
  stop(): void {
    this.drain();
    this.#housekeeping.stop();
    this.#reception.stop();
    this.#dialler.stop();
    this.#tickets.close();
    this.#floor.close();
  }

  async #receive(call: IncomingCall): Promise<void> {
    const { origin } = call;
    if (this.#draining) await call.reject(503);
    else if (origin.kind === 'agent') await this.#desk.takeShortCode(call, origin.agentId);
    else await this.#reception.receive(call, origin.trunk);
  }

  /** A ticket found in the store: an attempt that was cut off costs the customer nothing. */
  async #takeUp(found: Ticket): Promise<void> {
    const now = this.#services.clock.now();
    const ticket = isUnderWay(found)
      ? await this.#tickets.move(found.id, {
          type: 'attemptEnded',
          cause: 'interrupted',
          back: this.#arrivals.endOfLine(now),
        })
      : found;
    this.#dialler.enter(afterStop(ticket, now));
  }
}

/** The hour of the day where the queue is. */
function hourOf(services: Services, queueId: QueueId, at: EpochMs): number {
  const { queues, hours } = services.plan();
  const hoursId = queues.get(queueId)?.hours;
  const timeZone = hoursId === undefined ? undefined : hours.get(hoursId)?.timeZone;
  return Math.floor(localTime(timeZone ?? 'UTC', at).minute / 60);
}

/** The call in which a ticket was taken ended with the stop at the latest: no need to wait for it. */
function afterStop(ticket: Ticket, now: EpochMs): Ticket {
  const { state } = ticket;
  if (state.name !== 'waiting' || state.because !== 'registered') return ticket;
  const notBefore = Math.min(state.notBefore, now + HANG_UP_PAUSE_MS);
  return { ...ticket, state: { ...state, notBefore } };
}
