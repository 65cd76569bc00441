import type { Channel } from '../channel.ts';

/** Mutes what a channel is heard saying (`read`), what it hears (`write`), or `both`. False for any other word. */
export function setMute(channel: Channel, side: string, on: boolean): boolean {
  const wanted = side.toLowerCase();
  if (!['read', 'write', 'both'].includes(wanted)) return false;
  if (wanted !== 'write') channel.audio.receiveMuted = on;
  if (wanted !== 'read') channel.audio.sendMuted = on;
  return true;
}
