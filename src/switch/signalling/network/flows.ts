import { SipParseError } from '../../../protocol/sip/parse-error.ts';
import { parseSipUri } from '../../../protocol/sip/uri.ts';
import type { Hop } from '../../sip/hop.ts';
import type { Clock } from '../runtime.ts';

/**
 * Connections by which registered (or subscribed) phones can be reached: a phone on TCP names an address in its
 * Contact that nobody can connect to, so requests to that Contact go back over its own connection.
 */
export class RegisteredFlows {
  readonly #flows = new Map<string, { readonly hop: Hop; readonly untilMs: number }>();
  readonly #clock: Clock;
  readonly #limit: number;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Notes the connection of a Contact URI for so long; 0 seconds forgets it. Does nothing for UDP. */
  note(contactUri: string, hop: Hop, expiresSeconds: number): void {
    const key = flowKey(contactUri);
    if (key === undefined || hop.protocol === 'udp') return;
    this.#flows.delete(key);
    if (expiresSeconds <= 0) return;
    if (this.#flows.size >= this.#limit) this.#makeRoom();
    this.#flows.set(key, { hop, untilMs: this.#clock.nowMs() + expiresSeconds * 1000 });
  }

  /** The connection for requests to this URI, if its phone registered over one. */
  find(uri: string): Hop | undefined {
    const key = flowKey(uri);
    const flow = key === undefined ? undefined : this.#flows.get(key);
    if (key === undefined || flow === undefined) return undefined;
    if (flow.untilMs > this.#clock.nowMs()) return flow.hop;
    this.#flows.delete(key);
    return undefined;
  }

  /** Drops what has run out, and the oldest if nothing has. */
  #makeRoom(): void {
    const nowMs = this.#clock.nowMs();
    for (const [key, flow] of this.#flows) if (flow.untilMs <= nowMs) this.#flows.delete(key);
    const [oldest] = this.#flows.keys();
    if (this.#flows.size >= this.#limit && oldest !== undefined) this.#flows.delete(oldest);
  }
}

/** `user@host`, as drachtio-server keys them: the port does not count. */
function flowKey(uri: string): string | undefined {
  try {
    const { user, host } = parseSipUri(uri);
    return user === undefined ? host : `${user}@${host}`;
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}
