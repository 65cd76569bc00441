import type { EventSelection } from '../../../protocol/esl/command.ts';
import type { EslEvent } from '../../../protocol/esl/event.ts';
import { headerText } from '../../../protocol/esl/event.ts';
import { EVENT_NAMES, type EventName } from '../../../protocol/esl/event-names.ts';
import { matchesPattern } from '../pattern.ts';

/** Filters and custom names of one client. */
const MAX_FILTERS = 1000;
const MAX_SUBCLASSES = 1000;

/** What `myevents` asks for (parse_command in mod_event_socket.c). */
const MY_EVENTS: readonly EventName[] = [
  'CHANNEL_ANSWER',
  'CHANNEL_APPLICATION',
  'CHANNEL_BRIDGE',
  'CHANNEL_CREATE',
  'CHANNEL_DATA',
  'CHANNEL_DESTROY',
  'CHANNEL_EXECUTE',
  'CHANNEL_EXECUTE_COMPLETE',
  'CHANNEL_HANGUP',
  'CHANNEL_HANGUP_COMPLETE',
  'CHANNEL_ORIGINATE',
  'CHANNEL_UUID',
  'CHANNEL_OUTGOING',
  'CHANNEL_PARK',
  'CHANNEL_PROGRESS',
  'CHANNEL_PROGRESS_MEDIA',
  'CHANNEL_STATE',
  'CHANNEL_UNBRIDGE',
  'CHANNEL_UNPARK',
  'DETECTED_SPEECH',
  'DTMF',
  'NOTALK',
  'TALK',
];

interface Filter {
  readonly header: string;
  readonly value: string;
}

/** Which events one client gets: kinds, custom subclasses, filters, or only those of one channel. */
export class Subscription {
  readonly #names = new Set<EventName>();
  readonly #subclasses = new Set<string>();
  #allSubclasses = false;
  #active = false;
  #filters: Filter[] = [];
  /** Set by `myevents`. */
  onlyChannel: string | undefined;

  /** Since the first `event` or `nixevent`, until `noevents`. */
  get active(): boolean {
    return this.#active;
  }

  /** Adds kinds of events. False when there is no known word among them. */
  add(selection: EventSelection): boolean {
    if (!selection.all && selection.names.length === 0) return false;
    this.#active = true;
    if (selection.all) {
      for (const name of EVENT_NAMES) this.#names.add(name);
      this.#allSubclasses = true;
    }
    for (const name of selection.names) this.#names.add(name);
    for (const subclass of selection.subclasses) {
      if (this.#subclasses.size < MAX_SUBCLASSES) this.#subclasses.add(subclass);
    }
    return true;
  }

  /** Takes kinds out again (`nixevent`). */
  remove(selection: EventSelection): boolean {
    if (!selection.all && selection.names.length === 0) return false;
    if (selection.all) this.clear();
    this.#active = true;
    for (const subclass of selection.subclasses) this.#subclasses.delete(subclass);
    for (const name of selection.names) if (name !== 'CUSTOM') this.#names.delete(name);
    return true;
  }

  clear(): void {
    this.#active = false;
    this.#names.clear();
    this.#subclasses.clear();
    this.#allSubclasses = false;
  }

  followChannel(uuid: string): void {
    this.onlyChannel = uuid;
    this.#active = true;
    for (const name of MY_EVENTS) this.#names.add(name);
  }

  addFilter(header: string, value: string): boolean {
    if (this.#filters.length >= MAX_FILTERS) return false;
    this.#filters.push({ header, value });
    return true;
  }

  /** Without a value every filter on that header goes; `all` takes out every filter. */
  removeFilter(header: string, value: string | undefined): void {
    const all = header.toLowerCase() === 'all';
    this.#filters = this.#filters.filter((filter) => {
      if (all) return false;
      return (
        filter.header.toLowerCase() !== header.toLowerCase() ||
        (value !== undefined && filter.value !== value)
      );
    });
  }

  wants(name: EventName, subclass: string | undefined): boolean {
    if (!this.#names.has(name)) return false;
    return (
      name !== 'CUSTOM' ||
      this.#allSubclasses ||
      (subclass !== undefined && this.#subclasses.has(subclass))
    );
  }

  /** Whether an event of a wanted kind passes the filters. */
  passes(event: EslEvent): boolean {
    if (!this.#passesFilters(event)) return false;
    if (this.onlyChannel === undefined) return true;
    return (
      event.headers.get('Unique-ID') === this.onlyChannel ||
      event.headers.get('Job-Owner-UUID') === this.onlyChannel
    );
  }

  /** One filter that fits is enough; one with `-` in front that fits keeps the event out. */
  #passesFilters(event: EslEvent): boolean {
    if (this.#filters.length === 0) return true;
    let send = false;
    for (const { header, value } of this.#filters) {
      const found = event.headers.get(header);
      if (found === undefined) continue;
      const mark = /^[-+ ]*/.exec(value)?.[0] ?? '';
      const wanted = value.slice(mark.length);
      if (!fits(headerText(found), wanted)) continue;
      if (mark.trimEnd().endsWith('-')) return false;
      send = true;
    }
    return send;
  }
}

function fits(value: string, wanted: string): boolean {
  if (wanted.startsWith('/')) return matchesPattern(wanted.replace(/^\/|\/$/g, ''), value);
  return value.toLowerCase() === wanted.toLowerCase();
}
