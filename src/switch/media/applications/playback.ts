import type { Channel } from '../channel/channel.ts';
import { type PlayOutcome, playFile } from '../channel/sound/play-file.ts';
import { type Application, respond } from './application.ts';
import { terminatorCheck } from './terminators.ts';

/** `playback file[!file...][@@samples]`: plays until the end, a terminator or a break. */
export const playback: Application = async (channel, argument) => {
  const [names = '', start = ''] = argument.split('@@');
  const startSamples = Number.parseInt(start, 10);
  channel.variables.set('playback_terminator_used', undefined);
  const outcome = await playFile(channel, names, {
    onDigit: terminatorCheck(channel),
    startSamples: startSamples > 0 ? startSamples : 0,
  });
  respond(channel, RESPONSES[outcome]);
};

/** `loop_playback +n|inf|n file`: the same sound again and again. */
export const loopPlayback: Application = async (channel, argument) => {
  const match = /^\+?(\d+|inf) +(.+)$/.exec(argument);
  const count = match === null || match[1] === 'inf' ? Number.POSITIVE_INFINITY : Number(match[1]);
  const names = match?.[2] ?? argument;
  let outcome: PlayOutcome = 'success';
  for (let turn = 0; turn < count && channel.ready && outcome === 'success'; turn++) {
    outcome = await playOnce(channel, names);
  }
  respond(channel, RESPONSES[outcome]);
};

function playOnce(channel: Channel, names: string): Promise<PlayOutcome> {
  return playFile(channel, names, { onDigit: terminatorCheck(channel) });
}

/** What FreeSWITCH says; hung up in the middle counts as played when the file had been opened. */
const RESPONSES: Readonly<Record<PlayOutcome, string>> = {
  success: 'FILE PLAYED',
  break: 'FILE PLAYED',
  'not-found': 'FILE NOT FOUND',
  timeout: 'PLAYBACK ERROR',
  false: 'PLAYBACK ERROR',
};
