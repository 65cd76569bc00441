import type { EslEvent, EslHeaderValue } from '../../../protocol/esl/event.ts';
import type { EventName } from '../../../protocol/esl/event-names.ts';
import type { WallClock } from '../wall-clock.ts';
import { microseconds } from '../wall-clock.ts';

/** Who sends the events: the same in each of them. */
export interface ServerIdentity {
  readonly coreUuid: string;
  readonly hostname: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

/** Where in FreeSWITCH's source an event of this kind comes from; programs have come to read it. */
export interface EventOrigin {
  readonly file: string;
  readonly function: string;
  readonly line: number;
}

export interface EventListener {
  /** Asked before an event is built, so that events nobody wants cost nothing. */
  wants(name: EventName, subclass: string | undefined): boolean;
  deliver(event: EslEvent): void;
}

export interface EventDraft {
  readonly name: EventName;
  readonly origin: EventOrigin;
  readonly subclass?: string;
  readonly body?: string;
  /** Adds the headers behind the common ones. */
  readonly fill: (headers: Map<string, EslHeaderValue>) => void;
}

/** Sends each event to whoever listens. */
export class EventBus {
  readonly #identity: ServerIdentity;
  readonly #clock: WallClock;
  readonly #listeners = new Set<EventListener>();
  #sequence = 0;

  constructor(identity: ServerIdentity, clock: WallClock) {
    this.#identity = identity;
    this.#clock = clock;
  }

  /** Adds a listener; the function returned takes it out again. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(draft: EventDraft): void {
    this.#sequence++;
    const wanting = [...this.#listeners].filter((it) => it.wants(draft.name, draft.subclass));
    if (wanting.length === 0) return;
    const event = this.#build(draft);
    for (const listener of wanting) listener.deliver(event);
  }

  /** Builds an event without sending it: `uuid_dump` and `connect` answer with one. */
  compose(draft: EventDraft): EslEvent {
    this.#sequence++;
    return this.#build(draft);
  }

  #build(draft: EventDraft): EslEvent {
    const headers = new Map<string, EslHeaderValue>();
    if (draft.subclass !== undefined) headers.set('Event-Subclass', draft.subclass);
    headers.set('Event-Name', draft.name);
    this.#addCommonHeaders(headers, draft.origin);
    draft.fill(headers);
    return { name: draft.name, subclass: draft.subclass, headers, body: draft.body };
  }

  #addCommonHeaders(headers: Map<string, EslHeaderValue>, origin: EventOrigin): void {
    const nowMs = this.#clock.nowMs();
    const date = new Date(nowMs);
    headers.set('Core-UUID', this.#identity.coreUuid);
    headers.set('FreeSWITCH-Hostname', this.#identity.hostname);
    headers.set('FreeSWITCH-Switchname', this.#identity.hostname);
    headers.set('FreeSWITCH-IPv4', this.#identity.ipv4);
    headers.set('FreeSWITCH-IPv6', this.#identity.ipv6);
    headers.set('Event-Date-Local', localDate(date));
    headers.set('Event-Date-GMT', date.toUTCString());
    headers.set('Event-Date-Timestamp', microseconds(nowMs));
    headers.set('Event-Calling-File', origin.file);
    headers.set('Event-Calling-Function', origin.function);
    headers.set('Event-Calling-Line-Number', String(origin.line));
    headers.set('Event-Sequence', String(this.#sequence));
  }
}

function localDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
