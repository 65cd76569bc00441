import { separate } from '../arguments.ts';
import type { Channel } from '../channel/channel.ts';
import { playFile } from '../channel/sound/play-file.ts';
import { transferChannel } from '../dialplan.ts';
import { matchesPattern } from '../pattern.ts';
import type { Application } from './application.ts';

/** FreeSWITCH's digit buffer. */
const MAX_DIGITS = 128;
const LEAST_TIMEOUT_MS = 1000;

interface Reading {
  readonly min: number;
  readonly max: number;
  readonly prompt: string;
  readonly variable: string;
  /** Until the first digit. */
  readonly timeoutMs: number;
  readonly terminators: string;
  /** Between two digits. */
  readonly digitTimeoutMs: number;
}

type ReadStatus = 'success' | 'timeout' | 'too-small' | 'false' | 'restart';

/** `read min max prompt variable timeout-ms terminators [digit-timeout-ms]`. */
export const read: Application = async (channel, argument) => {
  const [min, max, prompt = '', variable = '', timeout, terminators, digitTimeout] =
    separate(argument);
  const least = Math.max(1, toInteger(min));
  await readDigits(channel, {
    min: least,
    max: Math.max(least, toInteger(max)),
    prompt,
    variable,
    timeoutMs: Math.max(LEAST_TIMEOUT_MS, toInteger(timeout)),
    terminators: terminators || '#',
    digitTimeoutMs: toInteger(digitTimeout),
  });
};

/**
 * `play_and_get_digits min max tries timeout-ms terminators file invalid-file variable regexp
 * digit-timeout-ms [transfer-on-failure]`.
 */
export const playAndGetDigits: Application = async (channel, argument) => {
  const [
    min,
    max,
    tries,
    timeout,
    terminators,
    prompt = '',
    invalidFile = '',
    variable = '',
    pattern,
    digitTimeout,
    failureTarget,
  ] = separate(argument);
  const least = Math.max(0, toInteger(min));
  const reading: Reading = {
    min: least,
    max: Math.max(least, toInteger(max)),
    prompt,
    variable,
    timeoutMs: Math.max(LEAST_TIMEOUT_MS, toInteger(timeout)),
    terminators: terminators || '#',
    digitTimeoutMs: toInteger(digitTimeout),
  };
  if (pattern !== undefined && variable !== '')
    channel.variables.set(`${variable}_invalid`, undefined);
  for (let turn = toInteger(tries); turn > 0 && channel.ready; turn--) {
    if (await oneTry(channel, reading, pattern)) return;
    if (!channel.ready) return;
    await playFile(channel, invalidFile);
  }
  if (failureTarget !== undefined && channel.ready) {
    const [extension = '', dialplan, context] = failureTarget.split(' ');
    transferChannel(channel, extension, dialplan, context);
  }
};

/** True when nothing more is to be asked. */
async function oneTry(
  channel: Channel,
  reading: Reading,
  pattern: string | undefined,
): Promise<boolean> {
  const { status, digits } = await readDigits(channel, reading);
  if (status === 'restart') return true;
  const enough = status === 'success' || (status === 'timeout' && digits.length >= reading.min);
  if (
    reading.min === 0 &&
    digits === '' &&
    channel.variables.get('read_terminator_used') !== undefined
  ) {
    return true;
  }
  if (!enough || digits === '') return false;
  if (pattern === undefined || pattern === '' || matchesPattern(pattern, digits)) return true;
  channel.variables.set(reading.variable, undefined);
  if (reading.variable !== '') channel.variables.set(`${reading.variable}_invalid`, digits);
  return false;
}

/** Plays a prompt, which the first digit ends, and collects digits (switch_ivr_read). */
async function readDigits(
  channel: Channel,
  reading: Reading,
): Promise<{ status: ReadStatus; digits: string }> {
  const { variables } = channel;
  variables.set('read_result', undefined);
  if (reading.variable !== '') variables.set(reading.variable, undefined);
  if (reading.max > MAX_DIGITS) return { status: 'false', digits: '' };
  let digits = '';
  if (reading.prompt !== '' && reading.prompt.toLowerCase() !== 'silence') {
    const outcome = await playFile(channel, reading.prompt, {
      onDigit: ({ digit }) => {
        digits += digit;
        return 'stop';
      },
    });
    if (outcome !== 'success' && outcome !== 'break') return { status: 'false', digits };
  }
  const collected = await collect(channel, reading, digits);
  return conclude(channel, reading, collected);
}

interface Collected {
  status: ReadStatus;
  digits: string;
  terminator: string | undefined;
}

/** switch_ivr_collect_digits_count: what is there counts, then one digit after the other. */
async function collect(channel: Channel, reading: Reading, before: string): Promise<Collected> {
  if (before.length >= reading.max) {
    const only = splitAtTerminator(reading, before);
    return only ?? { status: 'success', digits: before, terminator: undefined };
  }
  const early = splitAtTerminator(reading, before);
  if (early !== undefined) return early;
  const now = (): number => channel.context.clock.nowMs();
  const digitTimeoutMs = reading.digitTimeoutMs || reading.timeoutMs;
  let waitMs = before === '' ? reading.timeoutMs : digitTimeoutMs;
  let sinceMs = now();
  let digits = before;
  const result = await channel.eachFrame<Collected>(() => {
    if (now() - sinceMs >= waitMs) return { status: 'timeout', digits, terminator: undefined };
    for (let digit = channel.takeDigit(); digit !== undefined; digit = channel.takeDigit()) {
      waitMs = digitTimeoutMs;
      sinceMs = now();
      if (reading.terminators.includes(digit.digit)) {
        return { status: 'success', digits, terminator: digit.digit };
      }
      digits += digit.digit;
      if (digits.length >= reading.max) return { status: 'success', digits, terminator: undefined };
    }
    return undefined;
  });
  return result ?? { status: 'false', digits, terminator: undefined };
}

function splitAtTerminator(reading: Reading, digits: string): Collected | undefined {
  const index = Array.from(digits).findIndex((digit) => reading.terminators.includes(digit));
  if (index === -1) return undefined;
  return { status: 'success', digits: digits.slice(0, index), terminator: digits[index] };
}

function conclude(
  channel: Channel,
  reading: Reading,
  collected: Collected,
): { status: ReadStatus; digits: string } {
  const { variables } = channel;
  let { status, digits } = collected;
  const { terminator } = collected;
  if (terminator !== undefined) {
    variables.set('read_terminator_used', terminator);
    const mark = reading.terminators[reading.terminators.indexOf(terminator) - 1];
    if (mark === '+' || mark === 'x') digits += terminator;
    if (mark === 'x') status = 'restart';
  } else if (reading.terminators.startsWith('=')) {
    status = 'too-small';
  }
  if (reading.min > 0 && digits.length < reading.min) status = 'too-small';
  variables.set('read_result', resultName(status));
  if (reading.variable !== '' && digits !== '') variables.set(reading.variable, digits);
  return { status, digits };
}

function resultName(status: ReadStatus): string {
  return status === 'success' || status === 'timeout' ? status : 'failure';
}

function toInteger(text: string | undefined): number {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? 0 : number;
}
