import { afterEach, describe, expect, it } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import {
  createSignallingServer,
  type SignallingServer,
} from '../../../src/switch/signalling/server.ts';
import { PeerCall } from './call.ts';
import { answeredCall } from './fixture.ts';
import { SipPeer } from './peer.ts';
import { connectApplication } from './server-under-test.ts';

const SECRET = 'a-secret';
const HERE = '127.0.0.1';

let server: SignallingServer | undefined;
afterEach(() => server?.close());

/** Only the embedded server can stop with its application: drachtio-server outlives it. */
describe('an embedded server that stops', () => {
  it('hangs up calls, also when the application is gone', async () => {
    server = await createSignallingServer({
      control: { address: HERE, port: 0, secret: SECRET },
      sip: [{ protocol: 'udp', address: HERE, port: 0 }],
    });
    const udp = { protocol: 'udp', address: HERE, port: server.sip[0]?.port ?? 0 } as const;
    const control = { host: HERE, port: server.controlPort, secret: SECRET };
    const application = await connectApplication({ control });
    const caller = await SipPeer.udp(udp);
    const call = new PeerCall(caller, udp.port);
    await answeredCall(application, caller, call);
    await application.disconnect();
    server.hangUpAll('The server stops');
    const bye = await caller.request('BYE');
    expect(header(bye, 'Call-ID')).toBe(call.callId);
    expect(header(bye, 'Reason')).toContain('The server stops');
    caller.close();
  });
});
