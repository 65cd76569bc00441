import { separate } from '../arguments.ts';
import type { Channel } from '../channel/channel.ts';
import { setRecordVariables, startRecording, stopRecording } from '../channel/sound/recording.ts';
import { resolveSoundPath } from '../channel/sound/sound-path.ts';
import { ORIGINS } from '../events/origins.ts';
import type { Application } from './application.ts';
import { terminatorCheck } from './terminators.ts';

const FRAMES_PER_SECOND = 50;
/** FreeSWITCH's default when a threshold but no count of quiet frames is given: three seconds. */
const DEFAULT_SILENCE_SECONDS = 3;

/** `record_session path [+limit-seconds]`: records while the call goes on. */
export const recordSession: Application = async (channel, argument) => {
  const [path, limit] = splitLimit(argument);
  if (path !== '')
    await startRecording(channel, path, { limitSeconds: Number.parseInt(limit, 10) || 0 });
};

export const stopRecordSession: Application = async (channel, argument) => {
  await stopRecording(channel, argument.trim());
};

function splitLimit(argument: string): [string, string] {
  const match = /^(.*?) \+(\d+)$/.exec(argument.trim());
  return match === null ? [argument.trim(), ''] : [match[1] ?? '', match[2] ?? ''];
}

/**
 * `record path [limit-seconds [silence-threshold [silence-hits]]]`: records what the party says until a
 * terminator, the limit, enough silence or a break. A file that cannot be made ends the call, as in FreeSWITCH.
 */
export const record: Application = async (channel, argument) => {
  const [path = '', limit, threshold, hits] = separate(argument);
  if (path === '') return;
  channel.variables.set('playback_terminator_used', undefined);
  channel.variables.set('silence_hits_exhausted', 'false');
  try {
    const recorder = await channel.context.recorders.open(resolveSoundPath(channel, path), 1);
    channel.announce('RECORD_START', ORIGINS.recordStart, { 'Record-File-Path': path });
    const silence = silenceWatch(channel, toInteger(threshold), toInteger(hits));
    const over = recordLimit(channel, toInteger(limit?.replace('+', '')));
    const ends = terminatorCheck(channel);
    await channel.eachFrame(() => {
      if (channel.breakRequested !== undefined || recorder.failed) return true;
      if (over()) return true;
      const digit = channel.takeDigit();
      if (digit !== undefined && ends(digit) === 'stop') return true;
      if (silence()) return true;
      if (!channel.audio.receivedNothing) recorder.write(channel.audio.received, undefined);
      return undefined;
    });
    channel.breakRequested = undefined;
    const result = await recorder.stop();
    setRecordVariables(channel, result.samples, 1);
    channel.announce('RECORD_STOP', ORIGINS.recordStop, { 'Record-File-Path': path });
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown';
    channel.context.log({
      level: 'error',
      message: 'cannot record',
      detail: { channel: channel.uuid, reason },
    });
    channel.hangup('DESTINATION_OUT_OF_ORDER');
  }
};

/** FreeSWITCH compares whole seconds of the clock, so a limit of one second lasts up to two. */
function recordLimit(channel: Channel, limitSeconds: number): () => boolean {
  const seconds = (): number => Math.floor(channel.context.clock.nowMs() / 1000);
  const started = seconds();
  return () => limitSeconds > 0 && seconds() - started > limitSeconds;
}

/** True once so many frames in a row were below the threshold (mean amplitude). */
function silenceWatch(channel: Channel, threshold: number, seconds: number): () => boolean {
  if (threshold <= 0) return () => false;
  const wanted = (seconds || DEFAULT_SILENCE_SECONDS) * FRAMES_PER_SECOND;
  let quietFrames = 0;
  return () => {
    const frame = channel.audio.received;
    let energy = 0;
    for (const sample of frame) energy += Math.abs(sample);
    quietFrames = energy / frame.length < threshold ? quietFrames + 1 : 0;
    if (quietFrames < wanted) return false;
    channel.variables.set('silence_hits_exhausted', 'true');
    return true;
  };
}

function toInteger(text: string | undefined): number {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? 0 : number;
}
