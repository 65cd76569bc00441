import { timestampDistance } from '../../../protocol/rtp/packet.ts';
import { digitOfEvent, type TelephoneEvent } from '../../../protocol/rtp/telephone-event.ts';
import { type DtmfEvent, FRAME_MS } from '../types.ts';

const SAMPLES_A_MS = 8;

/** An event whose end was lost is told after so long without a packet of it. */
const LOST_END_TICKS = 200 / FRAME_MS;

/** Events remembered, and for how long, so that repeats and stragglers of them are known. */
const REMEMBERED = 8;
const REMEMBERED_TICKS = 3000 / FRAME_MS;

/** How much later than an event's end so far the next part of the same event may begin: 20 ms. */
const CONTINUATION_SAMPLES = 160;

interface Pending {
  readonly event: number;
  readonly digit: string;
  /** Timestamp of the latest part; an event longer than 8.19 s has several (RFC 4733 2.5.1.3). */
  timestamp: number;
  /** Length of the latest part, and of those before it. */
  samples: number;
  samplesBefore: number;
  lastTick: number;
}

/**
 * Makes one digit of the many packets of each telephone-event (RFC 4733 section 2.5): the first end
 * packet tells it, all others with its timestamp are repeats. An event whose ends were all lost is
 * told when the next one begins, or after 200 ms.
 */
export class DigitReceiver {
  readonly #onDigit: (event: DtmfEvent) => void;
  readonly #done: { readonly timestamp: number; readonly tick: number }[] = [];
  #pending: Pending | undefined;
  #tick = 0;

  constructor(onDigit: (event: DtmfEvent) => void) {
    this.#onDigit = onDigit;
  }

  /** Takes the payload of one event packet. Events that are no keys are passed over. */
  receive(event: TelephoneEvent, timestamp: number, marker: boolean): void {
    const digit = digitOfEvent(event.event);
    if (digit === undefined || this.#isDone(timestamp)) return;
    if (this.#pending && !this.#continues(this.#pending, event, timestamp, marker)) this.#finish();
    this.#pending ??= {
      event: event.event,
      digit,
      timestamp,
      samples: 0,
      samplesBefore: 0,
      lastTick: this.#tick,
    };
    this.#pending.lastTick = this.#tick;
    this.#pending.samples = Math.max(this.#pending.samples, event.durationSamples);
    if (event.end) this.#finish();
  }

  /** Once each 20 ms. */
  tick(): void {
    this.#tick++;
    const oldest = this.#done[0];
    if (oldest && this.#tick - oldest.tick > REMEMBERED_TICKS) this.#done.shift();
    if (this.#pending && this.#tick - this.#pending.lastTick >= LOST_END_TICKS) this.#finish();
  }

  /**
   * Whether a packet belongs to the event under way. Its timestamp may have moved on without marker:
   * a further part of a long event, or a sender that moves it with each packet.
   */
  #continues(pending: Pending, event: TelephoneEvent, timestamp: number, marker: boolean): boolean {
    if (event.event !== pending.event) return false;
    const distance = timestampDistance(pending.timestamp, timestamp);
    if (distance === 0) return true;
    if (marker || distance < 0 || distance > pending.samples + CONTINUATION_SAMPLES) return false;
    this.#remember(pending.timestamp);
    pending.samplesBefore += distance;
    pending.samples = 0;
    pending.timestamp = timestamp;
    return true;
  }

  #finish(): void {
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    this.#remember(pending.timestamp);
    const durationMs = Math.round((pending.samplesBefore + pending.samples) / SAMPLES_A_MS);
    this.#onDigit({ digit: pending.digit, durationMs, source: 'rtp' });
  }

  #isDone(timestamp: number): boolean {
    return this.#done.some((done) => done.timestamp === timestamp);
  }

  #remember(timestamp: number): void {
    this.#done.push({ timestamp, tick: this.#tick });
    if (this.#done.length > REMEMBERED) this.#done.shift();
  }
}
