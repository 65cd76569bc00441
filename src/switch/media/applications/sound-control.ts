import { separate } from '../arguments.ts';
import { startDisplacement } from '../channel/sound/displace.ts';
import { setMute } from '../channel/sound/mute.ts';
import { isTrue } from '../channel/variables.ts';
import type { Application } from './application.ts';
import { sendDigits } from './flow.ts';

/** `set_mute read|write|both true|false`. */
export const setMuteApplication: Application = (channel, argument) => {
  const [side = '', level = ''] = argument.trim().split(/ +/);
  setMute(channel, side, isTrue(level));
};

/** Listens for digits as tones in the sound, besides RFC 4733. */
export const startDtmf: Application = (channel) => channel.audio.session.detectInband(true);

export const stopDtmf: Application = (channel) => channel.audio.session.detectInband(false);

/** `send_dtmf digits[@duration-ms]`. */
export const sendDtmf: Application = (channel, argument) => {
  const [digits = '', duration = ''] = argument.trim().split('@');
  const durationMs = Number.parseInt(duration, 10);
  sendDigits(channel, digits, Number.isNaN(durationMs) ? undefined : durationMs);
};

/** `queue_dtmf digits`: as if they had been pressed on this leg. */
export const queueDtmf: Application = (channel, argument) => {
  const [digits = '', duration = ''] = argument.trim().split('@');
  const durationMs = Number.parseInt(duration, 10) || 250;
  for (const digit of digits) {
    if (/[0-9A-D*#]/i.test(digit)) channel.digits.push({ digit, durationMs, source: 'APP' });
  }
};

export const flushDtmf: Application = (channel) => {
  channel.digits.flush();
};

/** `displace_session path [flags [+limit]]`; flag `m` mixes instead of replacing. */
export const displaceSession: Application = async (channel, argument) => {
  const [path = '', flags = ''] = separate(argument);
  await startDisplacement(channel, path, flags);
};

export const stopDisplaceSession: Application = (channel) => channel.audio.stopDisplacement();
