import type { EventEmitter } from 'node:events';

/** What these tests use of drachtio-srf 5.0.29; its own types lack a good part of it. */
export interface SipText {
  readonly type: 'request' | 'response';
  readonly body: string;
  readonly raw: string;
  readonly status: number;
  readonly reason: string;
  readonly method: string;
  readonly uri: string;
  get(name: string): string;
  has(name: string): boolean;
}

export interface Options {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SrfRequest extends EventEmitter, SipText {
  readonly protocol: string;
  readonly source: string;
  readonly source_address: string;
  readonly source_port: number;
  readonly stackTxnId: string;
  readonly stackDialogId: string;
  readonly receivedOn?: string;
  cancel(options: Options, callback: (error: Error | null, request: SrfRequest) => void): void;
}

export interface SrfResponse extends SipText {
  send(
    status: number,
    options?: Options,
    callback?: (error: unknown, sent?: SipText) => void,
    acknowledged?: (request: SrfRequest) => void,
  ): void;
}

export interface SrfDialog extends EventEmitter {
  readonly id: string;
  readonly type: 'uac' | 'uas';
  readonly connected: boolean;
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly local: { readonly sdp: string };
  readonly remote: { readonly sdp: string; readonly uri: string };
  destroy(options: Options, callback: (error: unknown, request: SrfRequest) => void): void;
  modify(sdp: string): Promise<string>;
  request(options: Options & { readonly method: string }): Promise<SipText>;
}

export interface UacOptions extends Options {
  readonly localSdp?: string;
  readonly method?: string;
  readonly proxy?: string;
  readonly auth?: { readonly username: string; readonly password: string };
}

interface Progress {
  readonly cbRequest?: (error: unknown, request: SrfRequest) => void;
  readonly cbProvisional?: (response: SipText) => void;
}

type Handler = (request: SrfRequest, response: SrfResponse) => void;

export interface ProxyOptions {
  readonly recordRoute?: boolean;
  readonly forking?: 'sequential' | 'simultaneous';
  readonly provisionalTimeout?: string;
  readonly finalTimeout?: string;
  readonly followRedirects?: boolean;
}

export interface ProxyResults {
  readonly connected: boolean;
  readonly finalStatus: number;
  readonly responses: readonly { readonly msgs: readonly { readonly status: number }[] }[];
}

export interface SrfApp extends EventEmitter {
  connect(options: Readonly<Record<string, unknown>>): void;
  disconnect(): void;
  invite(handler: Handler): void;
  register(handler: Handler): void;
  options(handler: Handler): void;
  message(handler: Handler): void;
  subscribe(handler: Handler): void;
  use(method: string, handler: Handler): void;
  request(uri: string, options: UacOptions & { readonly method: string }): Promise<SrfRequest>;
  createUAS(
    request: SrfRequest,
    response: SrfResponse,
    options: { readonly localSdp: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<SrfDialog>;
  createUAC(uri: string, options: UacOptions, progress?: Progress): Promise<SrfDialog>;
  createB2BUA(
    request: SrfRequest,
    response: SrfResponse,
    uri: string,
    options?: UacOptions,
  ): Promise<{ readonly uas: SrfDialog; readonly uac: SrfDialog }>;
  proxyRequest(
    request: SrfRequest,
    destination: string | readonly string[],
    options?: ProxyOptions,
  ): Promise<ProxyResults>;
}
