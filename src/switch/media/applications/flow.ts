import type { Channel } from '../channel/channel.ts';
import { parkChannel } from '../channel/park.ts';
import { sleepOnChannel } from '../channel/sound/play-file.ts';
import { transferChannel } from '../dialplan.ts';
import { causeNamed } from '../hangup-cause.ts';
import type { Application } from './application.ts';

export const answer: Application = async (channel) => {
  if (!(await channel.signalling.answer())) channel.hangup('NORMAL_TEMPORARY_FAILURE');
};

export const park: Application = (channel) => parkChannel(channel);

/** `sleep ms`. Digits pressed meanwhile are read and lost, as in FreeSWITCH with `sleep_eat_digits`; else kept. */
export const sleep: Application = async (channel, argument) => {
  const waitMs = Number.parseInt(argument, 10);
  if (Number.isNaN(waitMs) || waitMs < 0) return;
  const eat = channel.variables.isTrue('sleep_eat_digits');
  await sleepOnChannel(channel, waitMs, eat ? { onDigit: () => 'go-on' } : {});
};

/** `hangup [cause]`. */
export const hangup: Application = (channel, argument) => {
  channel.hangup(argument.trim() === '' ? 'NORMAL_CLEARING' : causeNamed(argument));
};

/** `transfer extension [dialplan [context]]`. */
export const transfer: Application = (channel, argument) => {
  const [extension = '', dialplan, context] = argument.trim().split(/ +/);
  transferChannel(channel, extension, dialplan, context);
};

/** Sends back what it hears until the call ends or is sent elsewhere. */
export const echo: Application = async (channel) => {
  await channel.eachFrame((it) => {
    passDigits(it, it);
    if (!it.audio.receivedNothing) it.audio.write(it.audio.received);
    return it.breakRequested === undefined ? undefined : true;
  });
};

/** Keys pressed on one leg go out on another. */
export function passDigits(from: Channel, to: Channel): void {
  for (let digit = from.takeDigit(); digit !== undefined; digit = from.takeDigit()) {
    sendDigits(to, digit.digit, digit.durationMs);
  }
}

/** Sends digits on a leg; what cannot be sent is logged, without the digits. */
export function sendDigits(channel: Channel, digits: string, durationMs?: number): void {
  const options =
    durationMs === undefined ? {} : { durationMs: Math.min(8000, Math.max(40, durationMs)) };
  channel.audio.session.sendDigits(digits, options).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    channel.context.log({
      level: 'warn',
      message: 'digits not sent',
      detail: { channel: channel.uuid, reason },
    });
  });
}

/** Ends the sound that plays around it. */
export const breakPlayback: Application = (channel) => {
  channel.breakRequested = 'one';
};
