import {
  type LeadTime,
  leadMs,
  UNMEASURED_LEAD,
  withLeadAttempt,
} from '../domain/callback/lead-time.ts';
import { chooseOffer, isOffering } from '../domain/callback/offer.ts';
import { sizeOf, valueAt } from '../domain/collections/ordered-map.ts';
import { closesAt, localTime } from '../domain/hours/hours.ts';
import type { AgentId, EpochMs, QueueId } from '../domain/ids.ts';
import type { EntryId, Floor, FloorEvent, QueueOnFloor } from '../domain/queue/floor.ts';
import { countForWait, type Entry } from '../domain/queue/line.ts';
import type { AttemptOutcome } from '../domain/wait/reach.ts';
import type { WaitEstimate } from '../domain/wait/wait-estimate.ts';
import { LineWatcher } from '../engine/line/line-watcher.ts';
import { WaitKeeper } from '../engine/line/wait-keeper.ts';
import type { Run } from './run.ts';
import type { SimulatedFloor } from './simulated-floor.ts';

/** Hours of queues that have none are reckoned here. */
const NO_ZONE = 'UTC';

/** The waits of the lines and how early customers are called, measured and estimated as in the house. */
export class Estimates {
  readonly #run: Run;
  readonly #floor: SimulatedFloor;
  readonly #offering = new Map<QueueId, boolean>();
  readonly #leads = new Map<QueueId, LeadTime>();
  /** When each agent's rest ends, or ended. */
  readonly #rests = new Map<AgentId, EpochMs>();
  #waits: WaitKeeper;
  #watcher: LineWatcher;

  constructor(run: Run, floor: SimulatedFloor) {
    this.#run = run;
    this.#floor = floor;
    this.#waits = new WaitKeeper((queue, at) => this.#hourOf(queue, at));
    this.#watcher = new LineWatcher(this.#waits);
  }

  /** A new process knows of the waits what was stored, and of all else nothing. */
  restart(): void {
    this.#waits = new WaitKeeper((queue, at) => this.#hourOf(queue, at), this.#waits.snapshot());
    this.#watcher = new LineWatcher(this.#waits);
    this.#offering.clear();
    this.#leads.clear();
    this.#rests.clear();
  }

  moved(before: Floor, event: FloorEvent, now: EpochMs): void {
    this.#watcher.moved(before, event, now);
  }

  served(entry: Entry, agentId: AgentId, now: EpochMs): void {
    this.#watcher.served(entry, agentId, now);
  }

  rests(agentId: AgentId, until: EpochMs): void {
    this.#rests.set(agentId, until);
  }

  /** A ticket was dialled. */
  attempted(queue: QueueId, outcome: AttemptOutcome): void {
    this.#waits.attempted(queue, outcome);
  }

  /** How long it took from dialling to "press 1"; undefined if nobody did. */
  confirmed(queue: QueueId, confirmMs: number | undefined): void {
    const before = this.#leads.get(queue) ?? UNMEASURED_LEAD;
    const lead = withLeadAttempt(before, confirmMs);
    this.#leads.set(queue, lead);
    if (confirmMs === undefined) return;
    this.#floor.post({ type: 'leadMeasured', queue, leadMs: leadMs(lead) });
  }

  /** Whether somebody who has joined the line is offered to keep their place without holding. */
  isOffered(entryId: EntryId, queueId: QueueId, openTickets: number): boolean {
    const queue = this.#floor.floor.queues.get(queueId);
    if (queue === undefined) return false;
    const { callback } = queue.settings;
    const { now } = this.#run;
    const estimate = this.#estimate(entryId, queueId, queue);
    const waitSeconds = estimate.seconds;
    const hours = this.#run.plan.hours.get(queue.settings.hours);
    const was = this.#offering.get(queueId) ?? false;
    const isOn = isOffering(callback, hours, waitSeconds, was, now);
    this.#offering.set(queueId, isOn);
    const secondsToClosing = this.#secondsToClosing(queue);
    const { offering, registering } = callback;
    const view = {
      waitSeconds,
      openTickets,
      secondsToClosing,
      offering,
      registering,
      isOffering: isOn,
      trunksFree: true,
      slotsFree: false,
    };
    this.#waits.quoted(entryId, estimate, now);
    const offer = chooseOffer(callback, view, false);
    return offer === 'line' || offer === 'nextMorning';
  }

  #estimate(entryId: EntryId, queueId: QueueId, queue: QueueOnFloor): WaitEstimate {
    const placed = valueAt(this.#floor.floor.entries, entryId);
    const { line } = queue;
    const ahead = countForWait(line, placed?.entry);
    return this.#waits.estimate(queueId, {
      holdersAhead: ahead.holders,
      ticketsAhead: ahead.tickets,
      staffed: queue.staffed,
      free: sizeOf(queue.free),
      soonFreeSeconds: this.#soonFree(queueId),
      wrapUpSeconds: queue.settings.wrapUpSeconds,
      secondsToClosing: this.#secondsToClosing(queue) ?? Number.POSITIVE_INFINITY,
    });
  }

  #soonFree(queueId: QueueId): readonly number[] {
    const { now } = this.#run;
    const seconds: number[] = [];
    for (const [agentId, until] of this.#rests) {
      if (until <= now) this.#rests.delete(agentId);
      else if (valueAt(this.#floor.floor.agents, agentId)?.queues.includes(queueId) === true) {
        seconds.push((until - now) / 1000);
      }
    }
    return seconds;
  }

  #secondsToClosing({ settings }: QueueOnFloor): number | undefined {
    const hours = this.#run.plan.hours.get(settings.hours);
    const closing = hours === undefined ? undefined : closesAt(hours, this.#run.now);
    return closing === undefined ? undefined : (closing - this.#run.now) / 1000;
  }

  #hourOf(queueId: QueueId, at: EpochMs): number {
    const hours = this.#run.plan.queues.get(queueId)?.hours;
    const zone = hours === undefined ? undefined : this.#run.plan.hours.get(hours)?.timeZone;
    return Math.floor(localTime(zone ?? NO_ZONE, at).minute / 60);
  }
}
