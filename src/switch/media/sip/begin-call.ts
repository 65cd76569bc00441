import { parseAddress } from '../../../protocol/sip/address.ts';
import { header } from '../../../protocol/sip/headers.ts';
import type { SipRequest } from '../../../protocol/sip/message.ts';
import { PortsExhaustedError } from '../../rtp/errors.ts';
import type { RtpSession } from '../../rtp/types.ts';
import type { ServerTransaction } from '../../sip/transactions.ts';
import { type CallerProfile, newCallTimes } from '../channel/caller-profile.ts';
import { Channel } from '../channel/channel.ts';
import { runCall } from '../channel/thread.ts';
import type { MediaContext } from '../context.ts';
import { DIALPLAN_CONTEXT, mrfExtension } from '../dialplan.ts';
import { ORIGINS } from '../events/origins.ts';
import type { SipCall } from './call.ts';
import { CallMedia } from './call-media.ts';
import { type LocalDescription, readRemote } from './description.ts';
import { readParty, setInviteVariables } from './invite-variables.ts';
import type { SipProfile } from './profile.ts';

/**
 * Makes a channel for an INVITE and sends it into the dialplan: at once when the INVITE brings an offer, after
 * the ACK when that is to bring the answer to ours (third-party call control, RFC 3725).
 */
export async function beginCall(
  context: MediaContext,
  profile: SipProfile,
  call: SipCall,
  transaction: ServerTransaction,
): Promise<void> {
  const { message: request } = transaction.received;
  const remote = request.body.length === 0 ? undefined : readRemote(request.body);
  if (request.body.length > 0 && remote === undefined) {
    call.refuse(488, 'INCOMPATIBLE_DESTINATION');
    return;
  }
  const rtp = await openRtp(context, call);
  if (rtp === undefined) return;
  const channel = newChannel(context, profile, call, transaction, rtp);
  const media = new CallMedia(channel, localDescription(context, profile, rtp));
  call.channel = channel;
  call.media = media;
  context.channels.add(channel);
  channel.enter('CS_NEW');
  channel.enter('CS_INIT');
  channel.state = 'CS_ROUTING';
  channel.announce('CHANNEL_CREATE', ORIGINS.create);
  const start = (): void => startCall(context, channel);
  if (remote === undefined) {
    call.onAgreed = start;
    // A call that never gets its answer still has to end like any other.
    const unsubscribe = channel.onDown(() => {
      if (call.onAgreed === undefined) return;
      call.onAgreed = undefined;
      start();
    });
    channel.onEnded(unsubscribe);
    call.accept(media.offer(), true);
    return;
  }
  call.pendingAnswer = media.answer(remote, request.body.toString());
  start();
}

function startCall(context: MediaContext, channel: Channel): void {
  const steps = mrfExtension(channel) ?? [];
  runCall(channel, steps).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    context.log({
      level: 'error',
      message: 'call failed',
      detail: { channel: channel.uuid, reason },
    });
    channel.hangup('DESTINATION_OUT_OF_ORDER');
    context.channels.remove(channel);
    channel.audio.session.close();
    channel.ended();
  });
}

/** Refuses the call with 503 when every port is taken. */
async function openRtp(context: MediaContext, call: SipCall): Promise<RtpSession | undefined> {
  try {
    return await context.openRtp();
  } catch (error) {
    if (!(error instanceof PortsExhaustedError)) throw error;
    context.log({ level: 'error', message: error.message });
    call.refuse(503, 'NORMAL_CIRCUIT_CONGESTION');
    return undefined;
  }
}

function newChannel(
  context: MediaContext,
  profile: SipProfile,
  call: SipCall,
  transaction: ServerTransaction,
  rtp: RtpSession,
): Channel {
  const { message: request, source, local } = transaction.received;
  const channel = new Channel({
    context,
    sessionId: context.channels.nextSessionId(),
    profile: callerProfile(context, profile, request, source.address),
    rtp,
    signalling: call,
  });
  setInviteVariables(channel, request, {
    source,
    local: { ...local, port: profile.local.port },
    profile: profile.name,
  });
  return channel;
}

function callerProfile(
  context: MediaContext,
  profile: SipProfile,
  request: SipRequest,
  networkAddress: string,
): CallerProfile {
  const fromValue = header(request, 'From') ?? '';
  const from = readParty(fromValue);
  const anonymous = from.user === 'nobody';
  return {
    callerIdName: parseAddress(fromValue).displayName || (anonymous ? 'unknown' : from.user),
    callerIdNumber: anonymous ? undefined : from.user,
    networkAddress,
    destinationNumber: readParty(request.uri).user,
    uniqueId: context.ids.uuid(),
    channelName: `sofia/${profile.name}/${from.address}`,
    context: DIALPLAN_CONTEXT,
    dialplan: 'XML',
    transferSource: undefined,
    profileIndex: 1,
    times: newCallTimes(context.clock.nowMs()),
  };
}

function localDescription(
  context: MediaContext,
  profile: SipProfile,
  rtp: RtpSession,
): LocalDescription {
  return {
    // FreeSWITCH: the time in seconds less the port.
    sessionId: Math.floor(context.clock.nowMs() / 1000) - rtp.localPort,
    originAddress: context.identity.ipv4,
    mediaAddress: profile.mediaAddress,
    port: rtp.localPort,
  };
}
