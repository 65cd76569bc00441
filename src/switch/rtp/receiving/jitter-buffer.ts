import type { Companding } from '../../../protocol/audio/g711.ts';
import { timestampDistance } from '../../../protocol/rtp/packet.ts';
import { FRAME_SAMPLES } from '../types.ts';

const SAMPLES_A_MS = 8;

/** Least and greatest delay that the buffer puts between arrival and playing. */
const LEAST_DELAY_MS = 40;
const GREATEST_DELAY_MS = 120;

const LEAST_DELAY = LEAST_DELAY_MS * SAMPLES_A_MS;
const GREATEST_DELAY = GREATEST_DELAY_MS * SAMPLES_A_MS;

/** Samples held; a power of two, more than the greatest delay and the longest packet together. */
const RING = 4096;
const RING_MASK = RING - 1;

/** Packets that fit nowhere, in a row, before the buffer starts anew at their time. */
const MISFITS_TO_RESTART = 3;

/** Ticks over which the spread of arrivals is watched before the delay is made shorter: 2 s. */
const WINDOW_TICKS = 100;

/** Room that is left in front of the latest arrivals when the delay is made shorter. */
const SPARE = FRAME_SAMPLES;

/** `restarted`: kept, as the first of a new time line. `misfit`: too far ahead, dropped. */
export type PutResult = 'kept' | 'restarted' | 'late' | 'duplicate' | 'misfit';

/**
 * Puts received sound in the order of its timestamps and gives out 20 ms at each tick. The ring holds
 * single samples, so packets of any length fit. The lead of a packet is how long before its time to be
 * played it comes; the delay is the lead of the punctual ones. It grows at once when a packet comes
 * late, and shrinks by a frame when for 2 s all came early enough.
 */
export class JitterBuffer {
  readonly #samples = new Int16Array(RING);
  readonly #filled = new Uint8Array(RING);
  #started = false;
  /** Timestamp of the next sample to be played. */
  #playAt = 0;
  /** End of the latest frame in which something was heard. */
  #playedUntil: number | undefined;
  #misfits = 0;
  #windowTicks = 0;
  #leastLead = Number.POSITIVE_INFINITY;
  #greatestLead = Number.NEGATIVE_INFINITY;
  /** Greatest lead of the window before, so that the delay is known from its first tick on. */
  #delay = 0;

