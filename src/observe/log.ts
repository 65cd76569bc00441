import pino from 'pino';
import type { Log, LogFields } from '../engine/ports.ts';
import { maskNumbersIn } from './mask.ts';
import { prettyLine } from './pretty.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogOptions {
  /** What is less severe is left out. */
  readonly level: LogLevel;
  /** For people at a terminal; otherwise one JSON object a line. */
  readonly pretty: boolean;
  /** Where lines go, each with its line feed; standard output if undefined. */
  readonly destination?: { write(line: string): void } | undefined;
}

const MAX_TEXT_LENGTH = 2_000;
const MAX_FIELDS = 50;
/** Names that every line has of its own. */
const OWN_NAMES: ReadonlySet<string> = new Set(['level', 'time', 'message']);

/**
 * The log. Whoever logs leaves telephone numbers out; should one slip through, in a message, a
 * field or a field's name, it is masked here.
 */
export function createLog(options: LogOptions): Log {
  const plain = options.destination ?? pino.destination({ dest: 1, sync: true });
  const destination = options.pretty
    ? { write: (line: string) => plain.write(prettyLine(line)) }
    : plain;
  const lines = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const writer =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (lines.isLevelEnabled(level)) lines[level](safeFields(fields), safeText(message));
    };
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  };
}

function safeFields(fields: LogFields): Record<string, string | number | boolean> {
  const safe: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields).slice(0, MAX_FIELDS)) {
    if (value !== undefined) safe[safeName(name)] = safeValue(value);
  }
  return safe;
}

function safeName(name: string): string {
  const text = safeText(name);
  return OWN_NAMES.has(text) ? `${text}_` : text;
}

function safeValue(value: string | number | boolean): string | number | boolean {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'number' && mayBeNumberToCall(value)) return safeText(String(value));
  return value;
}

/**
 * Nine digits and more. Times in milliseconds since the epoch have 13 and begin with 1, which no
 * telephone number does: behind country code 1 there are always ten.
 */
function mayBeNumberToCall(value: number): boolean {
  if (!Number.isInteger(value) || Math.abs(value) < 1e8) return false;
  return !(value >= 1e12 && value < 2e12);
}

function safeText(text: string): string {
  const cut = text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
  return maskNumbersIn(cut);
}
