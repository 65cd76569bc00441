import type { EslCommand } from '../../../protocol/esl/command.ts';
import { serializeEventPlain } from '../../../protocol/esl/event.ts';
import { eventNamed } from '../../../protocol/esl/event-names.ts';
import { apiResponse, commandReply, type EventFormat } from '../../../protocol/esl/reply.ts';
import { runApi } from '../api/api-command.ts';
import { API_COMMANDS } from '../api/table.ts';
import { addProfileHeaders } from '../channel/caller-profile.ts';
import { ORIGINS } from '../events/origins.ts';
import type { EventSocketConnection } from './connection.ts';
import { secretsEqual } from './secret.ts';
import { sendMessage } from './send-message.ts';

type CommandOf<K extends EslCommand['kind']> = Extract<EslCommand, { kind: K }>;

/** Answers one command as parse_command of mod_event_socket does; exactly one answer, in order. */
export async function answerCommand(
  connection: EventSocketConnection,
  command: EslCommand,
): Promise<void> {
  if (command.kind === 'exit') {
    connection.write(commandReply('+OK bye'));
    connection.close();
    return;
  }
  if (!connection.authenticated) {
    authenticate(connection, command);
    return;
  }
  const text = await perform(connection, command);
  if (text !== undefined) connection.write(text);
}

function authenticate(connection: EventSocketConnection, command: EslCommand): void {
  if (command.kind === 'auth' || command.kind === 'userauth') {
    const right =
      command.kind === 'auth' && secretsEqual(command.password, connection.secret ?? '');
    connection.authenticated = right;
    connection.write(commandReply(right ? '+OK accepted' : '-ERR invalid'));
    if (!right) connection.close();
    return;
  }
  connection.write(commandReply('-ERR command not found'));
}

/** The text of the answer; undefined when it was written already. */
async function perform(
  connection: EventSocketConnection,
  command: EslCommand,
): Promise<string | undefined> {
  switch (command.kind) {
    case 'connect':
      return connect(connection);
    case 'resume':
      return resume(connection);
    case 'getvar':
      return connection.channel === undefined
        ? NOT_FOUND
        : commandReply(connection.channel.variables.get(command.name) ?? '');
    case 'myevents':
      return followChannel(connection, command);
    case 'divert_events':
      return divert(connection, command.value);
    case 'sendmsg':
      return commandReply(sendMessage(connection, command));
    case 'filter-add':
      return addFilter(connection, command);
    case 'filter-delete':
      connection.subscription.removeFilter(command.header, command.value);
      return commandReply(`+OK filter deleted. [${command.header}][${command.value ?? ''}]`);
    case 'filter-invalid':
      return commandReply('-ERR invalid syntax');
    default:
      // What is left needs more than control of one call.
      return connection.full ? performFull(connection, command) : NOT_FOUND;
  }
}

const NOT_FOUND = commandReply('-ERR command not found');

async function performFull(
  connection: EventSocketConnection,
  command: EslCommand,
): Promise<string | undefined> {
  switch (command.kind) {
    case 'api':
      return apiResponse(
        await runApi(API_COMMANDS, connection.context, command.name, command.argument),
      );
    case 'bgapi':
      return backgroundApi(connection, command);
    case 'event':
      return subscribe(connection, command);
    case 'nixevent':
      return commandReply(
        connection.subscription.remove(command.selection)
          ? '+OK events nixed'
          : '-ERR no keywords supplied',
      );
    case 'noevents':
      return unsubscribe(connection);
    case 'sendevent':
      return sendEvent(connection, command);
    case 'linger':
      return linger(connection, command.seconds);
    case 'nolinger':
      if (connection.channel === undefined) return commandReply('-ERR not controlling a session');
      connection.lingerSeconds = undefined;
      return commandReply('+OK will not linger');
    case 'log':
      return commandReply(`+OK log level ${command.level} [6]`);
    case 'nolog':
      return commandReply('-ERR not loging');
    default:
      return NOT_FOUND;
  }
}

/** An outbound client's first word: everything about its call. */
function connect(connection: EventSocketConnection): string {
  const { channel } = connection;
  if (channel === undefined) return NOT_FOUND;
  const event = connection.context.bus.compose({
    name: 'CHANNEL_DATA',
    origin: ORIGINS.connect,
    fill: (headers) => {
      addProfileHeaders(headers, 'Channel', channel.profile);
      channel.addHeaders(headers, true);
      headers.set('Content-Type', 'command/reply');
      headers.set('Reply-Text', '+OK\n');
      headers.set('Socket-Mode', connection.async ? 'async' : 'static');
      headers.set('Control', connection.full ? 'full' : 'single-channel');
    },
  });
  connection.markConnected();
  return serializeEventPlain(event);
}

