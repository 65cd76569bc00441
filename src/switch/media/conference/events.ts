import type { EventOrigin } from '../events/event-bus.ts';

const origin = (file: string, name: string, line: number): EventOrigin => ({
  file,
  function: name,
  line,
});

/** Where mod_conference sends its events from, as recorded from a real server. */
export const CONFERENCE_ORIGINS = {
  add: origin('conference_member.c', 'conference_member_add', 962),
  del: origin('conference_member.c', 'conference_member_del', 1355),
  floor: origin('conference_member.c', 'conference_member_set_floor_holder', 1158),
  talk: origin('conference_loop.c', 'conference_loop_input', 1154),
  dtmf: origin('conference_loop.c', 'conference_loop_output', 1570),
  mute: origin('conference_api.c', 'conference_api_sub_mute', 339),
  unmute: origin('conference_api.c', 'conference_api_sub_unmute', 492),
  deaf: origin('conference_api.c', 'conference_api_sub_deaf', 799),
  undeaf: origin('conference_api.c', 'conference_api_sub_undeaf', 841),
  hold: origin('conference_api.c', 'conference_api_sub_hold', 440),
  kick: origin('conference_api.c', 'conference_api_sub_kick', 902),
  hup: origin('conference_api.c', 'conference_api_sub_hup', 871),
  play: origin('conference_api.c', 'conference_api_sub_play', 2817),
  playMember: origin('conference_api.c', 'conference_api_sub_play', 2846),
  lock: origin('conference_api.c', 'conference_api_sub_lock', 3478),
  transfer: origin('conference_api.c', 'conference_api_sub_transfer', 3706),
  fileClose: origin('conference_file.c', 'conference_file_close', 52),
  recordStart: origin('conference_record.c', 'conference_record_thread_run', 319),
  recordStop: origin('conference_record.c', 'conference_record_thread_run', 427),
  create: origin('mod_conference.c', 'conference_new', 3120),
  destroy: origin('mod_conference.c', 'conference_thread_run', 640),
} as const;

export type ConferenceOriginName = keyof typeof CONFERENCE_ORIGINS;
