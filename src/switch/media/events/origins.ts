import type { EventOrigin } from './event-bus.ts';

const origin = (file: string, name: string, line: number): EventOrigin => ({
  file,
  function: name,
  line,
});

/** Where FreeSWITCH 1.11 sends these events from, as recorded from a real server. */
export const ORIGINS = {
  execute: origin('switch_core_session.c', 'switch_core_session_exec', 2949),
  executeComplete: origin('switch_core_session.c', 'switch_core_session_exec', 2972),
  bridgeExecute: origin('switch_ivr_bridge.c', 'uuid_bridge_on_soft_execute', 1243),
  playbackStart: origin('switch_ivr_play_say.c', 'switch_ivr_play_file', 1649),
  playbackStop: origin('switch_ivr_play_say.c', 'switch_ivr_play_file', 2023),
  callState: origin('switch_channel.c', 'switch_channel_perform_set_callstate', 302),
  state: origin('switch_channel.c', 'switch_channel_perform_set_running_state', 2422),
  create: origin('switch_core_state_machine.c', 'switch_core_session_run', 610),
  answer: origin('switch_channel.c', 'switch_channel_perform_mark_answered', 3956),
  progressMedia: origin('switch_channel.c', 'switch_channel_perform_mark_pre_answered', 3595),
  hangup: origin('switch_channel.c', 'switch_channel_perform_hangup', 3423),
  hangupComplete: origin('switch_core_state_machine.c', 'switch_core_session_reporting_state', 978),
  destroy: origin('switch_core_session.c', 'switch_core_session_perform_destroy', 1566),
  hold: origin('switch_channel.c', 'switch_channel_mark_hold', 2029),
  dtmf: origin('switch_channel.c', 'switch_channel_dequeue_dtmf', 678),
  park: origin('switch_ivr.c', 'switch_ivr_park', 1008),
  unpark: origin('switch_ivr.c', 'switch_ivr_park', 1208),
  bridge: origin('switch_ivr_bridge.c', 'switch_ivr_multi_threaded_bridge', 1673),
  unbridge: origin('switch_ivr_bridge.c', 'switch_ivr_multi_threaded_bridge', 1797),
  recordStart: origin('switch_ivr_async.c', 'send_record_start_event', 1225),
  recordStop: origin('switch_ivr_async.c', 'send_record_stop_event', 1250),
  detectedTone: origin('switch_ivr_async.c', 'tone_detect_callback', 4271),
  heartbeat: origin('switch_core.c', 'send_heartbeat', 95),
  backgroundJob: origin('mod_event_socket.c', 'api_exec', 1639),
  connect: origin('mod_event_socket.c', 'parse_command', 2029),
  sendEvent: origin('mod_event_socket.c', 'parse_command', 2190),
  dump: origin('mod_commands.c', 'uuid_dump_function', 6495),
} as const;
