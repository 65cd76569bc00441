import { isKey, type Key } from '../domain/ivr/keys.ts';

/** How a key press reached us. */
export type KeySource = 'rtp' | 'info' | 'inband';

/** Two reports of the same key, from different sources, are one press if this close together. */
export const SAME_PRESS_MS = 600;

interface Press {
  readonly key: Key;
  readonly atMs: number;
  readonly sources: Set<KeySource>;
}

/**
 * Makes one key press of what a phone reports more than once, say by RFC 4733 and by SIP INFO.
 * A source reports each press once, so a second report of a key from the same source is a second
 * press, however soon. Keeps the presses of the last window only.
 */
export class KeyMerger {
  #recent: Press[] = [];

  /** True if this is a new press; false if it was reported already. `nowMs` never runs backwards. */
  isNew(key: Key, source: KeySource, nowMs: number): boolean {
    this.#recent = this.#recent.filter((press) => nowMs - press.atMs <= SAME_PRESS_MS);
    const same = this.#recent.find((press) => press.key === key && !press.sources.has(source));
    if (same !== undefined) {
      same.sources.add(source);
      return false;
    }
    this.#recent.push({ key, atMs: nowMs, sources: new Set([source]) });
    if (this.#recent.length > MAX_RECENT) this.#recent.shift();
    return true;
  }
}

/** More key presses than anyone can make within the window. */
const MAX_RECENT = 32;

/**
 * The key in the body of a SIP INFO: `application/dtmf-relay` (`Signal=5`, `Duration=160`) or
 * `application/dtmf` (`5`, or an event number of RFC 4733 such as `10` for the star).
 * 'other' for another content type, undefined for a body without a key that means anything here.
 */
export function keyOfInfo(
  contentType: string | undefined,
  body: string,
): Key | 'other' | undefined {
  const [type = ''] = (contentType ?? '').split(';');
  switch (type.trim().toLowerCase()) {
    case 'application/dtmf-relay': {
      const signal = /^\s*signal\s*=\s*(\S{1,2})\s*$/imu.exec(body.slice(0, MAX_BODY));
      return keyOfSignal(signal?.[1] ?? '');
    }
    case 'application/dtmf':
      return keyOfSignal(body.slice(0, MAX_BODY).trim());
    default:
      return 'other';
  }
}

const MAX_BODY = 200;

function keyOfSignal(signal: string): Key | undefined {
  if (signal === '10') return '*';
  if (signal === '11') return '#';
  return isKey(signal) ? signal : undefined;
}

/** FreeSWITCH's `DTMF-Source`. */
export function keySourceOf(freeswitchSource: string | undefined): KeySource {
  return freeswitchSource === 'INBAND_AUDIO' ? 'inband' : 'rtp';
}
