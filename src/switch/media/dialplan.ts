import type { Channel } from './channel/channel.ts';
import type { DialplanStep } from './channel/redirection.ts';

/** The user agent by which drachtio-fsmrf marks its calls. */
const FSMRF_USER_AGENT = /^drachtio-fsmrf:(.*)$/;

/** What every call begins with; the reasons stand in freeswitch/dialplan/mrf.xml. */
const CALL_VARIABLES: readonly string[] = [
  'hangup_after_conference=false',
  'hangup_after_bridge=false',
  'park_after_bridge=true',
  'enable_file_write_buffering=false',
  'RECORD_PRE_BUFFER_FRAMES=0',
  'media_timeout=1800000',
  'media_hold_timeout=7200000',
];

/** The context calls of the SIP profile come into. */
export const DIALPLAN_CONTEXT = 'mrf';

/**
 * What a call does first, as in the project's freeswitch/dialplan/mrf.xml: a call of drachtio-fsmrf is
 * answered and connected to the event socket its X-esl-outbound names. Undefined: nothing is known for it.
 */
export function mrfExtension(channel: Channel): DialplanStep[] | undefined {
  const userAgent = channel.variables.get('sip_user_agent') ?? '';
  const match = FSMRF_USER_AGENT.exec(userAgent);
  if (match === null) return undefined;
  channel.variables.set('DP_MATCH', [userAgent, match[1] ?? '']);
  return [
    ...CALL_VARIABLES.map((argument) => ({ application: 'set', argument })),
    { application: 'answer', argument: '' },
    { application: 'socket', argument: '${sip_h_X-esl-outbound} async full' },
  ];
}

/** Reads an inline extension: `app:argument,app:argument`, or with another separator `m:^:app:a^app:b`. */
export function readInlineExtension(text: string): DialplanStep[] {
  const marked = /^m:(.):(.*)$/.exec(text);
  const separator = marked?.[1] ?? ',';
  return (marked?.[2] ?? text)
    .split(separator)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .map((piece) => {
      const colon = piece.indexOf(':');
      if (colon === -1) return { application: piece, argument: '' };
      return { application: piece.slice(0, colon), argument: piece.slice(colon + 1) };
    });
}

/**
 * Sends a channel to another extension (switch_ivr_session_transfer). With no such extension the call ends
 * with NO_ROUTE_DESTINATION, as FreeSWITCH's routing does. False when the channel is down.
 */
export function transferChannel(
  channel: Channel,
  extension: string,
  dialplan = channel.profile.dialplan,
  context: string = channel.profile.context,
): boolean {
  if (channel.down) return false;
  noteTransfer(channel, extension, dialplan, context);
  const inline = dialplan.toLowerCase() === 'inline';
  const steps = inline ? readInlineExtension(extension) : routed(channel, context);
  if (steps === undefined || steps.length === 0) {
    channel.hangup('NO_ROUTE_DESTINATION');
    return true;
  }
  return channel.redirect({ kind: 'extension', steps });
}

function routed(channel: Channel, context: string): DialplanStep[] | undefined {
  return context === DIALPLAN_CONTEXT ? mrfExtension(channel) : undefined;
}

/** Leaves the trail FreeSWITCH leaves in variables: less forwards, history, source. */
function noteTransfer(
  channel: Channel,
  extension: string,
  dialplan: string,
  context: string,
): void {
  const { variables, profile } = channel;
  const nowMs = channel.context.clock.nowMs();
  const forwards = Number(variables.get('max_forwards') ?? '70') - 1;
  variables.set('max_forwards', String(forwards));
  const source = `${Math.floor(nowMs / 1000)}:${channel.context.ids.uuid()}:bl_xfer:${extension}/${context}/${dialplan}`;
  addTransferHistory(channel, source);
  profile.profileIndex++;
  profile.times.transferMs = nowMs;
  profile.transferSource = source;
}

/** Adds to `transfer_history` and sets `transfer_source`. */
export function addTransferHistory(channel: Channel, source: string): void {
  const before = channel.variables.get('transfer_history');
  const history = before === undefined ? [] : before.replace(/^ARRAY::/, '').split('|:');
  // A call that is moved about for ever must not grow its variables for ever.
  const kept = [...history, source].slice(-20);
  channel.variables.set('transfer_history', kept.length === 1 ? source : kept);
  channel.variables.set('transfer_source', source);
}

/** Whether any extension takes this call; asked before it is answered. */
export function hasExtension(userAgent: string): boolean {
  return FSMRF_USER_AGENT.test(userAgent);
}
