import { sendDigits } from '../applications/flow.ts';
import type { Conference } from '../conference/conference.ts';
import type { Member } from '../conference/member.ts';

/** What is done to one member; the answer has a line for it. */
type MemberCommand = (room: Conference, member: Member, argument: string) => string;

const SYNTAX = '<[member_id|all]|last|non_moderator>';

/** `conference <name> <command> <member> ...` with the syntax shown when no member is named. */
const MEMBER_COMMANDS: ReadonlyMap<string, { syntax: string; run: MemberCommand }> = new Map([
  ['mute', { syntax: `${SYNTAX} [<quiet>]`, run: (room, member) => setSpeak(room, member, false) }],
  [
    'unmute',
    { syntax: `${SYNTAX} [<quiet>]`, run: (room, member) => setSpeak(room, member, true) },
  ],
  [
    'tmute',
    {
      syntax: `${SYNTAX} [<quiet>]`,
      run: (room, member) => setSpeak(room, member, !member.canSpeak),
    },
  ],
  ['deaf', { syntax: SYNTAX, run: (room, member) => setHear(room, member, false) }],
  ['undeaf', { syntax: SYNTAX, run: (room, member) => setHear(room, member, true) }],
  ['hold', { syntax: `${SYNTAX} [file]`, run: (room, member) => setHold(room, member, true) }],
  ['unhold', { syntax: SYNTAX, run: (room, member) => setHold(room, member, false) }],
  ['kick', { syntax: '<[member_id|all|last|non_moderator]> [<optional sound file>]', run: kick }],
  ['hup', { syntax: '<[member_id|all|last|non_moderator]>', run: hup }],
  ['dtmf', { syntax: '<[member_id|all|last|non_moderator]> <digits>', run: dtmf }],
  ['vmute', { syntax: `${SYNTAX} [<quiet>]`, run: (_room, member) => `+OK vmute ${member.id}\n` }],
  [
    'unvmute',
    { syntax: `${SYNTAX} [<quiet>]`, run: (_room, member) => `+OK unvmute ${member.id}\n` },
  ],
  ['vmute-snap', { syntax: SYNTAX, run: () => '-ERR Conference is not in mixing mode\n' }],
  [
    'energy',
    {
      syntax: '<member_id|all|last|non_moderator> [<newval>]',
      run: (_room, member) => `Energy ${member.id} = 100\n`,
    },
  ],
  [
    'volume_in',
    {
      syntax: '<member_id|all|last|non_moderator> [<newval>]',
      run: (_room, member) => `+OK Volume IN ${member.id} = 0\n`,
    },
  ],
  [
    'volume_out',
    {
      syntax: '<member_id|all|last|non_moderator> [<newval>]',
      run: (_room, member) => `+OK Volume OUT ${member.id} = 0\n`,
    },
  ],
  [
    'agc',
    {
      syntax: '<member_id|all|last|non_moderator> [<newval>]',
      run: (_room, member) => `Agc ${member.id} = 0\n`,
    },
  ],
  ['floor', { syntax: '<member_id|last>', run: toggleFloor }],
  ['get-uuid', { syntax: '<member_id|last>', run: (_room, member) => member.channel.uuid }],
]);

function setSpeak(room: Conference, member: Member, on: boolean): string {
  member.canSpeak = on;
  if (!on) member.talking = false;
  const name = on ? 'unmute' : 'mute';
  room.announceMember(member, name, { Action: `${name}-member` });
  return `+OK ${name} ${member.id}\n`;
}

function setHear(room: Conference, member: Member, on: boolean): string {
  member.canHear = on;
  const name = on ? 'undeaf' : 'deaf';
  room.announceMember(member, name, { Action: `${name}-member` });
  return `+OK ${name} ${member.id}\n`;
}

function setHold(room: Conference, member: Member, on: boolean): string {
  member.onHold = on;
  const name = on ? 'hold' : 'unhold';
  room.announceMember(member, 'hold', { Action: `${name}-member` });
  return `+OK ${name} ${member.id}\n`;
}

function kick(room: Conference, member: Member): string {
  member.leaving = 'kicked';
  room.announceMember(member, 'kick', { Action: 'kick-member' });
  return `+OK kicked ${member.id}\n`;
}

function hup(room: Conference, member: Member): string {
  member.leaving = 'kicked';
  room.announceMember(member, 'hup', { Action: 'hup-member' });
  return `+OK hup ${member.id}\n`;
}

function dtmf(_room: Conference, member: Member, digits: string): string {
  if (digits === '') return '-ERR Invalid input!\n';
  sendDigits(member.channel, digits);
  return `+OK sent ${digits} to ${member.id}\n`;
}

function toggleFloor(room: Conference, member: Member): string {
  if (room.floorHolder === member) {
    room.giveFloor(undefined);
    return '+OK floor none\n';
  }
  if (room.floorHolder !== undefined) return `-ERR floor is held by ${room.floorHolder.id}\n`;
  room.giveFloor(member);
  return `+OK floor ${member.id}\n`;
}

/** Runs a command for the member or members named. */
export function runMemberCommand(
  room: Conference,
  name: string,
  words: readonly string[],
): string | undefined {
  const command = MEMBER_COMMANDS.get(name);
  if (command === undefined) return undefined;
  const [who = '', argument = ''] = words;
  const run = (member: Member): string => command.run(room, member, argument);
  // Newest first, as FreeSWITCH keeps its members.
  const members = [...room.members.values()].reverse();
  if (who.toLowerCase() === 'all') return members.map(run).join('') || '\n';
  if (who.toLowerCase() === 'non_moderator') {
    return (
      members
        .filter((member) => !member.flags.moderator)
        .map(run)
        .join('') || '\n'
    );
  }
  if (who.toLowerCase() === 'last') {
    const last = members.reduce<Member | undefined>(
      (top, it) => (top === undefined || it.id > top.id ? it : top),
      undefined,
    );
    return last === undefined ? '\n' : run(last);
  }
  const id = Number.parseInt(who, 10);
  if (!(id > 0)) return `${name} ${command.syntax}`;
  const member = room.members.get(id);
  return member === undefined ? `-ERR Non-Existant ID ${id}\n` : run(member);
}

/** The member whose id a word is, or the `last` one that came in. */
export function memberNamed(room: Conference, word: string): Member | undefined {
  if (word.toLowerCase() === 'last') return [...room.members.values()].at(-1);
  return room.members.get(Number.parseInt(word, 10));
}
