import { separate } from '../arguments.ts';
import type { Conference } from '../conference/conference.ts';
import type { Member } from '../conference/member.ts';
import type { MediaContext } from '../context.ts';
import { transferChannel } from '../dialplan.ts';
import type { ApiCommand } from './api-command.ts';
import { runMemberCommand } from './conference-members.ts';

type RoomCommand = (
  room: Conference,
  words: readonly string[],
) => string | undefined | Promise<string | undefined>;

/** What a room is told, with its syntax, which is the answer to one that cannot be read (conference_api.c). */
const ROOM_COMMANDS: ReadonlyMap<string, readonly [syntax: string, run: RoomCommand]> = new Map<
  string,
  readonly [string, RoomCommand]
>([
  ['list', ['[delim <string>]|[count]', list]],
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
  ['get', ['<parameter-name>', get]],
  [
    'set',
    [
      '<max_members|sound_prefix|caller_id_name|caller_id_number|endconference_grace_time> <value>',
      set,
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
    .map((room) => describeRoom(room) + (words[0] === 'summary' ? '' : list(room, words)))
    .join('');
}

function describeRoom(room: Conference): string {
  const flags = [...(room.locked ? ['locked'] : []), 'running', 'answered', 'dynamic'];
  if (room.recordings.size > 0) flags.push('recording');
  const members = `${room.size} member${room.size === 1 ? '' : 's'}`;
  return `+OK Conference ${room.name} (${members} rate: 8000${room.locked ? ' locked' : ''} flags: ${flags.join('|')})\n`;
}

function list(room: Conference, words: readonly string[]): string {
  if (words[0]?.toLowerCase() === 'count') return String(room.size);
  const delimiter =
    words[0]?.toLowerCase() === 'delim' ? (words[1] ?? ';').replaceAll('"', '') : ';';
  // Newest first, as FreeSWITCH keeps its members.
  return [...room.members.values()]
    .reverse()
    .map((member) => `${memberFields(room, member).join(delimiter)}\n`)
    .join('');
}

function memberFields(room: Conference, member: Member): string[] {
  const { profile, name, uuid } = member.channel;
  const flags: string[] = [];
  if (!member.onHold && member.canHear) flags.push('hear');
  if (!member.onHold && member.canSpeak) flags.push('speak');
  if (!member.onHold && member.talking) flags.push('talking');
  if (member.onHold) flags.push('hold');
  if (room.floorHolder === member) flags.push('floor');
  if (member.flags.moderator) flags.push('moderator');
  if (member.flags.ghost) flags.push('ghost');
  return [
    String(member.id),
    name,
    uuid,
    profile.callerIdName,
    profile.callerIdNumber ?? '',
    flags.join('|'),
    '0',
    '0',
    '100',
  ];
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

function memberNamed(room: Conference, word: string): Member | undefined {
  if (word.toLowerCase() === 'last') return [...room.members.values()].at(-1);
  return room.members.get(Number.parseInt(word, 10));
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

function recording(
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

function startRecord(room: Conference, path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  if (room.recordings.has(path))
    return `-ERR file [${path}] is already being used for recording.\n`;
  // FreeSWITCH answers at once; whether the file could be made comes by event.
  void room.record(path, path);
  return `+OK Record file ${path}\n`;
}

/** The count is 0 because FreeSWITCH counts before its recording threads have ended. */
async function stopRecord(room: Conference, path: string | undefined): Promise<string> {
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

function checkRecord(room: Conference): string {
  if (room.recordings.size === 0) return '-ERR Conference is not being recorded.\n';
  return [...room.recordings.keys()].map((path) => `+OK Record file ${path}\n`).join('');
}

function pauseRecord(room: Conference, path: string | undefined, on: boolean): string | undefined {
  if (path === undefined) return undefined;
  const found = room.recordings.get(path);
  if (found === undefined) return `-ERR non-existant recording '${path}'\n`;
  found.paused = on;
  return `+OK ${on ? 'Pause' : 'Resume'} recording file ${path}\n`;
}

function setLock(room: Conference, on: boolean): string {
  room.locked = on;
  room.announce('lock', { Action: on ? 'lock' : 'unlock' });
  return `+OK ${room.name} ${on ? 'locked' : 'unlocked'}\n`;
}

function setPin(room: Conference, [pin = '']: readonly string[]): string {
  room.pin = pin;
  return pin === ''
    ? `+OK Pin for conference ${room.name} deleted\n`
    : `+OK Pin for conference ${room.name} set: ${pin}\n`;
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

function get(room: Conference, [name = '']: readonly string[]): string | undefined {
  switch (name.toLowerCase()) {
    case 'run_time':
      return String(Math.floor((room.context.clock.nowMs() - room.startedMs) / 1000));
    case 'count':
      return String(room.size);
    case 'count_ghosts':
      return String([...room.members.values()].filter((member) => member.flags.ghost).length);
    case 'max_members':
      return String(room.maxMembers);
    case 'rate':
      return '8000';
    case 'profile_name':
      return room.profile;
    case 'is_locked':
      return room.locked ? 'locked' : '';
    case 'uuid':
      return room.uuid;
    case 'sound_prefix':
    case 'caller_id_name':
    case 'caller_id_number':
    case 'wait_mod':
      return room.variables.get(name.toLowerCase()) ?? '';
    case 'endconference_grace_time':
      return room.variables.get('endconference_grace_time') ?? '0';
    default:
      return undefined;
  }
}

/** Answers with the value before. */
function set(room: Conference, [name = '', value]: readonly string[]): string | undefined {
  if (value === undefined) return undefined;
  const key = name.toLowerCase();
  if (key === 'max_members') {
    const before = room.maxMembers;
    const members = Number.parseInt(value, 10);
    if (!(members >= 0)) return undefined;
    room.maxMembers = members;
    return String(before);
  }
  if (
    !['sound_prefix', 'caller_id_name', 'caller_id_number', 'endconference_grace_time'].includes(
      key,
    )
  )
    return undefined;
  const before = room.variables.get(key) ?? (key === 'endconference_grace_time' ? '0' : '');
  room.variables.set(key, value);
  return before;
}

function setVariable(
  room: Conference,
  [name = '', ...value]: readonly string[],
): string | undefined {
  if (name === '' || room.variables.size >= 1000) return undefined;
  room.variables.set(name, value.join(' '));
  return '+OK\n';
}
