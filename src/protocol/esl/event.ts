import { urlEncode } from './encoding.ts';
import type { EventName } from './event-names.ts';

/** An event header: one value, or several under one name (FreeSWITCH's array variables). */
export type EslHeaderValue = string | readonly string[];

/** An event as FreeSWITCH sends it: headers in the order they were added, perhaps a body. */
export interface EslEvent {
  readonly name: EventName;
  /** Only for CUSTOM, for instance `conference::maintenance`. */
  readonly subclass: string | undefined;
  /** `Event-Name` first; the order is the order on the wire. */
  readonly headers: ReadonlyMap<string, EslHeaderValue>;
  readonly body: string | undefined;
}

/** A header's value as one string: an array is written `ARRAY::a|:b`, as FreeSWITCH stores it. */
export function headerText(value: EslHeaderValue): string {
  return typeof value === 'string' ? value : `ARRAY::${value.join('|:')}`;
}

/** The event in the `plain` format: each value escaped, an empty one as `_undef_`. */
export function serializeEventPlain(event: Pick<EslEvent, 'headers' | 'body'>): string {
  let out = '';
  for (const [name, value] of event.headers) {
    out += `${name}: ${urlEncode(headerText(value)) || '_undef_'}\n`;
  }
  if (event.body === undefined || event.body === '') return `${out}\n`;
  return `${out}Content-Length: ${Buffer.byteLength(event.body)}\n\n${event.body}`;
}

/** The event in the `json` format: one object, arrays as arrays, the body under `_body`. */
export function serializeEventJson(event: Pick<EslEvent, 'headers' | 'body'>): string {
  const members: Record<string, EslHeaderValue> = Object.fromEntries(event.headers);
  if (event.body !== undefined) {
    members['Content-Length'] = String(Buffer.byteLength(event.body));
    members['_body'] = event.body;
  }
  return JSON.stringify(members);
}
