import type { Log } from '../../engine/ports.ts';
import type { MessageProvider } from './provider.ts';

/** Sends nothing: a line in the log, without number and text, in place of each message. */
export function logProvider(log: Log): MessageProvider {
  return {
    name: 'log',
    send: async ({ reference, text }) => {
      log.info('text message: would be sent', { reference, characters: text.length });
      return 'taken';
    },
  };
}
