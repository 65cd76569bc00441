import { AudioError } from './errors.ts';
import { TELEPHONE_RATE } from './spectrum.ts';

/** The longest script, the most tones in one pass of it, and the longest part of a tone. */
const MAX_SCRIPT_CHARACTERS = 4096;
const MAX_TONES = 500;
const MAX_PART_MS = 3_600_000;
const MAX_FREQUENCIES = 18;
const MAX_REPEATS = 1_000_000;

const SAMPLES_A_MS = TELEPHONE_RATE / 1000;

/** A tone, the silence after it, and how often both are repeated. */
export interface ScriptTone {
  readonly frequenciesHz: readonly number[];
  readonly onSamples: number;
  readonly offSamples: number;
  readonly volumeDb: number;
  /** The volume changes by `stepDb` each `everySamples`, within -63 to 0 dB. */
  readonly slope?: { readonly stepDb: number; readonly everySamples: number };
  readonly repeats: number;
}

/** A teletone script as FreeSWITCH's tone_stream plays it. */
export interface ToneScript {
  readonly firstPass: readonly ScriptTone[];
  /** Later passes start with the settings the pass before them ended with. */
  readonly laterPasses: readonly ScriptTone[];
  readonly passes: number;
  /** How often all passes are played: -1 for ever. */
  readonly loops: number;
}

/** Of teletone, which has 859 Hz where Q.23 has 852. */
const KEY_TONES: Readonly<Record<string, readonly number[]>> = {
  '1': [697, 1209],
  '2': [697, 1336],
  '3': [697, 1477],
  A: [697, 1633],
  '4': [770, 1209],
  '5': [770, 1336],
  '6': [770, 1477],
  B: [770, 1633],
  '7': [859, 1209],
  '8': [859, 1336],
  '9': [859, 1477],
  C: [859, 1633],
  '*': [941, 1209],
  '0': [941, 1336],
  '#': [941, 1477],
  D: [941, 1633],
};

interface Settings {
  onSamples: number;
  offSamples: number;
  volumeDb: number;
  slopeDirection: -1 | 0 | 1;
  slopeEverySamples: number;
  slopeDb: number;
  repeats: number;
  passes: number;
}

/**
 * Reads a script of FreeSWITCH's teletone: `%(on,off,hz,...)` and keys (`5`, `5(on,off)`), separated
 * or not by `;`, with `d=` `w=` (default on and off), `v=` (dB), `<=` `>=` `+=` (slope), `l=` (repeats
 * of the next tone), `L=` (passes) before them and `;loops=` at the end. Times in ms. Throws AudioError
 * `bad-script`, where teletone falls silent.
 */
export function parseToneScript(text: string): ToneScript {
  if (text.length > MAX_SCRIPT_CHARACTERS) {
    throw bad(`longer than ${MAX_SCRIPT_CHARACTERS} characters`);
  }
  const { script, loops } = splitLoops(text);
  const settings: Settings = {
    onSamples: 2000,
    offSamples: 500,
    volumeDb: -7,
    slopeDirection: 0,
    slopeEverySamples: 0,
    slopeDb: 1,
    repeats: 0,
    passes: 0,
  };
  const firstPass = runPass(script, settings);
  const laterPasses = settings.passes > 1 ? runPass(script, settings) : [];
  return { firstPass, laterPasses, passes: Math.max(1, settings.passes), loops };
}

function splitLoops(text: string): { script: string; loops: number } {
  const match = /;loops=([^;]*)/i.exec(text);
  if (!match) return { script: text, loops: 1 };
  const loops = wholeNumber('loops', match[1] ?? '', -1, MAX_REPEATS);
  return { script: text.slice(0, match.index), loops: loops === 0 ? 1 : loops };
}

function runPass(script: string, settings: Settings): ScriptTone[] {
  const tones: ScriptTone[] = [];
  for (const statement of script.split(';')) {
    const part = statement.trim();
    if (part[1] === '=') assign(settings, part[0] ?? '', part.slice(2).trim());
    else readTones(part, settings, tones);
  }
  return tones;
}

