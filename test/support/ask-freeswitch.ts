import { connect } from 'node:net';
import { EslFrameReader } from '../../src/protocol/esl/frame.ts';
import type { ServerAddress } from '../../src/telephony/settings.ts';

/** One `api` command over a connection of its own. @returns the reply's body */
export async function askFreeSwitch(server: ServerAddress, command: string): Promise<string> {
  const socket = connect({ host: server.host, port: server.port });
  const reader = new EslFrameReader();
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      for (const { lines, body } of reader.push(chunk)) {
        const type = lines.find((line) => line.startsWith('Content-Type'));
        if (type?.endsWith('auth/request') === true) socket.write(`auth ${server.secret}\n\n`);
        else if (type?.endsWith('command/reply') === true) socket.write(`api ${command}\n\n`);
        else if (type?.endsWith('api/response') === true) return body;
      }
    }
  } finally {
    socket.destroy();
  }
  throw new Error(`no answer to ${command}`);
}
