import { urlDecode, urlEncode } from '../../../protocol/esl/encoding.ts';
import type { MediaContext } from '../context.ts';
import { matchesPattern } from '../pattern.ts';
import { uptimeText } from '../wall-clock.ts';
import { type ApiCommand, OK } from './api-command.ts';

/** What this server says it is; the `embedded` tells it from the real one. */
export const VERSION = '1.11.3-embedded+linekeeper';

export const version: ApiCommand = () => `FreeSWITCH Version ${VERSION} 64bit (64bit)\n`;

export const hostname: ApiCommand = (context) => context.identity.hostname;

/** uptime [us|ms|s] */
export const uptime: ApiCommand = (context, argument) => {
  const elapsedMs = context.clock.nowMs() - context.startedMs;
  if (argument === 'us') return `${Math.floor(elapsedMs * 1000)}\n`;
  if (argument === 'ms') return `${Math.floor(elapsedMs)}\n`;
  return `${Math.floor(elapsedMs / 1000)}\n`;
};

export const status: ApiCommand = (context) => {
  const { channels, limits } = context;
  const elapsedMs = context.clock.nowMs() - context.startedMs;
  return [
    `UP ${uptimeText(elapsedMs)}`,
    `FreeSWITCH (Version ${VERSION} 64bit) is ready`,
    `${channels.sinceStart} session(s) since startup`,
    `${channels.size} session(s) - peak ${channels.peak}, last 5min ${channels.peak} `,
    `0 session(s) per Sec out of max ${limits.sessions}, peak 0, last 5min 0 `,
    `${limits.sessions} session(s) max`,
    'min idle cpu 0.00/100.00',
    'Current Stack Size/Max 240K/8192K',
    '',
  ].join('\n');
};

/** sofia status [profile name]: what drachtio-fsmrf learns the SIP address from. */
export const sofia: ApiCommand = (context, argument) => {
  const words = argument.split(/ +/);
  if (words[0] !== 'status') return '-USAGE: sofia status\n';
  const { name, address, port } = context.sipProfile();
  if (words[1] === 'profile' && words[2] !== name) return 'Invalid Profile!\n';
  const row = (one: string, two: string, three: string, four: string): string =>
    `${one.padStart(25)}\t${two.padStart(7)}\t${three.padStart(42)}\t${four}\n`;
  const rule = `${'='.repeat(97)}\n`;
  return (
    row('Name', '  Type', 'Data', 'State') +
    rule +
    row(name, 'profile', `sip:mod_sofia@${address}:${port}`, `RUNNING (${context.channels.size})`) +
    rule +
    '1 profile 0 aliases\n'
  );
};

/** show channels|calls [count] [as json] */
export const show: ApiCommand = (context, argument) => {
  const [what = '', option = ''] = argument.toLowerCase().split(/ +/);
  if (what !== 'channels' && what !== 'calls') return `-USAGE: channels|calls [count]\n`;
  const rows = [...context.channels.values()].map((channel) => ({
    uuid: channel.uuid,
    direction: 'inbound',
    created_epoch: String(Math.floor(channel.profile.times.createdMs / 1000)),
    name: channel.name,
    state: channel.runningState,
    application: channel.variables.get('current_application') ?? '',
    application_data: channel.variables.get('current_application_data') ?? '',
    dialplan: channel.profile.dialplan,
    context: channel.profile.context,
    read_codec: channel.variables.get('read_codec') ?? '',
    callstate: channel.callState,
    call_uuid: channel.variables.get('call_uuid') ?? channel.uuid,
  }));
  if (/ as json$/i.test(argument)) {
    return JSON.stringify(rows.length === 0 ? { row_count: 0 } : { row_count: rows.length, rows });
  }
  if (option === 'count') return `\n${rows.length} total.\n`;
  if (rows.length === 0) return '\n0 total.\n';
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => Object.values(row).join(','));
  return `${names.join(',')}\n${lines.join('\n')}\n\n${rows.length} total.\n`;
};

export const globalGetVariable: ApiCommand = (context, argument) => {
  if (argument !== '') return context.globals.get(argument) ?? '';
  return [...context.globals].map(([name, value]) => `${name}=${value}\n`).join('');
};

export const globalSetVariable: ApiCommand = (context, argument) => {
  const equals = argument.indexOf('=');
  if (equals < 1) return '-USAGE: <var>=<value> [=<value2>]\n';
  if (context.globals.size >= 1000) return '-ERR variable limit reached\n';
  context.globals.set(argument.slice(0, equals), argument.slice(equals + 1));
  return '+OK';
};

/** fsctl: counts and times; what would stop the server is refused, because its parent does that. */
export const fsctl: ApiCommand = (context, argument) => {
  const [command = ''] = argument.toLowerCase().split(/ +/);
  switch (command) {
    case 'hupall':
      for (const channel of context.channels.values()) channel.hangup('MANAGER_REQUEST');
      return OK;
    case 'max_sessions':
      return `+OK max sessions: ${context.limits.sessions}\n`;
    case 'sps':
    case 'sps_peak':
      return '+OK sps: 0\n';
    case 'last_sps':
      return '+OK last sps: 0\n';
    case 'loglevel':
      return '+OK log level: INFO [6]\n';
    case 'crash':
    case 'shutdown':
    case 'pause':
    case 'resume':
      return '-ERR not allowed here\n';
    default:
      return '-ERR Invalid command!\n';
  }
};

