import { bridgeChannels } from '../channel/bridge.ts';
import type { Application } from './application.ts';

/** `intercept uuid`: bridges this leg to another, which leaves whatever it does. */
export const intercept: Application = (channel, argument) => {
  const uuid = argument.trim().split(' ').at(-1) ?? '';
  const other = channel.context.channels.get(uuid);
  if (other === undefined || !bridgeChannels(channel, other)) {
    channel.context.log({
      level: 'warn',
      message: 'no channel to intercept',
      detail: { channel: channel.uuid },
    });
  }
};
