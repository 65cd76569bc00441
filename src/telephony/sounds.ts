import { CallFailure } from '../domain/call/failure.ts';
import type { SoundName } from '../domain/ivr/sound-name.ts';
import { soundFolder, type Voice } from '../domain/ivr/voice.ts';

/** More parts than FreeSWITCH's `file_string` takes in one go (128) are never needed. */
const MAX_SOUNDS = 100;

/** FreeSWITCH's stream of music on hold: `local_stream` named `music`. */
export const MUSIC = 'local_stream://music';

/**
 * What FreeSWITCH is told to play for `sounds` of a voice, as one list: `file_string://a.wav!b.wav`.
 * `folder` holds the folders of all voices. Names are checked: a `!` or a blank in one would become
 * something else there.
 * @throws CallFailure
 */
export function playlist(folder: string, sounds: readonly SoundName[], voice: Voice): string {
  if (!/^[a-z]{2,8}(?:-[A-Za-z0-9]{1,8})?$/u.test(voice.language)) {
    throw new CallFailure('us', 'a language has a name that is not allowed');
  }
  if (sounds.length === 0 || sounds.length > MAX_SOUNDS) {
    throw new CallFailure('us', `can not play ${sounds.length} sounds at once`);
  }
  const files = sounds.map((sound) => {
    if (!/^[a-z]+\/[\w-]{1,100}$/u.test(sound)) {
      throw new CallFailure('us', 'a sound has a name that is not allowed');
    }
    return `${folder}/${soundFolder(voice)}/${sound}.wav`;
  });
  return files.length === 1 ? (files[0] ?? '') : `file_string://${files.join('!')}`;
}

/** Path of a recording as FreeSWITCH sees it. @throws CallFailure if the name could be a command */
export function recordingPath(folder: string, file: string): string {
  if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/u.test(file) || file.length > 200) {
    throw new CallFailure('us', 'a recording has a file name that is not allowed');
  }
  return `${folder}/${file}`;
}
