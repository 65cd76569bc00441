import type { Channel } from '../channel/channel.ts';
import type { Conference } from '../conference/conference.ts';
import { type ConferenceTarget, readTarget } from '../conference/flags.ts';
import type { Member } from '../conference/member.ts';
import type { Application } from './application.ts';

/** `conference name[@profile][+[pin][+flags{mute|deaf|endconf|moderator|...}]]`: takes part until told to leave. */
export const conference: Application = async (channel, argument) => {
  const target = readTarget(argument);
  if (target.name === '') return;
  const room = findRoom(channel, target);
  if (room === undefined) return;
  const member = enter(room, channel, target);
  if (member === undefined) return;
  await takePart(room, member);
  leave(room, member);
};

/** Undefined when the conference is locked, full or does not exist for one who may only join. */
function findRoom(channel: Channel, target: ConferenceTarget): Conference | undefined {
  const { conferences } = channel.context;
  const room = conferences.get(target.name);
  if (room === undefined) {
    return conferences.create(channel.context, target.name, target.profile);
  }
  const full = room.maxMembers > 0 && room.size >= room.maxMembers;
  if (!room.locked && !full && (room.pin === '' || room.pin === target.pin)) return room;
  channel.context.log({
    level: 'info',
    message: 'conference refused',
    detail: { conference: room.uuid },
  });
  return undefined;
}

function enter(room: Conference, channel: Channel, target: ConferenceTarget): Member | undefined {
  const { variables, context } = channel;
  const member = room.add(channel, context.conferences.memberIdFor(channel), target.flags);
  variables.set('conference_name', room.name);
  variables.set('app_session_uuid', room.uuid);
  variables.set('conference_member_id', String(member.id));
  variables.set('conference_moderator', String(target.flags.moderator));
  variables.set('conference_ghost', String(target.flags.ghost));
  variables.set('conference_uuid', room.uuid);
  room.announceMember(member, 'add', { Action: 'add-member' });
  if (room.floorHolder === undefined) room.giveFloor(member);
  return member;
}

async function takePart(room: Conference, member: Member): Promise<void> {
  const { channel } = member;
  const work = async (): Promise<void> => {
    await channel.eachFrame((it) => {
      tellDigits(room, member);
      if (it.breakRequested !== undefined) it.breakRequested = undefined;
      return member.leaving !== undefined ? true : undefined;
    });
  };
  // FreeSWITCH does not read a member it hears nothing from, and so never comes to its queued commands.
  await channel.within(work, channel.variables.get('remote_audio_media_flow') === 'recvonly');
}

function tellDigits(room: Conference, member: Member): void {
  for (
    let digit = member.channel.takeDigit();
    digit !== undefined;
    digit = member.channel.takeDigit()
  ) {
    room.announceMember(member, 'dtmf', {
      Action: 'dtmf',
      'DTMF-Key': digit.digit,
      Data: digit.digit,
    });
  }
}

function leave(room: Conference, member: Member): void {
  const { channel } = member;
  room.remove(member);
  room.announceMember(member, 'del', { Action: 'del-member' });
  // Only the end of a conference ends its calls, and only `false` keeps them from it; a kicked member stays.
  const keeps = channel.variables.get('hangup_after_conference')?.toLowerCase() === 'false';
  if (member.leaving === 'ended' && !keeps && channel.ready) channel.hangup('NORMAL_CLEARING');
}
