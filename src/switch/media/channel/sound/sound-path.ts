import { isAbsolute, join } from 'node:path';
import type { Channel } from '../channel.ts';

/**
 * A sound's name as the sources take it: names with `://` and absolute paths as they are, others below the
 * channel's `sound_prefix` or the server's sounds; a name without an extension is a WAV file.
 */
export function resolveSoundPath(channel: Channel, name: string): string {
  if (name.includes('://')) return name;
  const withoutParameters = name.replace(/^\{[^}]*\} */, '');
  const prefix =
    channel.variables.get('sound_prefix') ?? channel.context.globals.get('sounds_dir') ?? '/';
  const path = isAbsolute(withoutParameters) ? withoutParameters : join(prefix, withoutParameters);
  return /\.[A-Za-z0-9]+$/.test(path) ? path : `${path}.wav`;
}