  /** Present delay in ms, 0 before the first packet. */
  get delayMs(): number {
    return Math.max(0, Math.max(this.#delay, this.#currentGreatestLead())) / SAMPLES_A_MS;
  }

  /** Forgets everything; the next packet starts anew. */
  reset(): void {
    this.#started = false;
    this.#filled.fill(0);
    this.#misfits = 0;
    this.#beginWindow();
    this.#delay = 0;
  }

  /** Takes the payload of a packet: `bytes` from `start` to `end`, one sample each. */
  put(
    law: Companding,
    bytes: Uint8Array,
    start: number,
    end: number,
    timestamp: number,
    marker: boolean,
  ): PutResult {
    const length = end - start;
    if (length <= 0) return 'duplicate';
    if (!this.#started) this.#startAt(timestamp);
    let lead = timestampDistance(this.#playAt, timestamp);
    const fits = this.#fits(lead, length);
    if (fits && lead < 0) {
      if (!this.#isPast(timestamp)) lead = this.#wait(lead);
      else if (lead + length <= 0) return 'late';
    }
    if (!fits || lead + length <= 0) {
      this.#misfits++;
      if (!marker && this.#misfits < MISFITS_TO_RESTART) return lead < 0 ? 'late' : 'misfit';
      this.#filled.fill(0);
      this.#startAt(timestamp);
      this.#watch(LEAST_DELAY);
      this.#copy(law, bytes, start, end, timestamp);
      return 'restarted';
    }
    this.#misfits = 0;
    this.#watch(lead);
    const missed = Math.max(0, -lead);
    return this.#copy(law, bytes, start + missed, end, timestamp + missed);
  }

  /**
   * The next 160 samples into `frame`; false when nothing of them has come, and `frame` is silence.
   */
  take(frame: Int16Array): boolean {
    if (!this.#started) {
      frame.fill(0);
      return false;
    }
    if (++this.#windowTicks >= WINDOW_TICKS) this.#endWindow();
    let present = 0;
    for (let index = 0; index < FRAME_SAMPLES; index++) {
      const place = (this.#playAt + index) & RING_MASK;
      const filled = this.#filled[place] ?? 0;
      frame[index] = filled ? (this.#samples[place] ?? 0) : 0;
      present += filled;
      this.#filled[place] = 0;
    }
    this.#playAt = (this.#playAt + FRAME_SAMPLES) >>> 0;
    if (present > 0) this.#playedUntil = this.#playAt;
    return present > 0;
  }

  #startAt(timestamp: number): void {
    this.#started = true;
    this.#playAt = (timestamp - LEAST_DELAY) >>> 0;
    this.#playedUntil = undefined;
    this.#misfits = 0;
    this.#beginWindow();
    this.#delay = LEAST_DELAY;
  }

  /** Whether later sound than this was heard already, so that waiting for it would change the order. */
  #isPast(timestamp: number): boolean {
    const until = this.#playedUntil;
    return until !== undefined && timestampDistance(until, timestamp) < 0;
  }

  /** Neither so late that no allowed delay would save it, nor so early that it runs over the ring. */
  #fits(lead: number, length: number): boolean {
    return lead >= -GREATEST_DELAY && lead + length <= RING - FRAME_SAMPLES;
  }

  /** Lengthens the delay by whole frames for a late packet, as far as allowed; its new lead. */
  #wait(lead: number): number {
    const frames = Math.ceil(-lead / FRAME_SAMPLES);
    const shift = frames * FRAME_SAMPLES;
    const greatest = Math.max(this.#delay, this.#currentGreatestLead());
    if (greatest + shift > GREATEST_DELAY) return lead;
    this.#shift(-shift);
    return lead + shift;
  }

  /** Moves the playing forward (shorter delay) or back, and what was measured against it. */
  #shift(samples: number): void {
    if (samples > 0) {
      for (let index = 0; index < samples; index++) {
        this.#filled[(this.#playAt + index) & RING_MASK] = 0;
      }
    }
    this.#playAt = (this.#playAt + samples) >>> 0;
    this.#leastLead -= samples;
    this.#greatestLead -= samples;
    this.#delay -= samples;
  }

  #watch(lead: number): void {
    if (lead < this.#leastLead) this.#leastLead = lead;
    if (lead > this.#greatestLead) this.#greatestLead = lead;
  }

  #currentGreatestLead(): number {
    return Number.isFinite(this.#greatestLead) ? this.#greatestLead : 0;
  }

  #beginWindow(): void {
    this.#windowTicks = 0;
    this.#leastLead = Number.POSITIVE_INFINITY;
    this.#greatestLead = Number.NEGATIVE_INFINITY;
  }

  /** Keeps the delay within its bounds, and shortens it when every packet came early enough. */
  #endWindow(): void {
    const least = this.#leastLead;
    const greatest = this.#greatestLead;
    this.#beginWindow();
    if (!Number.isFinite(least)) return;
    this.#delay = greatest;
    const shorterIsSafe = least >= SPARE + FRAME_SAMPLES && greatest - FRAME_SAMPLES >= LEAST_DELAY;
    if (greatest > GREATEST_DELAY) {
      this.#shift(Math.ceil((greatest - GREATEST_DELAY) / FRAME_SAMPLES) * FRAME_SAMPLES);
    } else if (shorterIsSafe) {
      this.#shift(FRAME_SAMPLES);
    } else if (greatest < LEAST_DELAY - FRAME_SAMPLES / 2) {
      // The sender's clock is slower than ours: wait a frame now, before packets come late.
      this.#shift(-FRAME_SAMPLES);
    }
  }

  #copy(
    law: Companding,
    bytes: Uint8Array,
    start: number,
    end: number,
    timestamp: number,
  ): PutResult {
    const table = law.decode;
    let fresh = 0;
    for (let index = start; index < end; index++) {
      const place = (timestamp + index - start) & RING_MASK;
      if (this.#filled[place]) continue;
      this.#samples[place] = table[bytes[index] ?? 0] ?? 0;
      this.#filled[place] = 1;
      fresh++;
    }
    return fresh > 0 ? 'kept' : 'duplicate';
  }
}
