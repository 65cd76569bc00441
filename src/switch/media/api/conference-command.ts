import { separate } from '../arguments.ts';
import type { Conference } from '../conference/conference.ts';
import type { MediaContext } from '../context.ts';
import { transferChannel } from '../dialplan.ts';
import type { ApiCommand } from './api-command.ts';
import { describeRoom, listMembers } from './conference-listing.ts';
import { memberNamed, runMemberCommand } from './conference-members.ts';
import {
  checkRecord,
  pauseRecord,
  recording,
  startRecord,
  stopRecord,
} from './conference-recording.ts';
import { getParameter, setLock, setParameter, setPin, setVariable } from './conference-settings.ts';

type RoomCommand = (
  room: Conference,
  words: readonly string[],
) => string | undefined | Promise<string | undefined>;

/** What a room is told, with its syntax, which is the answer to one that cannot be read (conference_api.c). */
const ROOM_COMMANDS: ReadonlyMap<string, readonly [syntax: string, run: RoomCommand]> = new Map<
  string,
  readonly [string, RoomCommand]
>([
  ['list', ['[delim <string>]|[count]', listMembers]],
  ['count', ['', (room) => String(room.size)]],
  ['play', ['<file_path> [async|<member_id> [nomux]]', play]],
  ['stop', ['<[current|all|async|last]> [<member_id>]', stop]],
  ['record', ['<filename>', (room, [path]) => startRecord(room, path)]],
  ['norecord', ['<[filename|all]>', (room, [path]) => stopRecord(room, path)]],
  ['recording', ['[start|stop|check|pause|resume] [<filename>|all]', recording]],
  ['chkrecord', ['<confname>', (room) => checkRecord(room)]],
  ['pause', ['<filename>', (room, [path]) => pauseRecord(room, path, true)]],
  ['resume', ['<filename>', (room, [path]) => pauseRecord(room, path, false)]],
  ['lock', ['', (room) => setLock(room, true)]],
  ['unlock', ['', (room) => setLock(room, false)]],
  ['pin', ['<pin#>', setPin]],
  ['nopin', ['', (room) => setPin(room, [])]],
  ['transfer', ['<conference_name> <member id> [...<member id>]', transfer]],
  ['get', ['<parameter-name>', getParameter]],
  [
    'set',
    [
      '<max_members|sound_prefix|caller_id_name|caller_id_number|endconference_grace_time> <value>',
      setParameter,
    ],
  ],
  ['getvar', ['<varname>', (room, [name = '']) => room.variables.get(name) ?? '_undef_']],
  ['setvar', ['<varname> <value>', setVariable]],
  ['say', ['<text>', () => '-ERR (say) Error!\n']],
  ['saymember', ['<member_id> <text>', () => '-ERR (saymember) Error!\n']],
  [
    'dial',
    ['<endpoint_module_name>/<destination> <callerid number> <callerid name>', () => DIAL_REFUSED],
  ],
  [
    'bgdial',
    ['<endpoint_module_name>/<destination> <callerid number> <callerid name>', () => DIAL_REFUSED],
  ],
]);

/** This server makes no calls of its own; the answer is FreeSWITCH's for a destination that cannot be had. */
const DIAL_REFUSED = '+OK Call Requested: result: [CHAN_NOT_IMPLEMENTED]\n';

/** `conference <name> <command> ...`, `conference list`. */
export const conferenceCommand: ApiCommand = async (context, argument) => {
  const [name = '', command, ...words] = separate(argument);
  const room = context.conferences.get(name);
  if (room === undefined) return withoutRoom(context, name, command, words);
  if (command === undefined) return "Conference command, not specified.\nTry 'help'\n";
  return runInRoom(room, command, words);
};

async function runInRoom(
  room: Conference,
  command: string,
  words: readonly string[],
): Promise<string> {
  const lower = command.toLowerCase();
  const forMember = runMemberCommand(room, lower, words);
  if (forMember !== undefined) return forMember;
  const found = ROOM_COMMANDS.get(lower);
  if (found === undefined) return `-ERR Conference command '${command}' not found.\n`;
  const [syntax, run] = found;
  return (await run(room, words)) ?? `${lower} ${syntax}`;
}

function withoutRoom(
  context: MediaContext,
  name: string,
  command: string | undefined,
  words: readonly string[],
): string {
  const lower = name.toLowerCase();
  if (lower === 'list' || lower === 'count')
    return listAll(context, lower, command === undefined ? words : [command, ...words]);
  if (lower === '' || lower === 'help' || lower === 'commands') {
    return [...ROOM_COMMANDS]
      .map(([word, [syntax]]) => `conference <confname> ${word} ${syntax}\n`)
      .join('');
  }
  if (command?.toLowerCase() === 'dial' || command?.toLowerCase() === 'bgdial') return DIAL_REFUSED;
  return `-ERR Conference ${name} not found\n`;
}

function listAll(context: MediaContext, what: string, words: readonly string[]): string {
  const rooms = [...context.conferences.values()];
  if (what === 'count') return String(rooms.reduce((sum, room) => sum + room.size, 0));
  if (rooms.length === 0) return '+OK No active conferences.\n';
  return rooms
    .map((room) => describeRoom(room) + (words[0] === 'summary' ? '' : listMembers(room, words)))
    .join('');
}

async function play(room: Conference, words: readonly string[]): Promise<string | undefined> {
  const [file, target] = words;
  if (file === undefined) return undefined;
  const isAsync = target?.toLowerCase() === 'async';
  if (target !== undefined && !isAsync) return playToMember(room, file, target);
  if (!(await room.play(file, file))) return `-ERR (play) File: ${file} not found.\n`;
  room.announce('play', { Action: 'play-file', File: file, Async: String(isAsync) });
  return `+OK (play) Playing file ${file}\n`;
}

async function playToMember(room: Conference, file: string, target: string): Promise<string> {
  const member = memberNamed(room, target);
  if (member === undefined) return `-ERR Member: ${target} not found.\n`;
  if (!(await room.playTo(member, file))) return `-ERR (play) File: ${file} not found.\n`;
  room.announceMember(member, 'playMember', { Action: 'play-file-member', File: file });
  return `+OK (play) Playing file ${file} to member ${member.id}\n`;
}

function stop(room: Conference, [which = 'all', target]: readonly string[]): string | undefined {
  const what = which.toLowerCase();
  if (what !== 'current' && what !== 'all' && what !== 'async') return undefined;
  const extent = what === 'current' ? 'current' : 'all';
  if (target === undefined) return `+OK Stopped ${room.stopFiles(extent)} files.\n`;
  const member = memberNamed(room, target);
  if (member === undefined) return `-ERR Member: ${target} not found.\n`;
  return `+OK Stopped ${member.stopSounds(extent)} files.\n`;
}

function transfer(room: Conference, [target, ...ids]: readonly string[]): string | undefined {
  if (target === undefined || ids.length === 0) return undefined;
  let out = '';
  for (const id of ids) {
    const member = memberNamed(room, id);
    if (member === undefined) {
      out += `-ERR No Member ${id} in conference ${room.name}.\n`;
      continue;
    }
    transferChannel(member.channel, `conference:${target}`, 'inline');
    out += `+OK Member '${member.id}' sent to conference ${target}.\n`;
    room.announceMember(
      member,
      'transfer',
      { Action: 'transfer' },
      { 'Old-Conference-Name': room.name, 'New-Conference-Name': target },
    );
  }
  return out;
}
