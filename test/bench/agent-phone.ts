import { randomUUID } from 'node:crypto';
import { chooseChallenge } from '../../src/protocol/digest/challenge.ts';
import { answerChallenge, formatCredentials } from '../../src/protocol/digest/credentials.ts';
import { headers } from '../../src/protocol/sip/headers.ts';
import type { SipResponse } from '../../src/protocol/sip/message.ts';
import { type Fields, type PhoneCall, SipPhone } from '../support/sip-phone.ts';
import { READY_CODE } from './server.ts';
import type { Sound } from './sound.ts';

/** An agent's phone: registered with digest, and ready by the short code. */
export async function signIn(
  server: string,
  account: { readonly user: string; readonly secret: string },
  sound: Sound,
): Promise<SipPhone> {
  const phone = await SipPhone.open(server, account.user);
  const [host = ''] = server.split(':');
  const aor = `<sip:${account.user}@${host}>`;
  const fields = { From: `${aor};tag=${randomUUID()}`, To: aor, Expires: '3600' };
  const registration = phone.begin(`sip:${host}`, fields);
  expect200(await askProving(registration, 'REGISTER', undefined, fields, account));
  const from = { From: `${aor};tag=${randomUUID()}` };
  const call = phone.begin(`sip:${READY_CODE}@${server}`, from);
  const answer = await askProving(call, 'INVITE', sound.sdp, {}, account);
  expect200(answer);
  call.ack(answer);
  await call.bye;
  return phone;
}

/** Sends a request, and once more with credentials if it is challenged (RFC 3261 section 22). */
async function askProving(
  call: PhoneCall,
  method: string,
  body: string | undefined,
  fields: Fields,
  { user, secret }: { readonly user: string; readonly secret: string },
): Promise<SipResponse> {
  const first = await call.ask(method, body, fields);
  const challenge = chooseChallenge([
    ...headers(first, 'WWW-Authenticate'),
    ...headers(first, 'Proxy-Authenticate'),
  ]);
  if (challenge === undefined) return first;
  if (method === 'INVITE') call.ack(first);
  const credentials = answerChallenge(
    challenge,
    { username: user, password: secret },
    { method, uri: call.target },
    { clientNonce: randomUUID(), count: 1 },
  );
  const name = first.status === 401 ? 'Authorization' : 'Proxy-Authorization';
  return await call.ask(method, body, { ...fields, [name]: formatCredentials(credentials) });
}

function expect200({ status }: SipResponse): void {
  if (status !== 200) throw new Error(`the agent was answered with ${status}`);
}