export const hangupAll: ApiCommand = (context) => {
  for (const channel of context.channels.values()) channel.hangup('MANAGER_REQUEST');
  return `+OK hangup all channels with cause MANAGER_REQUEST\n`;
};

export const createUuid: ApiCommand = (context) => context.ids.uuid();

export const echo: ApiCommand = (_context, argument) => argument;

/** expr: numbers, + - * / ( ) and comparisons, as far as a status page needs them. */
export const expression: ApiCommand = (_context, argument) => {
  const value = evaluate(argument);
  return value === undefined ? '-ERR ERROR' : String(value);
};

/** cond <expression> ? <if true> : <if false> */
export const condition: ApiCommand = (_context, argument) => {
  const match = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*\?\s*(.*?)\s*:\s*(.*)$/.exec(argument);
  if (match === null) return '-ERR';
  const [, left = '', operator = '', right = '', yes = '', no = ''] = match;
  return compare(unquote(left), operator, unquote(right)) ? unquote(yes) : unquote(no);
};

/** regex <text>|<pattern>: whether it matches. */
export const regex: ApiCommand = (_context, argument) => {
  const [text = '', pattern = ''] = argument.split('|');
  return matchesPattern(pattern, text) ? 'true' : 'false';
};

/** strftime [seconds|] [format]; local time. */
export const strftime: ApiCommand = (context, argument) => {
  const [seconds, format] = argument.includes('|') ? argument.split('|') : [undefined, argument];
  const atMs = seconds === undefined ? context.clock.nowMs() : Number(seconds) * 1000;
  return formatTime(new Date(atMs), format === undefined || format === '' ? '%Y-%m-%d %T' : format);
};

export const urlEncodeCommand: ApiCommand = (_context, argument) => urlEncode(argument);
export const urlDecodeCommand: ApiCommand = (_context, argument) => urlDecode(argument);
export const moduleExists: ApiCommand = (_context, argument) =>
  /^mod_(commands|conference|dptools|event_socket|sofia|sndfile|tone_stream|local_stream)$/.test(
    argument,
  )
    ? 'true'
    : 'false';

/** eval: the text with globals in place of `$${name}`. */
export const evaluateText: ApiCommand = (context: MediaContext, argument) =>
  argument.replace(/\$\$?\{([^}]+)\}/g, (_whole, name: string) => context.globals.get(name) ?? '');

function compare(left: string, operator: string, right: string): boolean {
  const numbers = /^-?\d+(\.\d+)?$/.test(left) && /^-?\d+(\.\d+)?$/.test(right);
  const a = numbers ? Number(left) : left;
  const b = numbers ? Number(right) : right;
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    default:
      return a >= b;
  }
}

function unquote(text: string): string {
  return text
    .trim()
    .replace(/^'(.*)'$/, '$1')
    .replace(/^"(.*)"$/, '$1');
}

/** Sums and products of numbers; undefined for anything else. */
function evaluate(text: string): number | undefined {
  const tokens = text.match(/\d+(?:\.\d+)?|[-+*/()]/g) ?? [];
  if (tokens.length > 200 || tokens.join('') !== text.replace(/\s+/g, '')) return undefined;
  let position = 0;
  const factor = (): number => {
    const token = tokens[position++];
    if (token === '-') return -factor();
    if (token !== '(') return Number(token);
    const inner = sum();
    return tokens[position++] === ')' ? inner : Number.NaN;
  };
  const product = (): number => {
    let value = factor();
    while (tokens[position] === '*' || tokens[position] === '/') {
      value = tokens[position++] === '*' ? value * factor() : value / factor();
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[position] === '+' || tokens[position] === '-') {
      value = tokens[position++] === '+' ? value + product() : value - product();
    }
    return value;
  };
  const value = sum();
  return position === tokens.length && Number.isFinite(value) ? value : undefined;
}

function formatTime(date: Date, format: string): string {
  if (Number.isNaN(date.getTime())) return '-ERR';
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getFullYear()),
    m: () => two(date.getMonth() + 1),
    d: () => two(date.getDate()),
    H: () => two(date.getHours()),
    M: () => two(date.getMinutes()),
    S: () => two(date.getSeconds()),
    T: () => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
    F: () => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    s: () => String(Math.floor(date.getTime() / 1000)),
    u: () => String(date.getDay() === 0 ? 7 : date.getDay()),
    w: () => String(date.getDay()),
    '%': () => '%',
  };
  return format.replace(
    /%([YmdHMSTFsuw%])/g,
    (whole, letter: string) => parts[letter]?.() ?? whole,
  );
}
