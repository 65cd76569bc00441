import type { Channel } from '../channel/channel.ts';

/**
 * What an application does with a channel. It comes back when it is done or the channel is no longer
 * ready; its result, if any, is left in channel variables, as in FreeSWITCH.
 */
export type Application = (channel: Channel, argument: string) => Promise<void> | void;

export type ApplicationTable = ReadonlyMap<string, Application>;

/** What FreeSWITCH keeps in `current_application_response` and tells as `Application-Response`. */
export function respond(channel: Channel, response: string): void {
  channel.variables.set('current_application_response', response);
}
