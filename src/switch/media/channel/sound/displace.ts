import type { Channel } from '../channel.ts';
import { resolveSoundPath } from './sound-path.ts';

/**
 * Plays a sound over what goes out to a channel: in its place, or mixed in with flag `m`
 * (switch_ivr_displace_session). It is heard while something is sent. False when it cannot be opened.
 */
export async function startDisplacement(
  channel: Channel,
  path: string,
  flags: string,
): Promise<boolean> {
  if (channel.audio.displacement !== undefined) return false;
  try {
    const source = await channel.context.sources.open(resolveSoundPath(channel, path));
    if (channel.down) {
      source.close();
      return false;
    }
    channel.audio.displacement = { path, source, mix: flags.includes('m') };
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    channel.context.log({
      level: 'warn',
      message: 'cannot displace',
      detail: { channel: channel.uuid, reason },
    });
    return false;
  }
}
