import type { TicketId } from '../../domain/ids.ts';
import type { WebhookId, WebhookSettings } from '../../domain/notification/settings.ts';
import type { Delivery } from '../../engine/api-records.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { isTaken, type Posted } from '../outgoing/post.ts';
import type { TicketDelivery } from './event.ts';

/** Events that wait for one receiver; those above it are dropped. */
export const MAX_WAITING = 5_000;
/** Requests to one receiver at once. */
const MAX_AT_ONCE = 4;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
const HOUR_MS = 3_600_000;
/** The receiver wants no more, ever (Standard Webhooks, "Response and status codes"). */
const GONE = 410;

export interface ReceiverNeeds {
  readonly name: WebhookId;
  readonly settings: () => WebhookSettings | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1, 1 excluded. */
  readonly random: () => number;
  readonly send: (delivery: TicketDelivery, settings: WebhookSettings) => Promise<Posted>;
  /** Keeps how a delivery stands. Never throws. */
  readonly keep: (delivery: Delivery) => Promise<void>;
}

/** An event in its lane; it may be sent once it is on disk. */
interface Waiting extends TicketDelivery {
  /** False: it could not be kept, and nobody was promised it. */
  readonly kept: Promise<boolean>;
}

/**
 * One receiver of webhooks. What concerns one ticket goes out in order, each event only after the
 * one before was taken or given up; different tickets do not wait for each other.
 */
export class Receiver {
  readonly #needs: ReceiverNeeds;
  /** What waits, by ticket; the first of each is the next to go. */
  readonly #lanes = new Map<TicketId, Waiting[]>();
  /** Lanes whose first event may go now. */
  readonly #ready = new Set<TicketId>();
  readonly #pauses = new Map<TicketId, () => void>();
  readonly #underWay = new Set<Promise<void>>();
  #waiting = 0;
  #failingSince: number | undefined;
  #disabled = false;
  #stopped = false;

