import type { CallRecord } from '../../domain/call/call-record.ts';
import { keep, type Services } from '../services.ts';

/** What may become known of a call while it lasts. */
type CallChange = Partial<Pick<CallRecord, 'queue' | 'ticketId' | 'connectedAt' | 'end'>>;

/** The record of one call, written behind the call at its beginning and at each change that matters. */
export class KeptCall {
  readonly #services: Services;
  #record: CallRecord;

  constructor(services: Services, begun: Omit<CallRecord, 'startedAt' | 'connectedAt' | 'end'>) {
    this.#services = services;
    const startedAt = services.clock.now();
    this.#record = { ...begun, startedAt, connectedAt: undefined, end: undefined };
  }

  get record(): CallRecord {
    return this.#record;
  }

  /** Known from now on, and written with the next change that is kept. */
  note(change: CallChange): void {
    this.#record = { ...this.#record, ...change };
  }

  /** Writes it with what has become known. */
  keep(change: CallChange = {}): void {
    this.note(change);
    keep(this.#services, 'call', [{ kind: 'call', call: this.#record }]);
  }
}
