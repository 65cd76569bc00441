import type { Clock, Ids, Log } from './runtime.ts';

/** Where the SIP side listens. Port 0 takes a free one. */
interface SipListenerOptions {
  readonly protocol: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  /** What Contact, Via and Record-Route name instead of `address`, as drachtio's `external-ip`. */
  readonly advertise?: string;
}

export interface SignallingOptions {
  readonly control: { readonly address: string; readonly port: number; readonly secret: string };
  /** At least one; requests go out by the first of the wanted protocol. */
  readonly sip: readonly SipListenerOptions[];
  /** Send call detail records to the clients with a route for them (drachtio's `<cdrs>`). Off by default. */
  readonly cdrs?: boolean;
  readonly timers?: Partial<SignallingTimers>;
  readonly limits?: Partial<SignallingLimits>;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly log?: Log;
}

/** Times in milliseconds, drachtio-server's by default (RFC 3261 section 17 where it names them). */
export interface SignallingTimers {
  /** T1: first wait before a 200 or a reliable provisional response is sent again. */
  readonly t1Ms: number;
  /** T2: the longest such wait. */
  readonly t2Ms: number;
  /** T4: how long messages stay in the network. */
  readonly t4Ms: number;
  /** 64 * T1: when a transaction, or waiting for an ACK, is given up. */
  readonly transactionMs: number;
  /** First wait before an INVITE is sent again (drachtio waits twice T1). */
  readonly inviteRetransmitMs: number;
  /** How long a request waits for the application's first answer before its state goes. */
  readonly applicationMs: number;
  /** Timer C: how long a proxied INVITE may ring. */
  readonly proxyInviteMs: number;
}

export const DEFAULT_TIMERS: SignallingTimers = {
  t1Ms: 500,
  t2Ms: 4_000,
  t4Ms: 5_000,
  transactionMs: 32_000,
  inviteRetransmitMs: 1_000,
  applicationMs: 64_000,
  proxyInviteMs: 185_000,
};

/** What is held at most; beyond it requests get 503, commands NOK, connections are closed. */
export interface SignallingLimits {
  readonly clients: number;
  /** Routes of one client. */
  readonly routesPerClient: number;
  /** Bytes waiting for a client that does not read; it is disconnected beyond. */
  readonly clientBacklogBytes: number;
  readonly dialogs: number;
  /** Requests of the network that an application has still to answer. */
  readonly incomingRequests: number;
  /** Requests of applications whose final response is awaited. */
  readonly outgoingRequests: number;
  readonly proxies: number;
  /** Registered contacts on connections (see flows.ts). */
  readonly flows: number;
}

export const DEFAULT_LIMITS: SignallingLimits = {
  clients: 64,
  routesPerClient: 256,
  clientBacklogBytes: 32 * 1024 * 1024,
  dialogs: 20_000,
  incomingRequests: 10_000,
  outgoingRequests: 20_000,
  proxies: 10_000,
  flows: 20_000,
};

/** How the server names itself in the reply to `authenticate`; drachtio-srf looks for the version. */
export const SERVER_VERSION = 'v0.9.10-linekeeper';
