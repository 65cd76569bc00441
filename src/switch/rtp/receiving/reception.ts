import { sequenceDistance } from '../../../protocol/rtp/packet.ts';

/**
 * A jump forward or back by more than this is a new start of the sender, once a second packet follows
 * it, not loss or disorder (RFC 3550 A.1 MAX_DROPOUT and MAX_MISORDER).
 */
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;

/** Sequence numbers remembered to know repeated packets; a power of two. */
const REMEMBERED = 256;

/** A number that comes again after more packets than this was sent anew, as a looped recording is. */
const REPEATED_WITHIN = 50;

export type Arrival = 'new' | 'reordered' | 'duplicate';

/** What a report block says of the packets received. */
export interface ReceptionReport {
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  readonly jitter: number;
}

/** Loss, order and jitter of one received stream (RFC 3550 appendix A.1, A.3, A.8). */
export class Reception {
  readonly #seen = new Int32Array(REMEMBERED).fill(-1);
  readonly #seenAt = new Int32Array(REMEMBERED);
  #arrivals = 0;
  /** The number that would prove that a jump was a new start. */
  #afterJump = -1;
  #started = false;
  #highest = 0;
  #cycles = 0;
  #base = 0;
  #received = 0;
  /** Loss of streams before the present one, so that the sum of a call is kept. */
  #lostBefore = 0;
  #expectedPrior = 0;
  #receivedPrior = 0;
  #jitter = 0;
  #lastTransit: number | undefined;
  #duplicates = 0;
  #reordered = 0;

  get duplicates(): number {
    return this.#duplicates;
  }

  get reordered(): number {
    return this.#reordered;
  }

  /** In timestamp units. */
  get jitter(): number {
    return this.#jitter;
  }

  get lost(): number {
    return this.#started ? this.#lostBefore + this.#expected() - this.#received : 0;
  }

  /** The sender began anew (another SSRC, another port); sums are kept. */
  restart(): void {
    this.#lostBefore = this.lost;
    this.#started = false;
    this.#lastTransit = undefined;
    this.#seen.fill(-1);
    this.#afterJump = -1;
  }

  arrived(sequence: number): Arrival {
    if (!this.#started) this.#begin(sequence);
    if (this.#isRepeated(sequence)) {
      this.#duplicates++;
      return 'duplicate';
    }
    const distance = sequenceDistance(this.#highest, sequence);
    if (distance > MAX_DROPOUT || distance < -MAX_MISORDER) return this.#jumped(sequence);
    this.#received++;
    if (distance < 0) {
      this.#reordered++;
      return 'reordered';
    }
    if (sequence < this.#highest) this.#cycles += 0x10000;
    this.#highest = sequence;
    return 'new';
  }

  /** Both times in timestamp units; `arrival` from any clock of ours. */
  measureJitter(timestamp: number, arrival: number): void {
    const transit = (Math.round(arrival) - timestamp) | 0;
    if (this.#lastTransit !== undefined) {
      const difference = Math.abs((transit - this.#lastTransit) | 0);
      // A leap of more than a second is a new time line of the sender, not jitter.
      if (difference < 8000) this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#lastTransit = transit;
  }

  /** The fields of a report block; the fraction is since the report before. */
  report(): ReceptionReport {
    const expected = this.#expected();
    const expectedNow = expected - this.#expectedPrior;
    const lostNow = expectedNow - (this.#received - this.#receivedPrior);
    this.#expectedPrior = expected;
    this.#receivedPrior = this.#received;
    const fraction = expectedNow > 0 && lostNow > 0 ? (lostNow << 8) / expectedNow : 0;
    return {
      fractionLost: Math.min(255, Math.floor(fraction)),
      cumulativeLost: Math.max(-0x800000, Math.min(0x7fffff, this.lost)),
      highestSequence: (this.#cycles + this.#highest) >>> 0,
      jitter: Math.min(0xffffffff, Math.floor(this.#jitter)),
    };
  }

  #isRepeated(sequence: number): boolean {
    const place = sequence & (REMEMBERED - 1);
    this.#arrivals++;
    const known = this.#seen[place] === sequence;
    const repeated = known && this.#arrivals - (this.#seenAt[place] ?? 0) <= REPEATED_WITHIN;
    this.#seen[place] = sequence;
    this.#seenAt[place] = this.#arrivals;
    return repeated;
  }

  #jumped(sequence: number): Arrival {
    const proved = sequence === this.#afterJump;
    this.#afterJump = (sequence + 1) & 0xffff;
    if (!proved) {
      this.#reordered++;
      return 'reordered';
    }
    this.restart();
    this.#begin(sequence);
    this.#received++;
    return 'new';
  }

  #begin(sequence: number): void {
    this.#started = true;
    this.#base = sequence;
    this.#highest = sequence;
    this.#cycles = 0;
    this.#received = 0;
    this.#expectedPrior = 0;
    this.#receivedPrior = 0;
  }

  #expected(): number {
    return this.#started ? this.#cycles + this.#highest - this.#base + 1 : 0;
  }
}
