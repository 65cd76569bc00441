import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMediaServer, type MediaServer } from '../../../src/switch/media/server.ts';
import { EslClient } from './esl-client.ts';

const secret = 'contract';
let server: MediaServer;
let address: { host: string; port: number; secret: string };
beforeAll(async () => {
  server = await createMediaServer({
    eventSocket: { address: '127.0.0.1', port: 0, secret },
    sip: { address: '127.0.0.1', port: 0 },
    rtp: { address: '127.0.0.1', minPort: 0, maxPort: 0 },
  });
  address = { host: '127.0.0.1', port: server.eventSocket.port, secret };
});
afterAll(() => server.close());

async function alive(): Promise<void> {
  const client = await EslClient.login(address);
  expect(await client.api('echo alive')).toBe('alive');
  client.close();
}

describe('the event socket', () => {
  it('cuts off an endless header', async () => {
    const client = await EslClient.login(address);
    client.send('api '.padEnd(200_000, 'x'));
    await client.closed;
    await alive();
  });

  it('cuts off a body that is too long', async () => {
    const client = await EslClient.login(address);
    client.send('sendevent NOTIFY\nContent-Length: 99999999\n\n');
    await client.closed;
    await alive();
  });

  it('lives through anything that is sent to it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), async (texts) => {
        const client = await EslClient.login(address);
        for (const text of texts) client.send(`${text}\n\n`);
        client.close();
      }),
      { numRuns: 50 },
    );
    await alive();
  });

  it('answers every api command, whatever its argument', async () => {
    const client = await EslClient.login(address);
    const names = [
      'conference',
      'uuid_transfer',
      'uuid_record',
      'uuid_setvar_multi',
      'expr',
      'cond',
      'strftime',
      'show',
      'uuid_broadcast',
      'regex',
    ];
    const argument = fc
      .string({ unit: 'grapheme-ascii', maxLength: 60 })
      .filter((text) => !/[\r\n]/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), argument, async (name, text) => {
        expect(await client.api(`${name} ${text}`)).not.toBe('');
      }),
      { numRuns: 200 },
    );
    client.close();
  });
});

describe('the SIP profile', () => {
  it('answers a malformed request with 400 and takes the next one', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const send = (text: string): void => socket.send(text, server.sip.port, '127.0.0.1');
    const head = (method: string, branch: string): string =>
      `${method} sip:drachtio@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${branch}\r\n` +
      `From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:drachtio@127.0.0.1>\r\nCall-ID: ${branch}\r\n`;
    const answer = async (): Promise<string> => {
      const [bytes] = (await once(socket, 'message')) as [Buffer];
      return bytes.toString('latin1').split('\r\n')[0] ?? '';
    };
    const refused = answer();
    send(`${head('INVITE', 'one')}CSeq: nonsense\r\nContent-Length: 0\r\n\r\n`);
    expect(await refused).toMatch(/^SIP\/2\.0 400 /);
    const withoutContact = answer();
    send(`${head('INVITE', 'two')}CSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`);
    expect(await withoutContact).toMatch(/^SIP\/2\.0 400 /);
    const options = answer();
    send(
      `${head('OPTIONS', 'three')}CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(await options).toBe('SIP/2.0 200 OK');
    socket.close();
  });
});
