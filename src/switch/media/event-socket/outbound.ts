import { connect, type Socket } from 'node:net';
import { lingerNotice } from '../../../protocol/esl/reply.ts';
import type { Channel } from '../channel/channel.ts';
import { EventSocketConnection } from './connection.ts';

const DEFAULT_PORT = 8084;
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Connects a call to the program at `host[:port][|host:port...]`, trying one after the other. Undefined when
 * none is there. The connection outlives the application: it ends with the call.
 */
export async function connectOutbound(
  channel: Channel,
  target: string,
  flags: { readonly async: boolean; readonly full: boolean },
): Promise<EventSocketConnection | undefined> {
  for (const address of target.split('|').slice(0, 50)) {
    const [host, port] = splitAddress(address);
    if (host === '') continue;
    channel.variables.set('socket_host', host);
    const socket = await open(host, Number(port) || DEFAULT_PORT);
    if (socket === undefined) continue;
    const connection = new EventSocketConnection({
      context: channel.context,
      socket,
      channel,
      ...flags,
    });
    endWithCall(channel, connection);
    return connection;
  }
  channel.context.log({
    level: 'error',
    message: 'Socket Error!',
    detail: { channel: channel.uuid },
  });
  return undefined;
}

function splitAddress(address: string): [string, string] {
  const path = address.split('/', 1)[0] ?? '';
  const colon = path.lastIndexOf(':');
  return colon === -1 ? [path, ''] : [path.slice(0, colon), path.slice(colon + 1)];
}

function open(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, keepAlive: true, timeout: CONNECT_TIMEOUT_MS });
    const fail = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    socket.once('error', fail);
    socket.once('timeout', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      socket.off('timeout', fail);
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

function endWithCall(channel: Channel, connection: EventSocketConnection): void {
  channel.onEnded(() => {
    const { lingerSeconds } = connection;
    if (lingerSeconds === undefined) {
      connection.close();
      return;
    }
    connection.lingering = true;
    connection.write(lingerNotice(channel.uuid, channel.name, lingerSeconds));
    if (lingerSeconds < 0) return;
    const timer = setTimeout(() => connection.close(), lingerSeconds * 1000);
    connection.onClosed(() => clearTimeout(timer));
  });
}
