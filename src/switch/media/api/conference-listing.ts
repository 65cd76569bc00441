import type { Conference } from '../conference/conference.ts';
import type { Member } from '../conference/member.ts';

/** A conference in one line. */
export function describeRoom(room: Conference): string {
  const flags = [...(room.locked ? ['locked'] : []), 'running', 'answered', 'dynamic'];
  if (room.recordings.size > 0) flags.push('recording');
  const members = `${room.size} member${room.size === 1 ? '' : 's'}`;
  return `+OK Conference ${room.name} (${members} rate: 8000${room.locked ? ' locked' : ''} flags: ${flags.join('|')})\n`;
}

/** Members, one a line; or `count`, how many they are. */
export function listMembers(room: Conference, words: readonly string[]): string {
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
