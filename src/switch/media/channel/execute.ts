import { ORIGINS } from '../events/origins.ts';
import type { Channel } from './channel.ts';
import { expandVariables } from './variables.ts';

/**
 * Runs one application with its events. False when it does not exist (the channel is then hung up, as
 * FreeSWITCH does) or the channel is down.
 */
export async function executeApplication(
  channel: Channel,
  name: string,
  argument: string | undefined,
): Promise<boolean> {
  if (channel.down) return false;
  const application = channel.context.applications.get(name.toLowerCase());
  if (application === undefined) {
    channel.context.log({ level: 'error', message: `Invalid Application ${name.slice(0, 80)}` });
    channel.hangup('DESTINATION_OUT_OF_ORDER');
    return false;
  }
  const { variables } = channel;
  const uuid = variables.get('app_uuid') ?? channel.context.ids.uuid();
  variables.set('app_uuid', undefined);
  const expanded = expand(channel, argument);
  variables.set('current_application', name);
  variables.set('current_application_data', expanded);
  variables.set('current_application_response', undefined);
  const about = { Application: name, 'Application-Data': expanded };
  channel.announce('CHANNEL_EXECUTE', ORIGINS.execute, { ...about, 'Application-UUID': uuid });
  channel.breakRequested = undefined;
  variables.set('current_application', name);
  await application(channel, expanded ?? '');
  channel.announce('CHANNEL_EXECUTE_COMPLETE', ORIGINS.executeComplete, {
    ...about,
    'Application-Response': variables.get('current_application_response') ?? '_none_',
    'Application-UUID': uuid,
  });
  return true;
}

function expand(channel: Channel, argument: string | undefined): string | undefined {
  if (argument === undefined || argument === '') return undefined;
  if (channel.variables.isTrue('app_disable_expand_variables')) return argument;
  const globals = channel.context.globals;
  return expandVariables(
    argument,
    (name) => channel.variables.get(name),
    (name) => globals.get(name),
  );
}
