import type { Channel } from '../channel/channel.ts';
import { playFile } from '../channel/sound/play-file.ts';
import { type Application, respond } from './application.ts';
import { terminatorCheck } from './terminators.ts';

/** What is said digit by digit; other types are said as a number. */
const SPELLED = new Set([
  'TELEPHONE_NUMBER',
  'TELEPHONE_EXTENSION',
  'ACCOUNT_NUMBER',
  'POSTAL_ADDRESS',
  'IP_ADDRESS',
]);
const COUNTED = new Set(['NUMBER', 'ITEMS', 'PERSONS', 'MESSAGES']);

/** `speak engine|voice|text`: there is no speech engine here, which FreeSWITCH answers by doing nothing. */
export const speak: Application = (channel) => {
  const { uuid } = channel;
  channel.context.log({ level: 'error', message: 'Invalid TTS module', detail: { channel: uuid } });
};

/** `phrase macro[,argument]`: there are no phrase macros here; FreeSWITCH says so for one it cannot find. */
export const phrase: Application = (channel) => {
  channel.context.log({
    level: 'error',
    message: "Can't find phrase macro",
    detail: { channel: channel.uuid },
  });
  respond(channel, 'FILE NOT FOUND');
};

/** `say lang type method [gender] text`: plays the parts of mod_say_en below `digits/`, as far as they exist. */
export const say: Application = async (channel, argument) => {
  const [, type = '', method = '', ...rest] = argument.trim().split(/ +/);
  const text = rest.join(' ').replace(/^(FEMININE|MASCULINE|NEUTER) /, '');
  const files = sayFiles(type.toUpperCase(), method.toLowerCase(), text);
  if (files === undefined) {
    channel.context.log({
      level: 'error',
      message: 'Unknown Say type',
      detail: { channel: channel.uuid },
    });
    return;
  }
  await playParts(channel, files);
};

async function playParts(channel: Channel, files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (!channel.ready) return;
    const outcome = await playFile(channel, file, { onDigit: terminatorCheck(channel) });
    if (outcome === 'break') return;
  }
}

/** The sounds for a text; undefined when nothing is known to say it. */
export function sayFiles(type: string, method: string, text: string): string[] | undefined {
  if (SPELLED.has(type) || (COUNTED.has(type) && method === 'iterated')) {
    return spell(text);
  }
  if (!COUNTED.has(type)) return undefined;
  const number = Number(text.replaceAll(',', ''));
  if (!Number.isInteger(number) || number < 0 || number > 999_999_999) return undefined;
  return sayNumber(number);
}

function spell(text: string): string[] {
  return Array.from(text).flatMap((character) => {
    if (/\d/.test(character)) return [`digits/${character}.wav`];
    if (character === '.') return ['digits/dot.wav'];
    return [];
  });
}

/** 1,234,567 is said `1 million 2 hundred 30 4 thousand 5 hundred 60 7`. */
function sayNumber(number: number): string[] {
  if (number === 0) return ['digits/0.wav'];
  const files: string[] = [];
  const groups: ReadonlyArray<readonly [number, string | undefined]> = [
    [Math.floor(number / 1_000_000), 'million'],
    [Math.floor(number / 1000) % 1000, 'thousand'],
    [number % 1000, undefined],
  ];
  for (const [group, name] of groups) {
    if (group === 0) continue;
    files.push(...belowThousand(group));
    if (name !== undefined) files.push(`digits/${name}.wav`);
  }
  return files;
}

function belowThousand(number: number): string[] {
  const files: string[] = [];
  const hundreds = Math.floor(number / 100);
  if (hundreds > 0) files.push(`digits/${hundreds}.wav`, 'digits/hundred.wav');
  const rest = number % 100;
  if (rest > 20) files.push(`digits/${rest - (rest % 10)}.wav`);
  if (rest > 20 ? rest % 10 > 0 : rest > 0)
    files.push(`digits/${rest > 20 ? rest % 10 : rest}.wav`);
  return files;
}
