import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Mrf from 'drachtio-fsmrf';
import { createMediaServer } from '../../../src/switch/media/server.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { type PhoneCall, SipPhone } from '../../support/sip-phone.ts';
import { Inbox } from '../../support/waiting.ts';
import {
  type Application,
  connectApplication,
  openServerUnderTest,
} from '../drachtio/server-under-test.ts';
import type { SrfRequest, SrfResponse } from '../drachtio/srf-types.ts';
import { EslClient } from './esl-client.ts';
import type { Endpoint, MediaServer, Mrf as MrfType } from './mrf-types.ts';

interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

interface IncomingCall {
  readonly request: SrfRequest;
  readonly response: SrfResponse;
}

/** Both servers, an application connected to both, and a directory for recordings that both can write. */
export interface Stage {
  readonly external: boolean;
  readonly freeswitch: ServerAddress;
  readonly application: Application;
  readonly mrf: MrfType;
  readonly media: MediaServer;
  readonly directory: string;
  /** Where drachtio takes calls, `host:port`. */
  readonly sipServer: string;
  /** The next call that comes in and nobody has taken. */
  nextCall(): Promise<IncomingCall>;
  /** A bare client of the event socket. */
  readonly esl: EslClient;
  close(): Promise<void>;
}

/** An endpoint with somebody at the other end of its sound. */
export interface Party {
  readonly endpoint: Endpoint;
  readonly ear: RtpEar;
}

/** What freeswitch/autoload_configs/local_stream.conf.xml calls `music`. */
const MUSIC_DIRECTORY = new URL('../../../freeswitch/sounds/music', import.meta.url).pathname;

/** The real FreeSWITCH of LINEKEEPER_FREESWITCH when LINEKEEPER_SWITCH is `external`, else one in this process. */
async function openFreeswitch(
  external: boolean,
): Promise<ServerAddress & { close(): Promise<void> }> {
  if (external) {
    const [host = '127.0.0.1', port = '8021'] = (process.env['LINEKEEPER_FREESWITCH'] ?? '').split(
      ':',
    );
    const secret = process.env['LINEKEEPER_FREESWITCH_SECRET'] ?? 'ClueCon';
    return { host, port: Number(port), secret, close: () => Promise.resolve() };
  }
  const secret = 'contract';
  const server = await createMediaServer({
    eventSocket: { address: '127.0.0.1', port: 0, secret },
    sip: { address: '127.0.0.1', port: 0 },
    rtp: { address: '127.0.0.1', minPort: 0, maxPort: 0 },
    musicDirectories: { music: MUSIC_DIRECTORY },
  });
  return { host: '127.0.0.1', port: server.eventSocket.port, secret, close: () => server.close() };
}

export async function openStage(): Promise<Stage> {
  const drachtio = await openServerUnderTest();
  const freeswitch = await openFreeswitch(drachtio.external);
  const application = await connectApplication(drachtio);
  const mrf = new Mrf(application.srf) as unknown as MrfType;
  const media = await mrf.connect({
    address: freeswitch.host,
    port: freeswitch.port,
    secret: freeswitch.secret,
    listenAddress: '127.0.0.1',
  });
  const esl = await EslClient.login(freeswitch);
  const calls = new Inbox<IncomingCall>();
  application.srf.invite((request, response) => calls.put({ request, response }));
  return {
    external: drachtio.external,
    freeswitch,
    application,
    mrf,
    media,
    directory: mkdtempSync(join(tmpdir(), 'linekeeper-contract-')),
    sipServer: `127.0.0.1:${drachtio.udp.port}`,
    esl,
    nextCall: () => calls.take('a call'),
    close: async () => {
      esl.close();
      media.disconnect();
      await application.disconnect();
      await freeswitch.close();
      await drachtio.close();
    },
  };
}

/** An endpoint whose far end is an ear of ours, without a caller's signalling. */
export async function openParty(stage: Stage, ear?: RtpEar): Promise<Party> {
  const listener = ear ?? (await RtpEar.open());
  const endpoint = await stage.media.createEndpoint({ remoteSdp: listener.sdp() });
  listener.aim(endpoint.local.sdp);
  await settled(endpoint);
  return { endpoint, ear: listener };
}

/**
 * Resolves once the endpoint's own connection is served: drachtio-fsmrf gives an endpoint out before its
 * subscription has arrived.
 */
async function settled(endpoint: Endpoint): Promise<void> {
  await endpoint.api('echo', 'served');
}

export interface Caller extends Party {
  readonly phone: SipPhone;
  readonly call: PhoneCall;
  readonly dialog: { destroy(): Promise<unknown> };
}

/** A phone that calls in by SIP and is connected to an endpoint. */
export async function openCaller(stage: Stage): Promise<Caller> {
  const ear = await RtpEar.open();
  const phone = await SipPhone.open(stage.sipServer, 'alice');
  const connected = stage
    .nextCall()
    .then(({ request, response }) => stage.media.connectCaller(request, response));
  const call = phone.invite('1000', ear.sdp());
  const answer = await call.final();
  call.ack(answer);
  const { endpoint, dialog } = await connected;
  ear.aim(answer.body.toString());
  return { endpoint, dialog, ear, phone, call };
}

/** Collects what an endpoint emits under a name. */
export function collect<T>(endpoint: Endpoint, event: string): T[] {
  const seen: T[] = [];
  endpoint.on(event, (value: T) => seen.push(value));
  return seen;
}
