import { ORIGINS } from '../events/origins.ts';
import { causeNamed } from '../hangup-cause.ts';
import type { Channel } from './channel.ts';

/** Keeps a call with nothing to do until something is asked of it (switch_ivr_park). Nothing is sent meanwhile. */
export async function parkChannel(channel: Channel): Promise<void> {
  if (channel.parked) return;
  const timeout = readTimeout(channel);
  channel.parked = true;
  channel.announce('CHANNEL_PARK', ORIGINS.park);
  await channel.eachFrame(() => {
    channel.takeDigit();
    if (timeout === undefined || channel.context.clock.nowMs() < timeout.atMs) return undefined;
    channel.hangup(timeout.cause);
    return true;
  });
  channel.parked = false;
  channel.announce('CHANNEL_UNPARK', ORIGINS.unpark);
}

/** `park_timeout` is seconds, with an optional cause: `30:NO_ANSWER`. It holds for one parking. */
function readTimeout(
  channel: Channel,
): { atMs: number; cause: ReturnType<typeof causeNamed> } | undefined {
  const text = channel.variables.get('park_timeout');
  if (text === undefined) return undefined;
  channel.variables.set('park_timeout', undefined);
  channel.variables.set('park_after_bridge', undefined);
  const [seconds = '', cause = 'NORMAL_CLEARING'] = text.split(':');
  const waitSeconds = Number.parseInt(seconds, 10);
  if (Number.isNaN(waitSeconds) || waitSeconds < 0) return undefined;
  return { atMs: channel.context.clock.nowMs() + waitSeconds * 1000, cause: causeNamed(cause) };
}
