import { dtmfTone } from '../../../protocol/audio/dtmf.ts';
import { eventOfDigit, type TelephoneEvent } from '../../../protocol/rtp/telephone-event.ts';
import { RtpSessionError } from '../errors.ts';
import { FRAME_MS, FRAME_SAMPLES, type SendDigitsOptions } from '../types.ts';

/** Digits that may wait, and the limits of their lengths. */
const MAX_WAITING = 128;
const LEAST_MS = 40;
const GREATEST_MS = 8000;
const DEFAULT_DURATION_MS = 100;
const DEFAULT_GAP_MS = 60;

/** The end of an event is sent three times (RFC 4733 section 2.5.1.4), a tick apart. */
const END_PACKETS = 3;

/** Level of our events: 10 dB below 0 dBm0, as FreeSWITCH and most phones say. */
const EVENT_VOLUME = 10;

const PAUSE_MS: Readonly<Record<string, number>> = { w: 500, W: 1000 };

/** What is to be sent in place of sound at one tick. */
export type DigitOutput =
  | { readonly kind: 'event'; readonly event: TelephoneEvent; readonly first: boolean }
  | { readonly kind: 'tone'; readonly frame: Int16Array }
  | { readonly kind: 'sound' };

interface WaitingDigit {
  readonly digit: string;
  readonly durationTicks: number;
  readonly gapTicks: number;
  readonly settle:
    | { readonly done: () => void; readonly failed: (error: Error) => void }
    | undefined;
}

const SOUND: DigitOutput = { kind: 'sound' };
const SILENT_FRAME = new Int16Array(FRAME_SAMPLES);

/** Sends digits one after another, as telephone-events or as tones, a step a tick. */
export class DigitSender {
  readonly #waiting: WaitingDigit[] = [];
  #current: WaitingDigit | undefined;
  #elapsedTicks = 0;
  #tone: Int16Array | undefined;

  get busy(): boolean {
    return this.#current !== undefined || this.#waiting.length > 0;
  }

  /** See `RtpSession.sendDigits`. */
  enqueue(digits: string, options: SendDigitsOptions): Promise<void> {
    const durationMs = options.durationMs ?? DEFAULT_DURATION_MS;
    const gapMs = options.gapMs ?? DEFAULT_GAP_MS;
    const problem = this.#problem(digits, durationMs, gapMs);
    if (problem) return Promise.reject(problem);
    return new Promise((done, failed) => {
      Array.from(digits).forEach((digit, index, all) => {
        this.#waiting.push({
          digit,
          durationTicks: Math.ceil((PAUSE_MS[digit] ?? durationMs) / FRAME_MS),
          gapTicks: digit in PAUSE_MS ? 0 : Math.ceil(gapMs / FRAME_MS),
          settle: index === all.length - 1 ? { done, failed } : undefined,
        });
      });
    });
  }

  /** Rejects all that waits. */
  close(): void {
    const closed = new RtpSessionError('closed', 'the RTP session was closed while sending digits');
    for (const digit of [this.#current, ...this.#waiting]) digit?.settle?.failed(closed);
    this.#current = undefined;
    this.#waiting.length = 0;
  }

  /** What goes out at this tick; `events` tells whether telephone-event was agreed on. */
  next(events: boolean): DigitOutput {
    if (!this.#current && !this.#begin(events)) return SOUND;
    const current = this.#current;
    if (!current) return SOUND;
    const elapsed = this.#elapsedTicks++;
    const output = this.#outputAt(current, elapsed);
    if (this.#elapsedTicks >= current.durationTicks + current.gapTicks) {
      this.#current = undefined;
      current.settle?.done();
    }
    return output;
  }

  #problem(digits: string, durationMs: number, gapMs: number): RtpSessionError | undefined {
    const lengthIsFine = [durationMs, gapMs].every((ms) => ms >= LEAST_MS && ms <= GREATEST_MS);
    if (!/^[0-9A-Da-dwW*#]+$/.test(digits) || !lengthIsFine) {
      return new RtpSessionError(
        'bad-digits',
        `digits are 0-9 A-D * # w W, their times ${LEAST_MS} to ${GREATEST_MS} ms`,
      );
    }
    if (this.#waiting.length + digits.length > MAX_WAITING) {
      return new RtpSessionError('digit-queue-full', `more than ${MAX_WAITING} digits are waiting`);
    }
    return undefined;
  }

  #begin(events: boolean): boolean {
    this.#current = this.#waiting.shift();
    this.#elapsedTicks = 0;
    this.#tone = undefined;
    if (!this.#current) return false;
    const { digit, durationTicks } = this.#current;
    if (!events && !(digit in PAUSE_MS)) this.#tone = dtmfTone(digit, durationTicks * FRAME_MS);
    return true;
  }

  #outputAt(current: WaitingDigit, elapsed: number): DigitOutput {
    if (current.digit in PAUSE_MS) return SOUND;
    if (this.#tone) {
      const from = elapsed * FRAME_SAMPLES;
      const inTone = elapsed < current.durationTicks;
      return {
        kind: 'tone',
        frame: inTone ? this.#tone.subarray(from, from + FRAME_SAMPLES) : SILENT_FRAME,
      };
    }
    // The packet at the last tick of the digit is the first of its ends.
    const endPacket = elapsed - (current.durationTicks - 1);
    if (endPacket >= END_PACKETS) return SOUND;
    const samples = Math.min(elapsed + 1, current.durationTicks) * FRAME_SAMPLES;
    const event = {
      event: eventOfDigit(current.digit) ?? 0,
      end: endPacket >= 0,
      volume: EVENT_VOLUME,
      durationSamples: samples,
    };
    return { kind: 'event', event, first: elapsed === 0 };
  }
}
