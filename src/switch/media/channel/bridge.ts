import { passDigits } from '../applications/flow.ts';
import { addTransferHistory } from '../dialplan.ts';
import { ORIGINS } from '../events/origins.ts';
import type { Channel } from './channel.ts';

/** Two legs on their way to each other. */
interface Meeting {
  readonly originator: Channel;
  readonly originatee: Channel;
  readonly arrived: Set<Channel>;
  begin: (() => void) | undefined;
}

/**
 * Bridges two channels (switch_ivr_uuid_bridge): both leave what they do, meet, and hear each other until
 * one hangs up or is sent elsewhere. False when either is down.
 */
export function bridgeChannels(originator: Channel, originatee: Channel): boolean {
  if (originator === originatee || originator.down || originatee.down) return false;
  const meeting: Meeting = { originator, originatee, arrived: new Set(), begin: undefined };
  const met = new Promise<void>((resolve) => {
    meeting.begin = resolve;
  });
  setBridgeVariables(originator, originatee);
  originator.redirect({
    kind: 'bridge',
    run: () => takePart(meeting, met, originator, originatee),
  });
  originatee.redirect({
    kind: 'bridge',
    run: () => takePart(meeting, met, originatee, originator),
  });
  // Whoever hangs up before the other has come must not keep it waiting.
  originator.onDown(() => meeting.begin?.());
  originatee.onDown(() => meeting.begin?.());
  return true;
}

function setBridgeVariables(originator: Channel, originatee: Channel): void {
  const nowMs = originator.context.clock.nowMs();
  for (const [one, other] of [
    [originator, originatee],
    [originatee, originator],
  ] as const) {
    one.variables.setAll({
      bridge_channel: other.name,
      bridge_uuid: other.uuid,
      signal_bond: other.uuid,
      original_destination_number: one.profile.destinationNumber,
      original_caller_id_name: one.profile.callerIdName,
    });
    one.profile.profileIndex++;
    const source = `${Math.floor(nowMs / 1000)}:${one.context.ids.uuid()}:uuid_br:${other.uuid}`;
    addTransferHistory(one, source);
    one.profile.transferSource = source;
  }
  originator.otherLeg = { type: 'originatee', profile: originatee.profile };
  originatee.otherLeg = { type: 'originator', profile: originator.profile };
}

async function takePart(
  meeting: Meeting,
  met: Promise<void>,
  own: Channel,
  other: Channel,
): Promise<void> {
  meeting.arrived.add(own);
  if (meeting.arrived.size === 2) meeting.begin?.();
  await met;
  if (!own.ready || !other.ready) {
    if (own.ready) own.hangup('DESTINATION_OUT_OF_ORDER');
    return;
  }
  if (own === meeting.originator) announceBridge(own, other);
  own.bridgedTo = other;
  await exchangeSound(own, other);
  own.bridgedTo = undefined;
  own.variables.set('signal_bond', undefined);
  if (own === meeting.originator) announceUnbridge(own, other);
  own.otherLeg = undefined;
  whatNext(own);
}

function announceBridge(originator: Channel, originatee: Channel): void {
  originator.announce('CHANNEL_EXECUTE', ORIGINS.bridgeExecute, {
    Application: 'uuid_bridge',
    'Application-Data': originatee.uuid,
  });
  originatee.announce('CHANNEL_EXECUTE', ORIGINS.bridgeExecute, {
    Application: 'uuid_bridge',
    'Application-Data': originator.uuid,
  });
  const nowMs = originator.context.clock.nowMs();
  originator.profile.times.bridgedMs = nowMs;
  originatee.profile.times.bridgedMs = nowMs;
  originator.variables.set('last_bridge_to', originatee.uuid);
  originatee.variables.set('last_bridge_to', originator.uuid);
  originator.announce('CHANNEL_BRIDGE', ORIGINS.bridge, bridgeIds(originator, originatee));
}

function announceUnbridge(originator: Channel, originatee: Channel): void {
  originator.announce('CHANNEL_UNBRIDGE', ORIGINS.unbridge, bridgeIds(originator, originatee));
}

function bridgeIds(originator: Channel, originatee: Channel): Record<string, string> {
  return { 'Bridge-A-Unique-ID': originator.uuid, 'Bridge-B-Unique-ID': originatee.uuid };
}

/** One direction: what `own` says and presses goes to `other`. The other direction is the other leg's. */
async function exchangeSound(own: Channel, other: Channel): Promise<void> {
  await own.eachFrame(() => {
    if (!other.ready || other.bridgedTo !== own) return true;
    passDigits(own, other);
    if (!own.audio.receivedNothing && !own.onHold && !other.onHold)
      other.audio.write(own.audio.received);
    return undefined;
  });
}

/** After a bridge: parked when `park_after_bridge` says so, else hung up. */
function whatNext(channel: Channel): void {
  if (!channel.ready) return;
  if (channel.variables.isTrue('park_after_bridge')) channel.redirect({ kind: 'park' });
  else channel.hangup('NORMAL_CLEARING');
}
