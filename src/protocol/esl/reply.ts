import type { EslEvent } from './event.ts';
import { serializeEventJson, serializeEventPlain } from './event.ts';

/** The format a client may ask events in; `xml` exists in FreeSWITCH and is refused here. */
export type EventFormat = 'plain' | 'json';

const GOODBYE = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n';

/** What the server says first on an inbound connection. */
export const AUTH_REQUEST = 'Content-Type: auth/request\n\n';

/** What a client outside the access list is told before the connection ends. */
export const RUDE_REJECTION =
  'Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n';

/** The answer to any command but `api`; `text` starts with +OK or -ERR. Further headers follow Reply-Text. */
export function commandReply(text: string, headers: Readonly<Record<string, string>> = {}): string {
  let out = `Content-Type: command/reply\nReply-Text: ${text}\n`;
  for (const [name, value] of Object.entries(headers)) out += `${name}: ${value}\n`;
  return `${out}\n`;
}

/** The answer to `api`; an empty one becomes FreeSWITCH's "-ERR no reply". */
export function apiResponse(body: string): string {
  const text = body === '' ? '-ERR no reply\n' : body;
  return `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(text)}\n\n${text}`;
}

/** An event with its frame. */
export function eventFrame(event: EslEvent, format: EventFormat): string {
  const text = format === 'json' ? serializeEventJson(event) : serializeEventPlain(event);
  return `Content-Length: ${Buffer.byteLength(text)}\nContent-Type: text/event-${format}\n\n${text}`;
}

/** The last frame of a connection; `sessionUuid` when the connection controlled a call. */
export function disconnectNotice(sessionUuid?: string): string {
  const controlled =
    sessionUuid === undefined
      ? ''
      : `Controlled-Session-UUID: ${sessionUuid}\nContent-Disposition: disconnect\n`;
  return `Content-Type: text/disconnect-notice\n${controlled}Content-Length: ${Buffer.byteLength(GOODBYE)}\n\n${GOODBYE}`;
}

/** Sent in place of the disconnect notice when the client asked to linger; seconds, or -1 for no end. */
export function lingerNotice(
  sessionUuid: string,
  channelName: string,
  lingerSeconds: number,
): string {
  return (
    'Content-Type: text/disconnect-notice\n' +
    `Controlled-Session-UUID: ${sessionUuid}\n` +
    'Content-Disposition: linger\n' +
    `Channel-Name: ${channelName}\n` +
    `Linger-Time: ${lingerSeconds}\n` +
    'Content-Length: 0\n\n'
  );
}
