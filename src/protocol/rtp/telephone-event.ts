import { checkUnsigned, RtpError } from './errors.ts';

/** Events 0 to 15 (RFC 4733 section 3.2) in order of their codes. */
const DIGITS = '0123456789*#ABCD';

/** Bytes of one event in a payload. */
export const TELEPHONE_EVENT_BYTES = 4;

/** One telephone-event payload (RFC 4733 section 2.3). */
export interface TelephoneEvent {
  /** 0 to 15 are the keys; see `digitOfEvent`. */
  readonly event: number;
  readonly end: boolean;
  /** Power below 0 dBm0, 0 to 63 dB. */
  readonly volume: number;
  /** In timestamp units, 0 to 65535: 8 units are 1 ms. */
  readonly durationSamples: number;
}

/** The first event of a payload. Throws RtpError `too-short`. */
export function decodeTelephoneEvent(payload: Uint8Array): TelephoneEvent {
  const [event, flags, high, low] = payload;
  if (event === undefined || flags === undefined || high === undefined || low === undefined) {
    throw new RtpError('too-short', `a telephone-event has 4 bytes: ${payload.length}`);
  }
  return {
    event,
    end: (flags & 0x80) !== 0,
    volume: flags & 0x3f,
    durationSamples: (high << 8) | low,
  };
}

/** Writes an event's 4 bytes at `offset`. Throws RtpError `bad-value` or `too-short`. */
export function writeTelephoneEvent(into: Uint8Array, offset: number, event: TelephoneEvent): void {
  if (offset + TELEPHONE_EVENT_BYTES > into.length) {
    throw new RtpError('too-short', 'a telephone-event needs 4 bytes');
  }
  checkUnsigned('event', event.event, 255);
  checkUnsigned('volume', event.volume, 63);
  checkUnsigned('durationSamples', event.durationSamples, 0xffff);
  into[offset] = event.event;
  into[offset + 1] = (event.end ? 0x80 : 0) | event.volume;
  into[offset + 2] = event.durationSamples >>> 8;
  into[offset + 3] = event.durationSamples & 0xff;
}

/** The key of an event, or undefined for events that are no keys (flash, tones). */
export function digitOfEvent(event: number): string | undefined {
  return DIGITS[event];
}

/** The event of a key, lower case allowed, or undefined when it is none. */
export function eventOfDigit(digit: string): number | undefined {
  if (digit.length !== 1) return undefined;
  const event = DIGITS.indexOf(digit.toUpperCase());
  return event < 0 ? undefined : event;
}
