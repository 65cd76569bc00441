import type { PauseReason } from '../../domain/callback/ticket.ts';
import { isOpen } from '../../domain/hours/hours.ts';
import type { EpochMs, QueueId } from '../../domain/ids.ts';
import type { CallsAllowed } from '../../domain/queue/floor.ts';
import type { QueueSettings } from '../../domain/queue/settings.ts';
import type { FloorKeeper } from '../line/floor-keeper.ts';
import type { Switches } from '../line/switches.ts';
import type { Services } from '../services.ts';

/** Why nobody of a queue is called just now, and when to look again. */
interface Obstacle {
  readonly because: PauseReason;
  readonly afterMs: number;
}

/** A customer who is called, until talk begins or nothing comes of it. Both safe to repeat. */
export interface CallOut {
  /** The call has left: whatever carries it has counted it. */
  readonly placed: () => void;
  readonly ended: () => void;
}

const MINUTE_MS = 60_000;
/** Timers may fire a moment early. */
const TIMER_SLACK_MS = 50;
/** How soon it is looked again where as many are being called as may be. */
const FULL_PAUSE_MS = 2_000;

/**
 * How many customers of each queue may be called now. The floor is told, so that it keeps no agent for
 * a ticket in vain: a line of thousands is not gone through each time.
 */
export class CallAllowance {
  readonly #services: Services;
  readonly #floor: FloorKeeper;
  readonly #switches: Switches;
  readonly #outIn = new Map<QueueId, number>();
  /** Calls of all queues that have not left yet, but will take a trunk's place. */
  #placing = 0;
  #draining = false;
  #closed = false;
  /** A ceiling for all numbers together is reached from then to then. */
  #reached: { readonly at: EpochMs; readonly until: EpochMs } = { at: 0, until: 0 };
  #willMeasure = false;
  #look: { readonly at: EpochMs; readonly cancel: () => void } | undefined;

  constructor(services: Services, rooms: { floor: FloorKeeper; switches: Switches }) {
    this.#services = services;
    this.#floor = rooms.floor;
    this.#switches = rooms.switches;
  }

  /** A customer is called from now on. */
  begun(queue: QueueId): CallOut {
    this.#outIn.set(queue, this.#out(queue) + 1);
    this.#placing += 1;
    let isPlacing = true;
    let isOut = true;
    const placed = (): void => {
      if (isPlacing) this.#placing -= 1;
      isPlacing = false;
    };
    this.#measureSoon();
    return {
      placed,
      ended: () => {
        placed();
        if (isOut) this.#outIn.set(queue, this.#out(queue) - 1);
        isOut = false;
        this.measureAll();
      },
    };
  }

  /** Undefined while somebody may be called. */
  obstacle(queue: QueueSettings): Obstacle | undefined {
    const now = this.#services.clock.now();
    if (this.#draining || !this.#switches.isOn(queue.id, 'dialling')) {
      return { because: 'dialling', afterMs: untilNextMinuteMs(now) };
    }
    // Nobody wants to be called at night because a phone was left ready.
    const hours = this.#services.plan().hours.get(queue.hours);
    if (hours !== undefined && !isOpen(hours, now)) {
      return { because: 'closed', afterMs: untilNextMinuteMs(now) };
    }
    const { at, until } = this.#reached;
    // Before it was reached: the clock was set back, and the gate knows anew for how long.
    if (at <= now && now < until) return { because: 'dialling', afterMs: until - now };
    return this.#left(queue) > 0 ? undefined : { because: 'dialling', afterMs: FULL_PAUSE_MS };
  }

  /** Tells the floor how it now is. */
  measure(queueId: QueueId): void {
    const known = this.#floor.floor.queues.get(queueId);
    if (known === undefined) return;
    const obstacle = this.obstacle(known.settings);
    const calls: CallsAllowed =
      obstacle === undefined
        ? { left: this.#left(known.settings), because: 'dialling' }
        : { left: 0, because: obstacle.because };
    if (calls.left !== known.calls.left || calls.because !== known.calls.because) {
      this.#floor.post({ type: 'callsAllowed', queue: queueId, calls });
    }
    if (obstacle !== undefined) this.#lookAgain(obstacle.afterMs);
  }

  /** Nobody is called before that time: a ceiling for all numbers together was reached. */
  reached(until: EpochMs): void {
    this.#reached = { at: this.#services.clock.now(), until };
    this.measureAll();
  }

  /** The configuration or a switch has changed: it is found out anew what holds. */
  rulesChanged(): void {
    this.#reached = { at: 0, until: 0 };
    this.measureAll();
  }

  /** The same for all queues. */
  measureAll(): void {
    for (const queueId of this.#floor.floor.queues.keys()) this.measure(queueId);
  }

  /** Nobody is called any more. */
  drain(): void {
    this.#draining = true;
    this.measureAll();
  }

  close(): void {
    this.#closed = true;
    this.#look?.cancel();
  }

  /** Once the floor has taken up all that comes in this moment: it counts what it has given out itself. */
  #measureSoon(): void {
    if (this.#willMeasure) return;
    this.#willMeasure = true;
    queueMicrotask(() => {
      this.#willMeasure = false;
      if (!this.#closed) this.measureAll();
    });
  }

  /** One timer for all queues: the soonest counts. */
  #lookAgain(afterMs: number): void {
    const { clock } = this.#services;
    const at = clock.now() + afterMs;
    if (this.#draining || (this.#look !== undefined && this.#look.at <= at)) return;
    this.#look?.cancel();
    const cancel = clock.startTimer(afterMs, () => {
      this.#look = undefined;
      this.measureAll();
    });
    this.#look = { at, cancel };
  }

  #left({ id, callback }: QueueSettings): number {
    const left = callback.dial.maxCallsOut - this.#out(id);
    const places = this.#services.telephony.outgoingCapacity() - this.#placing;
    return Math.max(0, Math.min(left, places));
  }

  #out(queue: QueueId): number {
    return this.#outIn.get(queue) ?? 0;
  }
}

/** Hours begin on a full minute. */
function untilNextMinuteMs(now: EpochMs): number {
  return MINUTE_MS - (now % MINUTE_MS) + TIMER_SLACK_MS;
}
