import { serializeEventJson, serializeEventPlain } from '../../../protocol/esl/event.ts';
import { sendDigits } from '../applications/flow.ts';
import { separate } from '../arguments.ts';
import { bridgeChannels } from '../channel/bridge.ts';
import type { Channel } from '../channel/channel.ts';
import type { MediaContext } from '../context.ts';
import { transferChannel } from '../dialplan.ts';
import { ORIGINS } from '../events/origins.ts';
import { causeNamed } from '../hangup-cause.ts';
import { type ApiCommand, NO_SUCH_CHANNEL, OK } from './api-command.ts';

/** Runs `work` on the channel named by the first word; `fewest` words are needed, else the usage is answered. */
export function onChannel(
  usage: string,
  fewest: number,
  work: (channel: Channel, words: readonly string[], argument: string) => string | Promise<string>,
  missing = NO_SUCH_CHANNEL,
): ApiCommand {
  return (context: MediaContext, argument: string) => {
    const words = separate(argument);
    if (words.length < fewest) return `-USAGE: ${usage}\n`;
    const channel = context.channels.get(words[0] ?? '');
    if (channel === undefined || channel.down) return missing;
    return work(channel, words.slice(1), argument);
  };
}

/** uuid_kill uuid [cause] */
export const uuidKill = onChannel('<uuid> [cause]', 1, (channel, [cause]) => {
  channel.hangup(cause === undefined ? 'NORMAL_CLEARING' : causeNamed(cause));
  return OK;
});

/** uuid_bridge uuid other [other] */
export const uuidBridge: ApiCommand = (context, argument) => {
  const [uuid = '', ...others] = separate(argument);
  if (others.length === 0) return '-USAGE: <uuid> <other_uuid>\n';
  const originator = context.channels.get(uuid);
  for (const other of others.slice(0, 2)) {
    const originatee = context.channels.get(other);
    if (originator === undefined || originatee === undefined) continue;
    if (bridgeChannels(originator, originatee)) return `+OK ${other}\n`;
  }
  return '-ERR Invalid uuid\n';
};

/** uuid_transfer uuid [-bleg|-both] extension [dialplan [context]] */
export const uuidTransfer = onChannel(
  '<uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]',
  2,
  (channel, words) => {
    const leg = words[0]?.startsWith('-') ? words[0].toLowerCase() : undefined;
    const [extension = '', dialplan, context] = leg === undefined ? words : words.slice(1);
    const other = channel.bridgedTo;
    if (leg === '-both' && other !== undefined)
      transferChannel(other, extension, dialplan, context);
    const target = leg === '-bleg' && other !== undefined ? other : channel;
    return transferChannel(target, extension, dialplan, context) ? OK : '-ERR\n';
  },
);

/** uuid_park uuid */
export const uuidPark = onChannel('<uuid>', 1, (channel) => {
  channel.redirect({ kind: 'park' });
  return OK;
});

/** uuid_break uuid [all|both] */
export const uuidBreak = onChannel('<uuid> [all]', 1, (channel, [flag = '']) => {
  const all = flag.includes('all');
  const targets =
    flag.includes('both') && channel.bridgedTo ? [channel, channel.bridgedTo] : [channel];
  for (const target of targets) {
    if (all) target.commands.length = 0;
    target.breakRequested = all ? 'all' : 'one';
  }
  return OK;
});

/** uuid_broadcast uuid path [aleg|bleg|holdb|both]; path is a sound or `application::argument`. */
export const uuidBroadcast = onChannel(
  '<uuid> <path> [aleg|bleg|holdb|both]',
  2,
  (channel, [path = '', legs = 'aleg']) => {
    const other = channel.bridgedTo;
    const both = /both/i.test(legs);
    if (both || /aleg|holdb/i.test(legs)) queueBroadcast(channel, path);
    if (other !== undefined && (both || /bleg/i.test(legs))) queueBroadcast(other, path);
    return '+OK Message sent\n';
  },
  '-ERR invalid uuid\n',
);

