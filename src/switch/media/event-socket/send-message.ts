import type { EslCommand } from '../../../protocol/esl/command.ts';
import type { Channel } from '../channel/channel.ts';
import { isTrue } from '../channel/variables.ts';
import { causeNamed } from '../hangup-cause.ts';
import type { EventSocketConnection } from './connection.ts';

/** `sendmsg`: an application, or the end, for a call (switch_ivr_parse_event). Gives the Reply-Text. */
export function sendMessage(
  connection: EventSocketConnection,
  command: Extract<EslCommand, { kind: 'sendmsg' }>,
): string {
  const uuid = command.uuid ?? connection.channel?.uuid;
  const channel = uuid === undefined ? undefined : findChannel(connection, uuid);
  if (channel === undefined || channel.down) return `-ERR invalid session id [${uuid ?? ''}]`;
  const { headers } = command;
  switch (headers.get('call-command')?.toLowerCase()) {
    case 'execute':
      return queueExecute(channel, headers, command.body);
    case 'hangup':
      channel.hangup(causeNamed(headers.get('hangup-cause') ?? 'NORMAL_CLEARING'));
      return '+OK';
    case undefined:
      channel.context.log({
        level: 'error',
        message: 'Invalid Command!',
        detail: { channel: channel.uuid },
      });
      return '+OK';
    default:
      // FreeSWITCH says +OK to anything and does nothing with what it does not know.
      return '+OK';
  }
}

function findChannel(connection: EventSocketConnection, uuid: string): Channel | undefined {
  if (connection.channel?.uuid === uuid) return connection.channel;
  return connection.context.channels.get(uuid);
}

function queueExecute(
  channel: Channel,
  headers: ReadonlyMap<string, string>,
  body: string,
): string {
  const application = headers.get('execute-app-name');
  if (application === undefined || application === '') return '+OK';
  const asText = headers.get('content-type')?.toLowerCase() === 'text/plain';
  const queued = channel.queueCommand({
    application,
    argument: headers.get('execute-app-arg') || (asText ? body : undefined),
    eventUuid: headers.get('event-uuid'),
    eventLock: isTrue(headers.get('event-lock')),
    loops: Number.parseInt(headers.get('loops') ?? '1', 10) || 1,
  });
  return queued ? '+OK' : '-ERR memory error';
}
