import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { PeerCall } from './call.ts';
import { SDP, SipPeer } from './peer.ts';
import {
  type Application,
  connectApplication,
  openServerUnderTest,
  type ServerUnderTest,
} from './server-under-test.ts';
import type { Options, SipText, SrfDialog, SrfRequest, SrfResponse } from './srf-types.ts';

/** What each test of the contract begins with: a server, an application on it, a caller and a callee by UDP. */
export interface Fixture {
  readonly server: ServerUnderTest;
  readonly application: Application;
  readonly caller: SipPeer;
  readonly callee: SipPeer;
  readonly call: PeerCall;
  /** URI of the callee. */
  readonly calleeUri: string;
}

/** Sets up a fixture for every test of a file; the returned function gives that of the running test. */
export function useFixture(): () => Fixture {
  let server: ServerUnderTest | undefined;
  let fixture: Fixture | undefined;
  beforeAll(async () => {
    server = await openServerUnderTest();
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    if (server === undefined) throw new Error('no server');
    const application = await connectApplication(server);
    const caller = await SipPeer.udp(server.udp);
    const callee = await SipPeer.udp(server.udp);
    const call = new PeerCall(caller, server.udp.port);
    const calleeUri = `sip:callee@127.0.0.1:${callee.port}`;
    fixture = { server, application, caller, callee, call, calleeUri };
  });
  afterEach(async () => {
    await fixture?.application.disconnect();
    fixture?.caller.close();
    fixture?.callee.close();
  });
  return () => {
    if (fixture === undefined) throw new Error('no fixture yet');
    return fixture;
  };
}

/** The next INVITE that the application is given. */
export function nextInvite(application: Application): Promise<[SrfRequest, SrfResponse]> {
  return new Promise((resolve) => {
    application.srf.invite((request, response) => resolve([request, response]));
  });
}

/** Places a call that the application answers, up to its ACK. */
export async function answeredCall(
  application: Application,
  caller: SipPeer,
  call: PeerCall,
): Promise<SrfDialog> {
  const invited = nextInvite(application);
  await application.settled();
  call.invite({ body: SDP });
  const [request, response] = await invited;
  const created = application.srf.createUAS(request, response, { localSdp: SDP });
  call.learn(await caller.response(200, 'INVITE'));
  call.ack();
  return created;
}

/** Sends a response and gives what the server says it sent; rejects with the server's reason. */
export function sendResponse(
  response: SrfResponse,
  status: number,
  options: Options = {},
): Promise<SipText> {
  return new Promise((resolve, reject) => {
    response.send(status, options, (error, message) => {
      if (error || message === undefined) reject(new Error(String(error)));
      else resolve(message);
    });
  });
}

/** The same promise; that it may reject before the test looks at it is no fault. */
export function expected<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
