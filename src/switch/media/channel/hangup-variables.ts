import { causeNumber } from '../hangup-cause.ts';
import { microseconds } from '../wall-clock.ts';
import type { Channel } from './channel.ts';
import { setMediaStatistics } from './statistics.ts';

/** What FreeSWITCH leaves for call records once a call is over (switch_channel_set_timestamps). */
export function setHangupVariables(channel: Channel): void {
  const { variables, profile, hangupCause } = channel;
  const { times } = profile;
  setMediaStatistics(channel);
  const cause = hangupCause ?? 'NONE';
  variables.setAll({ hangup_cause: cause, hangup_cause_q850: String(causeNumber(cause)) });
  setStamps(channel, 'start', times.createdMs);
  setStamps(channel, 'answer', times.answeredMs);
  setStamps(channel, 'bridge', times.bridgedMs);
  setStamps(channel, 'end', times.hangupMs);
  setLength(channel, 'duration', 'mduration', 'uduration', times.createdMs, times.hangupMs);
  setLength(channel, 'billsec', 'billmsec', 'billusec', times.answeredMs, times.hangupMs);
  setLength(channel, 'answersec', 'answermsec', 'answerusec', times.createdMs, times.answeredMs);
}

/** `start_stamp`, `start_epoch`, `start_uepoch`; no stamp for what never happened. */
function setStamps(channel: Channel, name: string, atMs: number): void {
  channel.variables.setAll({
    [`${name}_stamp`]: atMs === 0 ? undefined : localStamp(new Date(atMs)),
    [`${name}_epoch`]: String(Math.floor(atMs / 1000)),
    [`${name}_uepoch`]: microseconds(atMs),
  });
}

/** A span in seconds, milliseconds and microseconds; 0 when it did not begin. */
function setLength(
  channel: Channel,
  seconds: string,
  milliseconds: string,
  micros: string,
  fromMs: number,
  toMs: number,
): void {
  const spanMs = fromMs === 0 || toMs === 0 ? 0 : Math.max(0, toMs - fromMs);
  channel.variables.setAll({
    [seconds]: String(Math.floor(spanMs / 1000)),
    [milliseconds]: String(Math.floor(spanMs)),
    [micros]: microseconds(spanMs),
  });
}

function localStamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