function resume(connection: EventSocketConnection): string {
  if (connection.channel === undefined) return NOT_FOUND;
  connection.channel.variables.set('socket_resume', 'true');
  return commandReply('+OK');
}

function followChannel(connection: EventSocketConnection, command: CommandOf<'myevents'>): string {
  if (connection.subscription.onlyChannel !== undefined)
    return commandReply('-ERR aready enabled.');
  const uuid = connection.channel?.uuid ?? command.uuid;
  if (uuid === undefined || connection.context.channels.get(uuid) === undefined) {
    return commandReply('-ERR invalid uuid');
  }
  if (command.format === 'xml') return XML_REFUSED;
  if (command.format !== undefined) connection.format = command.format;
  connection.subscription.followChannel(uuid);
  return commandReply('+OK Events Enabled');
}

/** This server writes no XML; refusing is better than sending what was not asked for. */
const XML_REFUSED = commandReply('-ERR xml events are not supported');

function divert(connection: EventSocketConnection, value: string): string {
  if (connection.channel === undefined) return commandReply('-ERR not controlling a session.');
  if (value === '') return commandReply('-ERR missing value.');
  return commandReply(
    value.toLowerCase() === 'on' ? '+OK events diverted' : '+OK events not diverted',
  );
}

function addFilter(connection: EventSocketConnection, command: CommandOf<'filter-add'>): string {
  if (!connection.subscription.addFilter(command.header, command.value)) {
    return commandReply('-ERR too many filters');
  }
  return commandReply(`+OK filter added. [${command.header}]=[${command.value}]`);
}

function subscribe(connection: EventSocketConnection, command: CommandOf<'event'>): string {
  const { selection } = command;
  if (selection.format === 'xml') return XML_REFUSED;
  if (selection.format !== undefined) connection.format = selection.format satisfies EventFormat;
  if (!connection.subscription.add(selection)) return commandReply('-ERR no keywords supplied');
  return commandReply(`+OK event listener enabled ${connection.format}`);
}

function unsubscribe(connection: EventSocketConnection): string {
  if (!connection.subscription.active) return commandReply('-ERR not listening for events');
  connection.subscription.clear();
  return commandReply('+OK no longer listening for events');
}

function linger(connection: EventSocketConnection, seconds: number | undefined): string {
  if (connection.channel === undefined) return commandReply('-ERR not controlling a session');
  connection.lingerSeconds = seconds ?? -1;
  return commandReply(
    seconds === undefined ? '+OK will linger' : `+OK will linger ${seconds} seconds`,
  );
}

/** Answers with the job's number at once; the outcome comes as an event. */
function backgroundApi(connection: EventSocketConnection, command: CommandOf<'bgapi'>): string {
  const { context } = connection;
  const jobUuid = command.jobUuid ?? context.ids.uuid();
  void runApi(API_COMMANDS, context, command.name, command.argument).then((body) => {
    context.bus.publish({
      name: 'BACKGROUND_JOB',
      origin: ORIGINS.backgroundJob,
      body,
      fill: (headers) => {
        headers.set('Job-UUID', jobUuid);
        if (connection.channel !== undefined)
          headers.set('Job-Owner-UUID', connection.channel.uuid);
        headers.set('Job-Command', command.name);
        if (command.argument !== '') headers.set('Job-Command-Arg', command.argument);
      },
    });
  });
  return commandReply(`+OK Job-UUID: ${jobUuid}`, { 'Job-UUID': jobUuid });
}

/** Sends an event of the client's own making to everybody who listens. */
function sendEvent(connection: EventSocketConnection, command: CommandOf<'sendevent'>): string {
  const { context } = connection;
  const uuid = context.ids.uuid();
  const name = eventNamed(command.name);
  if (name !== undefined && name !== 'ALL') {
    const subclass = command.headers.get('event-subclass');
    context.bus.publish({
      name,
      origin: ORIGINS.sendEvent,
      ...(subclass === undefined ? {} : { subclass }),
      ...(command.body === '' ? {} : { body: command.body }),
      fill: (headers) => {
        for (const line of command.lines) {
          const colon = line.indexOf(':');
          const key = line.slice(0, colon);
          const own = /^(event-name|event-subclass|content-length|core-uuid)$/i.test(key);
          if (colon > 0 && !own) headers.set(key, line.slice(colon + 1).trim());
        }
        headers.set('Event-UUID', uuid);
      },
    });
  }
  return commandReply(`+OK ${uuid}`);
}