  constructor(needs: ReceiverNeeds) {
    this.#needs = needs;
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  get takesMore(): boolean {
    return !this.#disabled && this.#waiting < MAX_WAITING;
  }

  /** Puts an event at the end of its ticket's lane. */
  add(event: TicketDelivery, kept: Promise<boolean>): void {
    this.#waiting += 1;
    const lane = this.#lanes.get(event.ticketId);
    if (lane !== undefined) {
      lane.push({ ...event, kept });
      return;
    }
    this.#lanes.set(event.ticketId, [{ ...event, kept }]);
    this.#readyAt(event.ticketId, event.delivery.nextAttemptAt);
  }

  /** The operator has changed the file: a receiver that was given up is tried again. */
  enable(): void {
    this.#disabled = false;
    this.#failingSince = undefined;
  }

  /** Starts nothing more; resolves when nothing is under way. What waits stays on disk. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#pauses.values()) cancel();
    this.#pauses.clear();
    await Promise.all(this.#underWay);
  }

  #readyAt(lane: TicketId, at: number): void {
    const waitMs = at - this.#needs.clock.now();
    if (waitMs <= 0) {
      this.#ready.add(lane);
      this.#goOn();
      return;
    }
    const cancel = this.#needs.clock.startTimer(waitMs, () => {
      this.#pauses.delete(lane);
      this.#ready.add(lane);
      this.#goOn();
    });
    this.#pauses.set(lane, cancel);
  }

  #goOn(): void {
    for (const lane of this.#ready) {
      if (this.#stopped || this.#underWay.size >= MAX_AT_ONCE) return;
      this.#ready.delete(lane);
      const attempt = this.#attempt(lane).finally(() => {
        this.#underWay.delete(attempt);
        this.#goOn();
      });
      this.#underWay.add(attempt);
    }
  }

  /** Tries the first event of a lane, and keeps how it went. */
  async #attempt(lane: TicketId): Promise<void> {
    const next = this.#lanes.get(lane)?.[0];
    if (next === undefined) return;
    const settings = this.#needs.settings();
    const kept = await next.kept;
    if (this.#stopped) return;
    if (!kept) this.#leave(lane);
    else if (settings === undefined) await this.#giveUp(lane, next, 'it is no longer configured');
    else if (this.#disabled) await this.#giveUp(lane, next, 'the receiver is disabled');
    else await this.#try(lane, next, settings);
  }

  async #try(lane: TicketId, next: Waiting, settings: WebhookSettings): Promise<void> {
    const posted = await this.#needs.send(next, settings);
    // Cut off by us: nobody can tell whether it was taken; it goes out again after the start.
    if (posted.status === undefined && posted.reason === 'stopped') return;
    const attempts = next.delivery.attempts + 1;
    const tried: Waiting = { ...next, delivery: { ...next.delivery, attempts } };
    if (isTaken(posted)) {
      this.#failingSince = undefined;
      await this.#needs.keep({ ...tried.delivery, state: 'delivered' });
      this.#leave(lane);
      return;
    }
    await this.#failed(lane, tried, posted, settings);
  }

  async #failed(
    lane: TicketId,
    tried: Waiting,
    posted: Posted,
    settings: WebhookSettings,
  ): Promise<void> {
    const now = this.#needs.clock.now();
    this.#failingSince ??= now;
    const failingMs = now - this.#failingSince;
    if (posted.status === GONE || failingMs >= settings.disableAfterHours * HOUR_MS) {
      this.#disable(posted.status === GONE ? 'it answered 410 Gone' : 'it failed for too long');
      await this.#giveUp(lane, tried, 'the receiver is disabled');
      return;
    }
    if (now - tried.delivery.createdAt >= settings.keepHours * HOUR_MS) {
      await this.#giveUp(lane, tried, 'nobody took it in time');
      return;
    }
    const nextAttemptAt = now + this.#pauseMs(tried.delivery.attempts, posted);
    const delivery = { ...tried.delivery, nextAttemptAt };
    this.#lanes.get(lane)?.splice(0, 1, { ...tried, delivery });
    await this.#needs.keep(delivery);
    if (!this.#stopped) this.#readyAt(lane, nextAttemptAt);
  }

  /** Doubled by each failure; between half and whole of it, so that receivers are not hit at once. */
  #pauseMs(attempts: number, posted: Posted): number {
    const wholeMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20));
    const pauseMs = wholeMs * (0.5 + this.#needs.random() / 2);
    const askedMs = posted.status === undefined ? undefined : posted.retryAfterMs;
    return Math.max(pauseMs, Math.min(askedMs ?? 0, LONGEST_PAUSE_MS));
  }

  #disable(reason: string): void {
    this.#disabled = true;
    this.#needs.log.error('webhook: the receiver is disabled until api.yaml is changed', {
      webhook: this.#needs.name,
      reason,
      waiting: this.#waiting,
    });
    // All that waits is given up in its turn.
    for (const [lane, cancel] of this.#pauses) {
      cancel();
      this.#ready.add(lane);
    }
    this.#pauses.clear();
  }

  async #giveUp(lane: TicketId, event: Waiting, reason: string): Promise<void> {
    if (!this.#disabled) {
      this.#needs.log.warn('webhook: an event is given up', {
        webhook: this.#needs.name,
        event: event.delivery.eventId,
        ticket: lane,
        attempts: event.delivery.attempts,
        reason,
      });
    }
    await this.#needs.keep({ ...event.delivery, state: 'abandoned' });
    this.#leave(lane);
  }

  /** Takes the first event out of its lane; the one behind it may go. */
  #leave(lane: TicketId): void {
    const events = this.#lanes.get(lane) ?? [];
    events.shift();
    this.#waiting -= 1;
    const next = events[0];
    if (next === undefined) this.#lanes.delete(lane);
    else if (!this.#stopped) this.#readyAt(lane, next.delivery.nextAttemptAt);
  }
}
