import type { Conference } from '../conference/conference.ts';

/** `recording start|stop|check|pause|resume`, or a path alone, which starts one. */
export function recording(
  room: Conference,
  [action = '', path]: readonly string[],
): string | undefined | Promise<string> {
  switch (action.toLowerCase()) {
    case 'start':
      return startRecord(room, path);
    case 'stop':
      return stopRecord(room, path ?? 'all');
    case 'check':
      return checkRecord(room);
    case 'pause':
      return pauseRecord(room, path, true);
    case 'resume':
      return pauseRecord(room, path, false);
    default:
      return path === undefined ? startRecord(room, action) : undefined;
  }
}

/** Begins a recording of all that is heard. */
export function startRecord(room: Conference, path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  if (room.recordings.has(path))
    return `-ERR file [${path}] is already being used for recording.\n`;
  // FreeSWITCH answers at once; whether the file could be made comes by event.
  void room.record(path, path);
  return `+OK Record file ${path}\n`;
}

/** Ends one recording or `all`. The count is 0 because FreeSWITCH counts before its recording threads have ended. */
export async function stopRecord(room: Conference, path: string | undefined): Promise<string> {
  if (path === undefined) return 'norecord <[filename|all]>';
  const paths = path.toLowerCase() === 'all' ? [...room.recordings.keys()] : [path];
  let out = '';
  for (const each of paths) {
    const known = room.recordings.has(each);
    if (known) void room.stopRecording(each);
    out += known ? `Stopped recording file ${each}\n` : `-ERR non-existant recording '${each}'\n`;
  }
  return `${out}+OK Stopped recording 0 files\n`;
}

/** Paths of the recordings under way. */
export function checkRecord(room: Conference): string {
  if (room.recordings.size === 0) return '-ERR Conference is not being recorded.\n';
  return [...room.recordings.keys()].map((path) => `+OK Record file ${path}\n`).join('');
}

/** Leaves out what is said, or takes it again. */
export function pauseRecord(
  room: Conference,
  path: string | undefined,
  on: boolean,
): string | undefined {
  if (path === undefined) return undefined;
  const found = room.recordings.get(path);
  if (found === undefined) return `-ERR non-existant recording '${path}'\n`;
  found.paused = on;
  return `+OK ${on ? 'Pause' : 'Resume'} recording file ${path}\n`;
}
