import type { AudioSource } from '../../../rtp/types.ts';
import { ORIGINS } from '../../events/origins.ts';
import type { Channel } from '../channel.ts';
import type { QueuedDigit } from '../digit-queue.ts';
import { resolveSoundPath } from './sound-path.ts';

/** FreeSWITCH reads files in blocks of this many samples, and counts playback in them when it ends early. */
const BLOCK_SAMPLES = 16_384;
const SAMPLE_RATE = 8000;
/** Files in one argument, as in FreeSWITCH. */
const MAX_FILES = 128;
const DEFAULT_PAUSE_MS = 250;

/** How playing ended; the names are FreeSWITCH's status words. */
export type PlayOutcome = 'success' | 'break' | 'not-found' | 'timeout' | 'false';

export interface PlayOptions {
  /** What a digit does: end the sound or not. Without it digits wait for whoever reads them later. */
  readonly onDigit?: (digit: QueuedDigit) => 'stop' | 'go-on';
  /** Samples to leave out at the beginning. */
  readonly startSamples?: number;
}

interface Playing {
  /** Samples of the files before; FreeSWITCH's last position counts on over a list. */
  samplesBefore: number;
  /** Samples until `playback_timeout_sec` is over. */
  timeoutSamples: number | undefined;
  readonly timeoutIsSuccess: boolean;
}

/** Plays one or several sounds to a channel (switch_ivr_play_file), with PLAYBACK_START and PLAYBACK_STOP for each. */
export async function playFile(
  channel: Channel,
  names: string,
  options: PlayOptions = {},
): Promise<PlayOutcome> {
  if (names === '') return 'false';
  const playing = readPlaying(channel);
  let outcome: PlayOutcome = 'success';
  const files = splitFiles(channel, names);
  for (const [index, file] of files.entries()) {
    if (!channel.ready) return 'false';
    if (index > 0 && (await pauseBetween(channel, options)) !== 'success') return 'break';
    const played = await playOne(
      channel,
      file,
      index === 0 ? options : withoutStart(options),
      playing,
    );
    outcome = played.outcome;
    if (played.stopAll) return outcome;
  }
  return outcome;
}

function readPlaying(channel: Channel): Playing {
  const seconds = Number.parseInt(channel.variables.get('playback_timeout_sec') ?? '', 10);
  return {
    samplesBefore: 0,
    // FreeSWITCH takes only values above one.
    timeoutSamples: seconds > 1 ? seconds * SAMPLE_RATE : undefined,
    timeoutIsSuccess: channel.variables.isTrue('playback_timeout_as_success'),
  };
}

function splitFiles(channel: Channel, names: string): string[] {
  const delimiter = channel.variables.get('playback_delimiter')?.[0];
  if (delimiter === undefined) return [names];
  return names.split(delimiter).slice(0, MAX_FILES);
}

function withoutStart(options: PlayOptions): PlayOptions {
  return options.onDigit === undefined ? {} : { onDigit: options.onDigit };
}

/** `playback_sleep_val` ms between two files. */
async function pauseBetween(channel: Channel, options: PlayOptions): Promise<PlayOutcome> {
  const text = Number.parseInt(channel.variables.get('playback_sleep_val') ?? '', 10);
  const pauseMs = text >= 0 ? text : DEFAULT_PAUSE_MS;
  return pauseMs === 0 ? 'success' : sleepOnChannel(channel, pauseMs, options);
}

/** Waits on a channel, sending nothing (switch_ivr_sleep). */
export async function sleepOnChannel(
  channel: Channel,
  waitMs: number,
  options: PlayOptions = {},
): Promise<PlayOutcome> {
  const endMs = channel.context.clock.nowMs() + waitMs;
  const outcome = await channel.eachFrame<PlayOutcome>(() => {
    if (channel.breakRequested !== undefined) {
      channel.breakRequested = undefined;
      return 'break';
    }
    if (digitStops(channel, options)) return 'break';
    return channel.context.clock.nowMs() >= endMs ? 'success' : undefined;
  });
  return outcome ?? 'false';
}

async function playOne(
  channel: Channel,
  name: string,
  options: PlayOptions,
  playing: Playing,
): Promise<{ outcome: PlayOutcome; stopAll: boolean }> {
  const source = await openSource(channel, name);
  if (source === undefined) return { outcome: 'not-found', stopAll: false };
  skipSamples(source, options.startSamples ?? 0);
  const skipped = source.samplesPlayed;
  const about = playbackHeaders(name);
  channel.announce('PLAYBACK_START', ORIGINS.playbackStart, about);
  const step = playStep(channel, source, options, playing);
  const result = await channel.eachFrame(step);
  // Hung up or sent elsewhere in the middle: FreeSWITCH calls that played.
  const ended = result ?? { outcome: 'success' as const, stopAll: true };
  const samples = source.samplesPlayed - skipped;
  source.close();
  setPlaybackVariables(channel, samples, result?.outcome === 'success');
  playing.samplesBefore += skipped + samples;
  channel.variables.set('playback_last_offset_pos', String(playing.samplesBefore));
  channel.announce('PLAYBACK_STOP', ORIGINS.playbackStop, {
    ...about,
    'Playback-Status': ended.outcome === 'break' ? 'break' : 'done',
  });
  return ended;
}

function playStep(channel: Channel, source: AudioSource, options: PlayOptions, playing: Playing) {
  return (): { outcome: PlayOutcome; stopAll: boolean } | undefined => {
    const wanted = channel.breakRequested;
    if (wanted !== undefined) {
      channel.breakRequested = undefined;
      return { outcome: 'break', stopAll: wanted === 'all' };
    }
    if (digitStops(channel, options)) return { outcome: 'break', stopAll: true };
    const frame = source.next();
    if (frame === undefined) return { outcome: 'success', stopAll: false };
    channel.audio.write(frame);
    if (playing.timeoutSamples === undefined) return undefined;
    playing.timeoutSamples -= frame.length;
    if (playing.timeoutSamples > 0) return undefined;
    return { outcome: playing.timeoutIsSuccess ? 'success' : 'timeout', stopAll: true };
  };
}

function digitStops(channel: Channel, options: PlayOptions): boolean {
  if (options.onDigit === undefined || channel.digits.size === 0) return false;
  const digit = channel.takeDigit();
  return digit !== undefined && options.onDigit(digit) === 'stop';
}

async function openSource(channel: Channel, name: string): Promise<AudioSource | undefined> {
  try {
    return await channel.context.sources.open(resolveSoundPath(channel, name));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    channel.context.log({
      level: 'warn',
      message: 'cannot play',
      detail: { channel: channel.uuid, reason },
    });
    return undefined;
  }
}

function skipSamples(source: AudioSource, samples: number): void {
  while (source.samplesPlayed < samples && source.next() !== undefined);
}

function playbackHeaders(name: string): Record<string, string> {
  const type = /^(local_stream|tone_stream):/i.exec(name)?.[1]?.toLowerCase();
  return type === undefined
    ? { 'Playback-File-Path': name }
    : { 'Playback-File-Type': type, 'Playback-File-Path': name };
}

/** After an early end FreeSWITCH counts whole blocks read from the file, not what was heard. */
function setPlaybackVariables(channel: Channel, samples: number, whole: boolean): void {
  const read = whole ? samples : Math.ceil(samples / BLOCK_SAMPLES) * BLOCK_SAMPLES;
  channel.variables.set('playback_seconds', String(Math.floor(read / SAMPLE_RATE)));
  channel.variables.set('playback_ms', String(Math.floor((read * 1000) / SAMPLE_RATE)));
  channel.variables.set('playback_samples', String(read));
}
