import { formatTime } from '../../../protocol/drachtio/event.ts';
import type { SipMessage } from '../../../protocol/sip/message.ts';
import { serializeSipMessage } from '../../../protocol/sip/serialize.ts';
import type { Clock } from '../runtime.ts';
import type { ClientRegistry } from './clients.ts';

type Source = 'network' | 'application';
type StopReason =
  | 'call-rejected'
  | 'call-canceled'
  | 'normal-release'
  | 'session-expired'
  | 'system-initiated-termination';

/** Call detail records to whichever client routed `cdr:attempt`, `cdr:start`, `cdr:stop`, one each in turn. */
export class CallRecords {
  readonly #clients: ClientRegistry;
  readonly #clock: Clock;
  readonly #enabled: boolean;

  constructor(clients: ClientRegistry, clock: Clock, enabled: boolean) {
    this.#clients = clients;
    this.#clock = clock;
    this.#enabled = enabled;
  }

  attempt(source: Source, invite: SipMessage): void {
    this.#post('attempt', source, invite);
  }

  start(source: Source, role: 'uac' | 'uas' | 'proxy-uac' | 'proxy-uas', answer: SipMessage): void {
    this.#post('start', source, answer, role);
  }

  stop(source: Source, reason: StopReason, message: SipMessage): void {
    this.#post('stop', source, message, reason);
  }

  /** The stop record of a call that a final response ended. */
  refused(source: Source, response: SipMessage & { readonly status: number }): void {
    this.stop(source, response.status === 487 ? 'call-canceled' : 'call-rejected', response);
  }

  #post(
    record: 'attempt' | 'start' | 'stop',
    source: Source,
    message: SipMessage,
    detail?: string,
  ): void {
    if (!this.#enabled) return;
    const client = this.#clients.select(`cdr:${record}`);
    if (client === undefined) return;
    const time = formatTime(this.#clock.nowMs());
    const event = { type: 'cdr', record, source, time, sip: serializeSipMessage(message) } as const;
    client.send(detail === undefined ? event : { ...event, detail });
  }
}
