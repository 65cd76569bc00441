import { startToneDetection } from '../applications/tone-detect.ts';
import { separate } from '../arguments.ts';
import type { Channel } from '../channel/channel.ts';
import { startDisplacement } from '../channel/sound/displace.ts';
import { setMute } from '../channel/sound/mute.ts';
import {
  maskRecording,
  type RecordingOptions,
  startRecording,
  stopRecording,
} from '../channel/sound/recording.ts';
import { setMediaStatistics } from '../channel/statistics.ts';
import { type ApiCommand, OK } from './api-command.ts';
import { onChannel } from './channel-commands.ts';

const SUCCESS = '+OK Success\n';
const NO_SESSION = '-ERR Cannot locate session!\n';
const RECORD_USAGE = '<uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]';

/** uuid_record uuid start|stop|mask|unmask path [limit-seconds [{variables}]] */
export const uuidRecord = onChannel(
  RECORD_USAGE,
  3,
  async (channel, [action = '', path = '', limit = '', variables = '']) => {
    const done = await recordAction(channel, action.toLowerCase(), path, {
      limitSeconds: Number.parseInt(limit, 10) || 0,
      variables: recordingVariables(variables),
    });
    if (done === undefined) return `-USAGE: ${RECORD_USAGE}\n`;
    return done
      ? SUCCESS
      : `-ERR ${RECORD_FAILURES[action.toLowerCase()] ?? 'Operation failed'}!\n`;
  },
  NO_SESSION,
);

const RECORD_FAILURES: Readonly<Record<string, string>> = {
  start: 'Cannot record session',
  stop: 'Cannot stop record session',
  mask: 'Cannot mask recording session',
  unmask: 'Cannot unmask recording session',
};

async function recordAction(
  channel: Channel,
  action: string,
  path: string,
  options: RecordingOptions,
): Promise<boolean | undefined> {
  switch (action) {
    case 'start':
      return startRecording(channel, path, options);
    case 'stop':
      return stopRecording(channel, path);
    case 'mask':
      return maskRecording(channel, path, true);
    case 'unmask':
      return maskRecording(channel, path, false);
    default:
      return undefined;
  }
}

/** `{RECORD_STEREO=true,...}` behind a start: for this recording only, before the channel's own. */
function recordingVariables(text: string): ReadonlyMap<string, string> {
  return new Map(
    separate(text.replace(/^\{|\}$/g, ''), ',').map((assignment) => {
      const [name = '', value = ''] = assignment.split('=');
      return [name, value];
    }),
  );
}

/** uuid_displace uuid start|stop path [limit [mux]] */
export const uuidDisplace = onChannel(
  '<uuid> [start|stop] <path> [<limit>] [mux]',
  3,
  async (channel, [action = '', path = '', _limit, mux = '']) => {
    switch (action.toLowerCase()) {
      case 'start':
        return (await startDisplacement(channel, path, mux === 'mux' ? 'm' : ''))
          ? SUCCESS
          : '-ERR Cannot displace session!\n';
      case 'stop': {
        const playing = channel.audio.displacement !== undefined;
        channel.audio.stopDisplacement();
        return playing ? SUCCESS : '-ERR Cannot stop displace session!\n';
      }
      default:
        return '-USAGE: <uuid> [start|stop] <path> [<limit>] [mux]\n';
    }
  },
  NO_SESSION,
);

const NO_REPLY = '-ERR no reply\n';

/**
 * tone_detect uuid key hz[,hz] [r|w +seconds application argument hits]. As with FreeSWITCH too few words and a
 * timeout that is no `+seconds` start nothing, and a tone that means none is said to be detected.
 */
export const toneDetect: ApiCommand = (context, argument) => {
  const [uuid = '', ...words] = separate(argument);
  const [key = '', tones, flags = '', expiry] = words;
  if (tones === undefined) return NO_REPLY;
  const channel = context.channels.get(uuid);
  if (channel === undefined) return NO_SESSION;
  if (expiry !== undefined && !/^\+[1-9]/.test(expiry)) return NO_REPLY;
  startToneDetection(channel, words);
  return `+OK Enabling tone detection '${key}' '${tones}' '${flags}'\n`;
};

const AUDIO_USAGE = '-USAGE: <uuid> [start [read|write] [mute|level <level>]|stop]\n';

/** uuid_audio uuid start read|write mute|level n, uuid_audio uuid stop; levels other than muting change nothing. */
export const uuidAudio: ApiCommand = (context, argument) => {
  const [uuid = '', action, side = '', what, level = ''] = separate(argument);
  if (action === undefined) return AUDIO_USAGE;
  const channel = context.channels.get(uuid);
  if (channel === undefined) return '-ERR No such channel!\n';
  if (action.toLowerCase() === 'stop') {
    setMute(channel, 'both', false);
    return OK;
  }
  const known = what?.toLowerCase() === 'mute' || what?.toLowerCase() === 'level';
  if (action.toLowerCase() !== 'start' || !known || level === '' || !/^(read|write)$/i.test(side))
    return AUDIO_USAGE;
  if (what?.toLowerCase() === 'mute') setMute(channel, side, Number.parseInt(level, 10) !== 0);
  return OK;
};

/** uuid_set_media_stats uuid: leaves the stream's counts in `rtp_audio_...` variables. */
export const uuidSetMediaStatistics: ApiCommand = (context, argument) => {
  const channel = context.channels.get(argument);
  if (argument === '') return '-USAGE: <uuid>\n';
  if (channel === undefined) return `-ERR No such channel ${argument}!\n`;
  setMediaStatistics(channel);
  return '+OK:\n';
};

/** uuid_hold [off|toggle] uuid: this server puts nobody on hold by re-INVITE, so it says it cannot. */
export const uuidHold: ApiCommand = (_context, argument) =>
  argument === '' ? '-USAGE: [off|toggle] <uuid> [<display>]\n' : '-ERR Operation failed\n';
