import { parkChannel } from '../channel/park.ts';
import { connectOutbound } from '../event-socket/outbound.ts';
import type { Application } from './application.ts';

/**
 * `socket host:port [async] [full]`: connects this call to a program, which then says what happens to it. When
 * nobody is there the application ends, and with it the call (as recorded from a real server).
 */
export const socket: Application = async (channel, argument) => {
  const [target = '', ...flags] = argument.trim().split(/ +/);
  const connection = await connectOutbound(channel, target, {
    async: flags.includes('async'),
    full: flags.includes('full'),
  });
  if (connection === undefined || !channel.ready) return;
  await connection.connected;
  await parkChannel(channel);
};
