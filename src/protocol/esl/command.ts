import type { EventName } from './event-names.ts';
import { eventNamed } from './event-names.ts';
import type { EslFrame } from './frame.ts';
import { readHeaderLines } from './headers.ts';

/** `event plain ALL`, `event json DTMF CUSTOM a::b`: which events, which custom subclasses, in which format. */
export interface EventSelection {
  readonly format: 'plain' | 'json' | 'xml' | undefined;
  readonly all: boolean;
  readonly names: readonly EventName[];
  readonly subclasses: readonly string[];
}

/** What a client asks of FreeSWITCH's event socket (parse_command in mod_event_socket.c). */
export type EslCommand =
  | { readonly kind: 'exit' }
  | { readonly kind: 'auth'; readonly password: string }
  | { readonly kind: 'userauth' }
  | { readonly kind: 'connect' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'getvar'; readonly name: string }
  | {
      readonly kind: 'myevents';
      readonly uuid: string | undefined;
      readonly format: 'plain' | 'json' | 'xml' | undefined;
    }
  | { readonly kind: 'divert_events'; readonly value: string }
  | {
      readonly kind: 'sendmsg';
      readonly uuid: string | undefined;
      readonly headers: ReadonlyMap<string, string>;
      readonly body: string;
    }
  | {
      readonly kind: 'sendevent';
      readonly name: string;
      readonly headers: ReadonlyMap<string, string>;
      readonly lines: readonly string[];
      readonly body: string;
    }
  | { readonly kind: 'api'; readonly name: string; readonly argument: string }
  | {
      readonly kind: 'bgapi';
      readonly name: string;
      readonly argument: string;
      readonly jobUuid: string | undefined;
    }
  | { readonly kind: 'filter-add'; readonly header: string; readonly value: string }
  | { readonly kind: 'filter-delete'; readonly header: string; readonly value: string | undefined }
  | { readonly kind: 'filter-invalid' }
  | { readonly kind: 'event'; readonly selection: EventSelection }
  | { readonly kind: 'nixevent'; readonly selection: EventSelection }
  | { readonly kind: 'noevents' }
  | { readonly kind: 'linger'; readonly seconds: number | undefined }
  | { readonly kind: 'nolinger' }
  | { readonly kind: 'log'; readonly level: string }
  | { readonly kind: 'nolog' }
  | { readonly kind: 'unknown'; readonly text: string };

type Reader = (text: string, frame: EslFrame) => EslCommand;

/** Longest word first where one begins with another: FreeSWITCH compares only the beginning, in any case. */
const READERS: ReadonlyArray<readonly [prefix: string, reader: Reader]> = [
  ['exit', () => ({ kind: 'exit' })],
  ['...', () => ({ kind: 'exit' })],
  ['auth ', (text) => ({ kind: 'auth', password: text.slice(5) })],
  ['userauth ', () => ({ kind: 'userauth' })],
  ['filter ', readFilter],
  ['resume', () => ({ kind: 'resume' })],
  ['connect', () => ({ kind: 'connect' })],
  ['getvar', (text) => ({ kind: 'getvar', name: text.slice(7).trim() })],
  ['myevents', readMyEvents],
  ['divert_events', (text) => ({ kind: 'divert_events', value: text.slice(13).trim() })],
  ['sendmsg', readSendMessage],
  ['sendevent', readSendEvent],
  ['api ', (text) => ({ kind: 'api', ...splitApi(text.slice(4)) })],
  ['bgapi ', readBackgroundApi],
  ['nolinger', () => ({ kind: 'nolinger' })],
  ['linger', readLinger],
  ['nolog', () => ({ kind: 'nolog' })],
  ['log', (text) => ({ kind: 'log', level: text.slice(3).trim() })],
  ['nixevent', (text) => ({ kind: 'nixevent', selection: readSelection(text.slice(8)) })],
  ['noevents', () => ({ kind: 'noevents' })],
  ['event', (text) => ({ kind: 'event', selection: readSelection(text.slice(5)) })],
];

/** Reads one frame as a command. Never throws: what is not known comes back as `unknown`. */
export function readCommand(frame: EslFrame): EslCommand {
  const text = frame.lines[0] ?? '';
  const lower = text.toLowerCase();
  const found = READERS.find(([prefix]) => lower.startsWith(prefix));
  return found === undefined ? { kind: 'unknown', text } : found[1](text, frame);
}

/** Splits an api line into the command's name and everything after the first space. */
function splitApi(line: string): { name: string; argument: string } {
  const space = line.indexOf(' ');
  if (space === -1) return { name: line, argument: '' };
  return { name: line.slice(0, space), argument: line.slice(space + 1) };
}

function readFilter(text: string): EslCommand {
  const words = text.slice(7).replace(/^ +/, '');
  const [first, rest] = cut(words);
  if (first.toLowerCase() === 'delete' && rest !== undefined) {
    const [header, value] = cut(rest);
    return { kind: 'filter-delete', header, value };
  }
  if (rest === undefined) return { kind: 'filter-invalid' };
  if (first.toLowerCase() !== 'add') return { kind: 'filter-add', header: first, value: rest };
  const [header, value] = cut(rest);
  return value === undefined ? { kind: 'filter-invalid' } : { kind: 'filter-add', header, value };
}

function readMyEvents(text: string): EslCommand {
  const words = text
    .slice(8)
    .trim()
    .split(' ')
    .filter((word) => word !== '');
  const format = words.map((word) => formatNamed(word)).find((found) => found !== undefined);
  return { kind: 'myevents', uuid: words.find((word) => formatNamed(word) === undefined), format };
}

function readSendMessage(text: string, frame: EslFrame): EslCommand {
  const headers = readHeaderLines(frame.lines.slice(1));
  const uuid = text.slice(7).trim() || headers.get('session-id');
  return { kind: 'sendmsg', uuid, headers, body: frame.body };
}

function readSendEvent(text: string, frame: EslFrame): EslCommand {
  const lines = frame.lines.slice(1);
  const headers = readHeaderLines(lines);
  return { kind: 'sendevent', name: text.slice(9).trim(), headers, lines, body: frame.body };
}

function readBackgroundApi(text: string, frame: EslFrame): EslCommand {
  const jobUuid = readHeaderLines(frame.lines.slice(1)).get('job-uuid');
  return { kind: 'bgapi', ...splitApi(text.slice(6)), jobUuid };
}

function readLinger(text: string): EslCommand {
  const seconds = Number.parseInt(text.slice(7), 10);
  return { kind: 'linger', seconds: Number.isNaN(seconds) ? undefined : seconds };
}

function readSelection(text: string): EventSelection {
  const words = text.split(' ').filter((word) => word !== '');
  const format = formatNamed(words[0] ?? '');
  const names: EventName[] = [];
  const subclasses: string[] = [];
  let all = false;
  let custom = false;
  for (const word of format === undefined ? words : words.slice(1)) {
    const name = custom ? undefined : eventNamed(word);
    if (custom) subclasses.push(word);
    else if (name === 'ALL') all = true;
    else if (name !== undefined) names.push(name);
    if (name === 'CUSTOM') custom = true;
  }
  return { format, all, names, subclasses };
}

function formatNamed(word: string): 'plain' | 'json' | 'xml' | undefined {
  const lower = word.toLowerCase();
  return lower === 'plain' || lower === 'json' || lower === 'xml' ? lower : undefined;
}

function cut(text: string): [string, string | undefined] {
  const space = text.indexOf(' ');
  return space === -1 ? [text, undefined] : [text.slice(0, space), text.slice(space + 1)];
}
