import type { ApplicationTable } from './application.ts';
import { conference } from './conference.ts';
import { playAndGetDigits, read } from './digits.ts';
import { answer, breakPlayback, echo, hangup, park, sleep, transfer } from './flow.ts';
import { intercept } from './intercept.ts';
import { loopPlayback, playback } from './playback.ts';
import { record, recordSession, stopRecordSession } from './recording.ts';
import { socket } from './socket.ts';
import {
  displaceSession,
  flushDtmf,
  queueDtmf,
  sendDtmf,
  setMuteApplication,
  startDtmf,
  stopDisplaceSession,
  stopDtmf,
} from './sound-control.ts';
import { phrase, say, speak } from './speech.ts';
import { stopToneDetect, toneDetect } from './tone-detect.ts';
import { exportVariable, multiset, multiunset, set, unset } from './variables.ts';

/** What FreeSWITCH does and this server need not: it is done when nothing happens. */
const nothing = (): void => undefined;

/** Every application this server knows, by FreeSWITCH's name. */
export const APPLICATIONS: ApplicationTable = new Map([
  ['answer', answer],
  ['pre_answer', nothing],
  ['park', park],
  ['sleep', sleep],
  ['hangup', hangup],
  ['transfer', transfer],
  ['echo', echo],
  ['break', breakPlayback],
  ['playback', playback],
  ['endless_playback', (channel, argument) => loopPlayback(channel, `inf ${argument}`)],
  ['loop_playback', loopPlayback],
  ['play_and_get_digits', playAndGetDigits],
  ['read', read],
  ['say', say],
  ['speak', speak],
  ['phrase', phrase],
  ['record', record],
  ['record_session', recordSession],
  ['stop_record_session', stopRecordSession],
  ['conference', conference],
  ['intercept', intercept],
  ['socket', socket],
  ['set', set],
  ['multiset', multiset],
  ['unset', unset],
  ['multiunset', multiunset],
  ['export', exportVariable],
  ['set_mute', setMuteApplication],
  ['start_dtmf', startDtmf],
  ['stop_dtmf', stopDtmf],
  ['send_dtmf', sendDtmf],
  ['queue_dtmf', queueDtmf],
  ['flush_dtmf', flushDtmf],
  ['displace_session', displaceSession],
  ['stop_displace_session', stopDisplaceSession],
  ['tone_detect', toneDetect],
  ['stop_tone_detect', stopToneDetect],
  ['log', nothing],
  ['info', nothing],
  ['verbose_events', nothing],
]);
