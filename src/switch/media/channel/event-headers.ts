import type { EslHeaderValue } from '../../../protocol/esl/event.ts';
import type { EventName } from '../../../protocol/esl/event-names.ts';
import { addProfileHeaders } from './caller-profile.ts';
import type { Channel } from './channel.ts';
import { CHANNEL_STATES } from './states.ts';

/** Events that carry a channel's variables (switch_channel_event_set_extended_data). */
const WITH_VARIABLES: ReadonlySet<EventName> = new Set<EventName>([
  'CHANNEL_CREATE',
  'CHANNEL_ORIGINATE',
  'CHANNEL_UUID',
  'CHANNEL_ANSWER',
  'CHANNEL_PARK',
  'CHANNEL_UNPARK',
  'CHANNEL_BRIDGE',
  'CHANNEL_UNBRIDGE',
  'CHANNEL_PROGRESS',
  'CHANNEL_PROGRESS_MEDIA',
  'CHANNEL_HANGUP',
  'CHANNEL_HANGUP_COMPLETE',
  'REQUEST_PARAMS',
  'CHANNEL_DATA',
  'CHANNEL_EXECUTE',
  'CHANNEL_EXECUTE_COMPLETE',
  'CHANNEL_DESTROY',
  'SESSION_HEARTBEAT',
  'API',
  'RECORD_START',
  'RECORD_STOP',
  'PLAYBACK_START',
  'PLAYBACK_STOP',
  'CALL_UPDATE',
  'MEDIA_BUG_START',
  'MEDIA_BUG_STOP',
  'CHANNEL_HOLD',
  'CHANNEL_UNHOLD',
  'TEXT',
]);

export function carriesVariables(name: EventName): boolean {
  return WITH_VARIABLES.has(name);
}

/** The headers FreeSWITCH puts into every event of a channel (switch_channel_event_set_basic_data). */
export function addChannelHeaders(headers: Map<string, EslHeaderValue>, channel: Channel): void {
  headers.set('Channel-State', channel.runningState);
  headers.set('Channel-Call-State', channel.callState);
  headers.set('Channel-State-Number', String(CHANNEL_STATES.indexOf(channel.state)));
  headers.set('Channel-Name', channel.name);
  headers.set('Unique-ID', channel.uuid);
  headers.set('Call-Direction', 'inbound');
  headers.set('Presence-Call-Direction', 'inbound');
  headers.set('Channel-HIT-Dialplan', 'true');
  headers.set('Channel-Call-UUID', channel.variables.get('call_uuid') ?? channel.uuid);
  headers.set('Answer-State', answerState(channel));
  if (channel.hangupCause !== undefined) headers.set('Hangup-Cause', channel.hangupCause);
  const codec = channel.variables.get('read_codec');
  if (codec !== undefined) addCodecHeaders(headers, codec);
  addProfileHeaders(headers, 'Caller', channel.profile);
  if (channel.otherLeg !== undefined) {
    headers.set('Other-Type', channel.otherLeg.type);
    addProfileHeaders(headers, 'Other-Leg', channel.otherLeg.profile);
  }
}

export function addVariableHeaders(headers: Map<string, EslHeaderValue>, channel: Channel): void {
  for (const [name, value] of channel.variables.entries()) headers.set(`variable_${name}`, value);
}

function answerState(channel: Channel): string {
  if (channel.down) return 'hangup';
  if (channel.answered) return 'answered';
  return channel.earlyMedia ? 'early' : 'ringing';
}

function addCodecHeaders(headers: Map<string, EslHeaderValue>, codec: string): void {
  for (const side of ['Read', 'Write']) {
    headers.set(`Channel-${side}-Codec-Name`, codec);
    headers.set(`Channel-${side}-Codec-Rate`, '8000');
    headers.set(`Channel-${side}-Codec-Bit-Rate`, '64000');
  }
}
