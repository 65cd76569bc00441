import type { EslHeaderValue } from '../../../protocol/esl/event.ts';
import { microseconds } from '../wall-clock.ts';

/** When things happened to a call, in ms since 1970; 0 is never. */
export interface CallTimes {
  profileCreatedMs: number;
  createdMs: number;
  answeredMs: number;
  progressMs: number;
  progressMediaMs: number;
  hangupMs: number;
  transferMs: number;
  resurrectMs: number;
  bridgedMs: number;
  lastHoldMs: number;
  holdAccumulatedMs: number;
}

/** What FreeSWITCH calls a caller profile: who calls whom on this channel. */
export interface CallerProfile {
  readonly callerIdName: string;
  readonly callerIdNumber: string | undefined;
  readonly networkAddress: string;
  readonly destinationNumber: string;
  readonly uniqueId: string;
  readonly channelName: string;
  readonly context: string;
  dialplan: string;
  transferSource: string | undefined;
  profileIndex: number;
  readonly times: CallTimes;
}

export function newCallTimes(nowMs: number): CallTimes {
  return {
    profileCreatedMs: nowMs,
    createdMs: nowMs,
    answeredMs: 0,
    progressMs: 0,
    progressMediaMs: 0,
    hangupMs: 0,
    transferMs: 0,
    resurrectMs: 0,
    bridgedMs: 0,
    lastHoldMs: 0,
    holdAccumulatedMs: 0,
  };
}

/** Adds a profile's headers under a prefix: `Caller`, `Other-Leg`, or `Channel` in the answer to connect. */
export function addProfileHeaders(
  headers: Map<string, EslHeaderValue>,
  prefix: string,
  profile: CallerProfile,
): void {
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') headers.set(`${prefix}-${name}`, value);
  };
  add('Direction', 'inbound');
  add('Logical-Direction', 'inbound');
  add('Dialplan', profile.dialplan);
  add('Caller-ID-Name', profile.callerIdName);
  add('Caller-ID-Number', profile.callerIdNumber);
  add('Orig-Caller-ID-Name', profile.callerIdName);
  add('Orig-Caller-ID-Number', profile.callerIdNumber);
  add('Network-Addr', profile.networkAddress);
  add('ANI', profile.callerIdNumber);
  add('Destination-Number', profile.destinationNumber);
  add('Unique-ID', profile.uniqueId);
  add('Source', 'mod_sofia');
  add('Transfer-Source', profile.transferSource);
  add('Context', profile.context);
  add('Channel-Name', profile.channelName);
  add('Profile-Index', String(profile.profileIndex));
  addTimes(add, profile.times);
  add('Screen-Bit', 'true');
  add('Privacy-Hide-Name', 'false');
  add('Privacy-Hide-Number', 'false');
}

function addTimes(add: (name: string, value: string) => void, times: CallTimes): void {
  add('Profile-Created-Time', microseconds(times.profileCreatedMs));
  add('Channel-Created-Time', microseconds(times.createdMs));
  add('Channel-Answered-Time', microseconds(times.answeredMs));
  add('Channel-Progress-Time', microseconds(times.progressMs));
  add('Channel-Progress-Media-Time', microseconds(times.progressMediaMs));
  add('Channel-Hangup-Time', microseconds(times.hangupMs));
  add('Channel-Transfer-Time', microseconds(times.transferMs));
  add('Channel-Resurrect-Time', microseconds(times.resurrectMs));
  add('Channel-Bridged-Time', microseconds(times.bridgedMs));
  add('Channel-Last-Hold', microseconds(times.lastHoldMs));
  add('Channel-Hold-Accum', microseconds(times.holdAccumulatedMs));
}