function assign(settings: Settings, name: string, value: string): void {
  switch (name) {
    case 'c':
      wholeNumber('c (channels)', value, 1, 1);
      break;
    case 'r':
      wholeNumber('r (rate)', value, TELEPHONE_RATE, TELEPHONE_RATE);
      break;
    case 'd':
      settings.onSamples = milliseconds(value);
      break;
    case 'w':
      settings.offSamples = milliseconds(value);
      break;
    case 'v':
      settings.volumeDb = decimal('v (volume in dB)', value, -63, 0);
      break;
    case '>':
    case '<':
      settings.slopeDirection = name === '<' ? 1 : -1;
      settings.slopeEverySamples = milliseconds(value);
      break;
    case '+':
      settings.slopeDb = decimal('+ (step in dB)', value, 0, 63);
      break;
    case 'l':
      settings.repeats = wholeNumber('l (repeats)', value, 0, MAX_REPEATS);
      break;
    case 'L':
      // Only the first pass reads it: the count runs down afterwards.
      settings.passes ||= wholeNumber('L (passes)', value, 0, MAX_REPEATS);
      break;
    default:
      throw bad(`unknown setting ${JSON.stringify(name)}; one of c r d w v < > + l L`);
  }
}

/** Keys and `%(...)` one after another, with spaces between them or not. */
function readTones(part: string, settings: Settings, tones: ScriptTone[]): void {
  let offset = 0;
  while (offset < part.length) {
    const name = part[offset] ?? '';
    if (/\s/.test(name)) {
      offset++;
      continue;
    }
    const withArguments = part[offset + 1] === '(';
    const close = withArguments ? part.indexOf(')', offset) : offset;
    if (close < 0) throw bad('a bracket is not closed');
    const values = withArguments ? part.slice(offset + 2, close).split(',') : [];
    tones.push(makeTone(name, values, settings));
    if (tones.length > MAX_TONES) throw bad(`more than ${MAX_TONES} tones`);
    offset = close + 1;
  }
}

function makeTone(name: string, values: readonly string[], settings: Settings): ScriptTone {
  const key = KEY_TONES[name];
  if (name !== '%' && !key) throw bad(`unknown tone ${JSON.stringify(name)}`);
  if (name === '%' && values.length < 3) throw bad('a tone is written %(on ms,off ms,Hz,...)');
  if (key && values.length !== 0 && values.length !== 2) {
    throw bad('a key is written alone or with (on ms,off ms)');
  }
  if (values.length - 2 > MAX_FREQUENCIES) throw bad(`more than ${MAX_FREQUENCIES} frequencies`);
  const [on, off, ...frequencies] = values;
  const repeats = Math.max(1, settings.repeats);
  settings.repeats = 0;
  const { slopeDirection, slopeDb, slopeEverySamples } = settings;
  return {
    frequenciesHz: key ?? frequencies.map((value) => decimal('Hz', value, 0, 4000)),
    onSamples: on === undefined ? settings.onSamples : milliseconds(on),
    offSamples: off === undefined ? settings.offSamples : milliseconds(off),
    volumeDb: settings.volumeDb,
    ...(slopeDirection !== 0 && {
      slope: { stepDb: slopeDirection * slopeDb, everySamples: Math.max(1, slopeEverySamples) },
    }),
    repeats,
  };
}

function milliseconds(value: string): number {
  return wholeNumber('a time in ms', value, 0, MAX_PART_MS) * SAMPLES_A_MS;
}

function wholeNumber(name: string, value: string, least: number, most: number): number {
  const number = decimal(name, value, least, most);
  return Math.trunc(number);
}

function decimal(name: string, value: string, least: number, most: number): number {
  const text = value.trim();
  const number = /^[+-]?\d+(\.\d*)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw bad(`${name} must be from ${least} to ${most}: ${JSON.stringify(text)}`);
  }
  return number;
}

function bad(reason: string): AudioError {
  return new AudioError('bad-script', `tone script: ${reason}`);
}