function queueBroadcast(channel: Channel, path: string): void {
  const cut = /^([a-z_]+)!?(?:\w+)?::(.*)$/i.exec(path);
  channel.queueCommand({
    application: cut?.[1] ?? 'playback',
    argument: cut?.[2] ?? path,
    eventUuid: undefined,
    eventLock: false,
    loops: 1,
  });
}

/** uuid_setvar uuid name [value] */
export const uuidSetVariable = onChannel(
  '<uuid> <var> [value]',
  2,
  (channel, [name = ''], argument) => {
    if (name === '') return '-ERR No variable specified\n';
    const value = argument.split(' ').slice(2).join(' ');
    return channel.variables.set(name, value === '' || value === '_undef_' ? undefined : value)
      ? OK
      : '-ERR variable limit reached\n';
  },
);

/** uuid_setvar_multi uuid a=1;b=2 */
export const uuidSetVariables: ApiCommand = (context, argument) => {
  const space = argument.indexOf(' ');
  if (space === -1) return '-USAGE: <uuid> <var>=<value>;<var>=<value>...\n';
  const channel = context.channels.get(argument.slice(0, space));
  if (channel === undefined) return NO_SUCH_CHANNEL;
  for (const assignment of separate(argument.slice(space + 1), ';')) {
    const [name = '', ...value] = assignment.split('=');
    if (name.trim() === '') return '-ERR No variable specified\n';
    channel.variables.set(name.trim(), value.join('=') || undefined);
  }
  return OK;
};

/** uuid_getvar uuid name */
export const uuidGetVariable = onChannel('<uuid> <var>', 2, (channel, [name = '']) => {
  return channel.variables.get(name) ?? '_undef_';
});

/** uuid_dump uuid [json|plain] */
export const uuidDump = onChannel('<uuid> [format]', 1, (channel, [format = 'txt']) => {
  const event = channel.context.bus.compose({
    name: 'CHANNEL_DATA',
    origin: ORIGINS.dump,
    fill: (headers) => channel.addHeaders(headers, true),
  });
  if (format.toLowerCase() === 'xml') return '-ERR Unable to create xml!\n';
  return format.toLowerCase() === 'json' ? serializeEventJson(event) : serializeEventPlain(event);
});

/** uuid_exists uuid */
export const uuidExists: ApiCommand = (context, argument) =>
  context.channels.get(argument) === undefined ? 'false' : 'true';

/** uuid_send_dtmf uuid digits[@duration-ms] */
export const uuidSendDtmf = onChannel(
  '<uuid> <dtmf_data>',
  2,
  (channel, [data = '']) => {
    const [digits = '', duration = ''] = data.split('@');
    if (!/^[0-9A-DFa-dfwW*#]+$/.test(digits)) return '-ERR Operation failed\n';
    const durationMs = Number.parseInt(duration, 10);
    sendDigits(channel, digits, Number.isNaN(durationMs) ? undefined : durationMs);
    return `+OK ${channel.uuid} sent DTMF ${data}.\n`;
  },
  '-ERR Cannot locate session!\n',
);

/** uuid_recv_dtmf uuid digits[@duration-ms]: as if pressed on that leg. */
export const uuidReceiveDtmf = onChannel(
  '<uuid> <dtmf_data>',
  2,
  (channel, [data = '']) => {
    const [digits = '', duration = ''] = data.split('@');
    const durationMs = Number.parseInt(duration, 10) || 250;
    for (const digit of digits) channel.digits.push({ digit, durationMs, source: 'APP' });
    return `+OK ${channel.uuid} received DTMF ${data}.\n`;
  },
  '-ERR Cannot locate session!\n',
);

/** uuid_flush_dtmf uuid */
export const uuidFlushDtmf = onChannel(
  '<uuid>',
  1,
  (channel) => {
    channel.digits.flush();
    return OK;
  },
  '-ERR No such session\n',
);

/** uuid_answer uuid */
export const uuidAnswer = onChannel('<uuid>', 1, async (channel) => {
  return (await channel.signalling.answer()) ? OK : '-ERR\n';
});
