import { ORIGINS } from '../../events/origins.ts';
import type { Channel } from '../channel.ts';
import { isTrue as isTrueText } from '../variables.ts';
import type { Recording } from './leg-audio.ts';
import { resolveSoundPath } from './sound-path.ts';

/** Samples per second of everything this server records. */
const SAMPLE_RATE = 8000;

export interface RecordingOptions {
  /** 0: none. */
  readonly limitSeconds?: number;
  /** Variables of this recording alone, which count before the channel's. */
  readonly variables?: ReadonlyMap<string, string>;
}

/**
 * Starts recording a channel while it goes on with what it does (`record_session`, `uuid_record start`).
 * RECORD_STEREO puts the received sound left and the sent one right; RECORD_STEREO_SWAP the other way round;
 * RECORD_READ_ONLY and RECORD_WRITE_ONLY take one of them. False when it cannot be: the call goes on.
 */
export async function startRecording(
  channel: Channel,
  path: string,
  options: RecordingOptions = {},
): Promise<boolean> {
  const { recordings, openingRecordings } = channel.audio;
  if (recordings.has(path) || openingRecordings.has(path)) return true;
  const count = recordings.size + openingRecordings.size;
  if (channel.down || count >= channel.context.limits.recordings) return false;
  openingRecordings.add(path);
  try {
    return await openRecording(channel, path, options);
  } catch (error) {
    tellFailure(channel, error);
    return false;
  } finally {
    openingRecordings.delete(path);
  }
}

async function openRecording(
  channel: Channel,
  path: string,
  { limitSeconds = 0, variables = new Map() }: RecordingOptions,
): Promise<boolean> {
  const layout = recordingLayout(channel, variables);
  const file = resolveSoundPath(channel, path);
  const recorder = await channel.context.recorders.open(file, isStereo(layout) ? 2 : 1, {
    promptly: variables.get('enable_file_write_buffering') === 'false',
  });
  if (channel.down) {
    await recorder.stop();
    return false;
  }
  const recording: Recording = { recorder, layout };
  channel.audio.recordings.set(path, recording);
  recorder.on('failed', () => {
    void stopRecording(channel, path, 'uri-failure');
  });
  channel.announce('RECORD_START', ORIGINS.recordStart, { 'Record-File-Path': path });
  if (limitSeconds > 0) limitRecording(channel, path, recording, limitSeconds);
  return true;
}

function isStereo(layout: Recording['layout']): boolean {
  return layout === 'received-left' || layout === 'received-right';
}

/** Ends one recording, or with `all` every one. False when there is none of that path. */
export async function stopRecording(
  channel: Channel,
  path: string,
  cause?: string,
): Promise<boolean> {
  if (path.toLowerCase() === 'all') {
    const any = channel.audio.recordings.size > 0;
    await endRecordings(channel);
    return any;
  }
  const recording = channel.audio.recordings.get(path);
  if (recording === undefined) return false;
  channel.audio.recordings.delete(path);
  const result = await recording.recorder.stop();
  setRecordVariables(channel, result.samples, isStereo(recording.layout) ? 2 : 1);
  const completion = cause ?? (channel.down ? 'no-input-timeout' : 'success-maxtime');
  channel.variables.set(
    'record_completion_cause',
    result.error === undefined ? completion : 'uri-failure',
  );
  channel.announce('RECORD_STOP', ORIGINS.recordStop, {
    'Record-File-Path': path,
    'Record-Completion-Cause': channel.variables.get('record_completion_cause'),
  });
  return true;
}

export async function endRecordings(channel: Channel): Promise<void> {
  for (const path of channel.audio.recordings.keys()) await stopRecording(channel, path);
}

/** Writes silence in place of sound while on. False when nothing is recorded to that path. */
export function maskRecording(channel: Channel, path: string, on: boolean): boolean {
  const recording = channel.audio.recordings.get(path);
  recording?.recorder.mask(on);
  return recording !== undefined;
}

/** What a recording leaves behind in channel variables. */
export function setRecordVariables(channel: Channel, samples: number, channels: 1 | 2): void {
  channel.variables.set('record_file_size', String(44 + samples * 2 * channels));
  channel.variables.set('record_samples', String(samples));
  channel.variables.set('record_seconds', String(Math.floor(samples / SAMPLE_RATE)));
  channel.variables.set('record_ms', String(Math.floor((samples * 1000) / SAMPLE_RATE)));
}

function recordingLayout(channel: Channel, own: ReadonlyMap<string, string>): Recording['layout'] {
  const isTrue = (name: string): boolean => {
    const value = own.get(name);
    return value === undefined ? channel.variables.isTrue(name) : isTrueText(value);
  };
  if (isTrue('RECORD_STEREO_SWAP')) return 'received-right';
  if (isTrue('RECORD_STEREO')) return 'received-left';
  if (isTrue('RECORD_READ_ONLY')) return 'received-only';
  return isTrue('RECORD_WRITE_ONLY') ? 'sent-only' : 'mono';
}

function limitRecording(
  channel: Channel,
  path: string,
  recording: Recording,
  limitSeconds: number,
): void {
  const timer = setTimeout(() => {
    // Another recording may have taken the path meanwhile.
    if (channel.audio.recordings.get(path) !== recording) return;
    void stopRecording(channel, path, 'success-maxtime');
  }, limitSeconds * 1000);
  channel.onDown(() => clearTimeout(timer));
}

function tellFailure(channel: Channel, error: unknown): void {
  const reason = error instanceof Error ? error.name : 'unknown';
  channel.context.log({
    level: 'error',
    message: 'recording cannot start',
    detail: { channel: channel.uuid, reason },
  });
  channel.variables.set('record_completion_cause', 'uri-failure');
  if (channel.variables.isTrue('RECORD_HANGUP_ON_ERROR'))
    channel.hangup('DESTINATION_OUT_OF_ORDER');
}
