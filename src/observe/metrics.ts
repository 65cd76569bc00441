import { Registry } from 'prom-client';
import { attemptsMade } from '../domain/callback/retry.ts';
import type { Ticket } from '../domain/callback/ticket.ts';
import type { QueueId } from '../domain/ids.ts';
import type { Happening } from '../engine/observer.ts';
import { QUEUE_SWITCHES, type QueueView } from '../engine/ticket-office.ts';
import { type EventFamilies, eventFamilies, stateFamilies } from './metric-families.ts';

/** How good the estimates of a queue were. */
export interface EstimateRecord {
  readonly queue: QueueId;
  /** Estimates that have met their wait; with none nothing is told. */
  readonly count: number;
  /** Share of waits within the 80 % band. */
  readonly coverage: number;
  readonly biasSeconds: number;
}

/** What is looked up each time that Prometheus asks. */
export interface MetricSources {
  readonly version: string;
  readonly queues: () => readonly QueueView[];
  readonly estimates: () => readonly EstimateRecord[];
  /** Events that wait, by receiver. */
  readonly webhookBacklog: () => ReadonlyMap<string, number>;
  readonly textBacklog: () => number;
}

/** A queue that is configured no more. Names from elsewhere would make series without end. */
const OTHER = 'other';
/** A call that ended before it came to a queue. */
const NO_QUEUE = 'none';

/** Figures for Prometheus. Labels are names of the configuration and of our own; never a number. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #events: EventFamilies = eventFamilies(this.#registry);
  readonly #state = stateFamilies(this.#registry);
  readonly #sources: MetricSources;
  #queues: ReadonlySet<QueueId> = new Set();

  constructor(sources: MetricSources) {
    this.#sources = sources;
    this.#state.build.set({ version: sources.version }, 1);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
  async render(): Promise<string> {
    this.#lookAround();
    return this.#registry.metrics();
  }

  /** An operation of the store failed. */
  storeFailed(): void {
    this.#events.storeErrors.inc();
  }

  /** Counts a change of a ticket; `before` is undefined if it is new. */
  ticketChanged(before: Ticket | undefined, after: Ticket): void {
    const queue = this.#known(after.queue);
    const { registered, attempts, reached, ended } = this.#events;
    if (before === undefined) registered.inc({ queue, source: after.consent.source });
    const last = after.attempts.at(-1);
    if (last !== undefined && attemptsMade(after.attempts) > attemptsMade(before?.attempts ?? [])) {
      attempts.inc({ queue, cause: last.cause });
    }
    const state = after.state.name;
    if (state === before?.state.name) return;
    if (state === 'reached') reached.inc({ queue });
    else if (state !== 'waiting' && state !== 'dialling') ended.inc({ queue, state });
  }

  /** Counts what happens. */
  observe(happening: Happening): void {
    const events = this.#events;
    switch (happening.what) {
      case 'callArrived':
        return events.calls.inc();
      case 'callbackOffered':
        return events.offered.inc({ queue: this.#known(happening.queue) });
      case 'callbackDeclined':
        return events.declined.inc({ queue: this.#known(happening.queue) });
      case 'callEnded': {
        const queue = happening.queue === undefined ? NO_QUEUE : this.#known(happening.queue);
        return events.callsEnded.inc({ queue, outcome: happening.outcome });
      }
      case 'assigned':
        return this.#assigned(happening);
      case 'talking':
        return this.#answered(happening);
      case 'conversationEnded':
        return events.talk.observe(
          { queue: this.#known(happening.queue) },
          happening.talkMs / 1000,
        );
      case 'agentMissed':
        return events.agentsMissed.inc();
      case 'recordingFailed':
        return events.recordingsFailed.inc();
      default:
        return undefined;
    }
  }

  #assigned(happening: Extract<Happening, { what: 'assigned' }>): void {
    const queue = this.#known(happening.queue);
    const { count, unexplained } = happening.overtook;
    this.#events.assigned.inc({ queue });
    this.#events.overtaken.inc({ queue }, Math.max(0, count - unexplained));
    this.#events.unexplained.inc({ queue }, unexplained);
  }

  /** A callback is never a wait on hold, and never one of zero. */
  #answered(happening: Extract<Happening, { what: 'talking' }>): void {
    const { holdWait, callbackWait } = this.#events;
    const wait = happening.ticketId === undefined ? holdWait : callbackWait;
    wait.observe({ queue: this.#known(happening.queue) }, happening.waitedMs / 1000);
  }

  #known(queue: QueueId): QueueId {
    if (this.#queues.has(queue)) return queue;
    this.#queues = new Set(this.#sources.queues().map((view) => view.queue));
    return this.#queues.has(queue) ? queue : OTHER;
  }

  #lookAround(): void {
    const { holders, tickets, staffed, free, wait, switches } = this.#state;
    for (const family of [holders, tickets, staffed, free, wait]) family.reset();
    switches.reset();
    for (const view of this.#sources.queues()) {
      const { queue } = view;
      holders.set({ queue }, view.holders);
      tickets.set({ queue }, view.tickets);
      staffed.set({ queue }, view.staffed);
      free.set({ queue }, view.free);
      wait.set({ queue }, view.wait.seconds);
      for (const one of QUEUE_SWITCHES) {
        switches.set({ queue, switch: one }, view.switches[one] ? 1 : 0);
      }
      // That nobody was passed over is to be seen, not to be guessed from a missing series.
      this.#events.unexplained.inc({ queue }, 0);
    }
    this.#lookAtEstimates();
    this.#lookAtBacklogs();
  }

  #lookAtEstimates(): void {
    const { coverage, bias } = this.#state;
    coverage.reset();
    bias.reset();
    for (const record of this.#sources.estimates()) {
      if (record.count === 0) continue;
      coverage.set({ queue: record.queue }, record.coverage);
      bias.set({ queue: record.queue }, record.biasSeconds);
    }
  }

  #lookAtBacklogs(): void {
    const { webhooks, texts } = this.#state;
    webhooks.reset();
    for (const [webhook, waiting] of this.#sources.webhookBacklog()) {
      webhooks.set({ webhook }, waiting);
    }
    texts.set(this.#sources.textBacklog());
  }
}
