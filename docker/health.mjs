/**
 * Is Linekeeper alive? Asks as a phone would, by SIP OPTIONS, so the whole way is tried: the SIP
 * port, the control connection, the program's own loop. Used by the container's HEALTHCHECK.
 *
 * Exit code 0: something of ours answered. 1: no answer within the time, or 503, which is what
 * drachtio-server says when no program is connected to it. A refusal (403) is a healthy answer.
 *
 * LINEKEEPER_SIP=address:port is where to ask, 127.0.0.1:5060 unless set.
 */
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';

const WAIT_MS = 3000;
const [, host, port] = /^(.+):(\d+)$/u.exec(process.env.LINEKEEPER_SIP ?? '127.0.0.1:5060') ?? [];

function finish(healthy, reason) {
  process.stdout.write(`${reason}\n`);
  process.exit(healthy ? 0 : 1);
}

function optionsRequest(local) {
  const target = `sip:health@${host}:${port}`;
  return [
    `OPTIONS ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local};branch=z9hG4bK${randomUUID()};rport`,
    `From: <sip:health@${local}>;tag=${randomUUID()}`,
    `To: <${target}>`,
    `Call-ID: ${randomUUID()}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

if (host === undefined || port === undefined) finish(false, 'LINEKEEPER_SIP is not address:port');
const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
socket.on('error', (error) => finish(false, error.message));
socket.on('message', (message) => {
  const status = Number(/^SIP\/2\.0 (\d{3})/u.exec(message.toString('latin1'))?.[1]);
  if (status >= 200) finish(status !== 503, `answered ${status}`);
});
socket.connect(Number(port), host.replace(/^\[|\]$/gu, ''), () => {
  const { address, port: localPort } = socket.address();
  socket.send(optionsRequest(`${address.includes(':') ? `[${address}]` : address}:${localPort}`));
});
setTimeout(() => finish(false, `no answer within ${WAIT_MS} ms`), WAIT_MS);
