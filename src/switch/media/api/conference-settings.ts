import type { Conference } from '../conference/conference.ts';

/** Lets nobody else in, or lets them in again. */
export function setLock(room: Conference, on: boolean): string {
  room.locked = on;
  room.announce('lock', { Action: on ? 'lock' : 'unlock' });
  return `+OK ${room.name} ${on ? 'locked' : 'unlocked'}\n`;
}

/** Asks for a pin; an empty one takes it off. */
export function setPin(room: Conference, [pin = '']: readonly string[]): string {
  room.pin = pin;
  return pin === ''
    ? `+OK Pin for conference ${room.name} deleted\n`
    : `+OK Pin for conference ${room.name} set: ${pin}\n`;
}

/** What a conference says of itself. */
export function getParameter(room: Conference, [name = '']: readonly string[]): string | undefined {
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

/** Sets what can be changed; answers with the value before. */
export function setParameter(
  room: Conference,
  [name = '', value]: readonly string[],
): string | undefined {
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

/** Sets a variable of the conference; at most 1000 of them. */
export function setVariable(
  room: Conference,
  [name = '', ...value]: readonly string[],
): string | undefined {
  if (name === '' || room.variables.size >= 1000) return undefined;
  room.variables.set(name, value.join(' '));
  return '+OK\n';
}
