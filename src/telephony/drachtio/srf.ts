import type { Socket } from 'node:net';
import Srf from 'drachtio-srf';

/**
 * What we use of drachtio-srf, as it really behaves: its own declarations leave out most of it.
 * Nothing outside this folder imports the library.
 */
export interface SrfRequest {
  readonly method: string;
  readonly uri: string;
  /** As received, names mostly in lower case; repeated headers are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly source: string;
  readonly source_address: string;
  readonly source_port: number;
  readonly protocol: string;
  get(name: string): string | undefined;
  /** Throws if the header is absent or not understood; slow on long ones. */
  getParsedHeader(name: string): unknown;
  on(event: 'cancel', listener: () => void): void;
}

/** A request of ours on its way. */
export interface SrfSentRequest {
  on(event: 'response', listener: (response: SrfResponse) => void): void;
  cancel(callback: (error: unknown) => void): void;
}

export interface SrfResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  get(name: string): string | undefined;
}

/** For answering a request. */
export interface SrfReply {
  readonly finalResponseSent: boolean;
  send(
    status: number,
    options: SrfMessageOptions,
    callback?: (error: unknown, sent: unknown) => void,
  ): void;
}

export interface SrfMessageOptions {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface SrfDialog {
  readonly id: string;
  readonly connected: boolean;
  readonly local: { sdp: string; contact: string };
  readonly remote: { sdp: string };
  readonly res: SrfResponse;
  on(event: 'destroy', listener: (request: SrfRequest | undefined) => void): unknown;
  on(event: 'ack', listener: (request: SrfRequest) => void): unknown;
  on(event: SrfDialogRequest, listener: (request: SrfRequest, reply: SrfReply) => void): unknown;
  once(event: 'ack', listener: (request: SrfRequest) => void): unknown;
  /** Sends BYE. May never settle. */
  destroy(options?: SrfMessageOptions): Promise<unknown>;
  /** The callback is called for each response, provisional ones too. */
  request(
    options: SrfMessageOptions & { readonly method: string },
    callback: (error: unknown, response: SrfResponse) => void,
  ): void;
}

/** In-dialog requests that a listener must answer; without one the library answers 200. */
type SrfDialogRequest = 'modify' | 'update' | 'info' | 'refer' | 'message' | 'options' | 'notify';

/** An INVITE without offer that was answered with one, and waits for its ACK. */
export interface SrfOffered {
  readonly sdp: string;
  /** Sends the answer; may be called once. */
  ack(answer: string): Promise<SrfDialog>;
}

export interface CreateUacOptions {
  readonly headers: Record<string, string>;
  readonly localSdp?: string;
  readonly proxy?: string;
  readonly auth?: { readonly username: string; readonly password: string };
}

/** An object with events, of which we need few. */
interface Emitter {
  on(event: string, listener: (...values: never[]) => void): unknown;
  removeAllListeners(event: string): unknown;
}

/** The socket to drachtio and its framing. */
interface WireProtocol extends Emitter {
  closing?: boolean;
  readonly reconnectVars: { retryTimer?: NodeJS.Timeout | null };
  send(socket: Socket, message: string): string;
  _onData(socket: Socket, chunk: Buffer): void;
  _stopPinging(socket: Socket): void;
}

/** The client of the control protocol. */
export interface DrachtioAgent extends Emitter {
  readonly wp: WireProtocol;
  readonly mapServer: ReadonlyMap<
    Socket,
    { readonly pendingRequests: Map<string, (token: readonly string[]) => void> }
  >;
  _onMsg(socket: Socket, message: string): void;
  request(
    options: { readonly method: string; readonly stackDialogId: string; readonly headers: object },
    callback: (error: unknown, sent: SrfSentRequest) => void,
  ): void;
}

export interface SrfLike extends Emitter {
  readonly app: { readonly client: DrachtioAgent };
  connect(options: object): unknown;
  use(method: string, handler: (request: SrfRequest, reply: SrfReply) => void): void;
  /** The callback may be called twice: with a refusal, then with a dialog all the same. */
  createUAS(
    request: SrfRequest,
    reply: SrfReply,
    options: { readonly localSdp: string; readonly headers: Record<string, string> },
    callback: (error: unknown, dialog: SrfDialog | undefined) => void,
  ): unknown;
  createUAC(
    uri: string,
    options: CreateUacOptions,
    progress: { readonly cbRequest: (error: unknown, sent: SrfSentRequest) => void },
    callback: (error: unknown, dialog: SrfDialog | undefined) => void,
  ): unknown;
  /** `noAck`: the other side makes the offer, and our answer goes with the ACK. */
  createUAC(
    uri: string,
    options: { readonly headers: Record<string, string>; readonly noAck: true },
    progress: { readonly cbRequest: (error: unknown, sent: SrfSentRequest) => void },
    callback: (error: unknown, offered: SrfOffered | undefined) => void,
  ): unknown;
  removeDialog(dialog: SrfDialog): void;
  readonly _dialogs: ReadonlyMap<string, SrfDialog>;
}

export function createSrf(): SrfLike {
  return new Srf() as unknown as SrfLike;
}

/** Status of a final response that refused us, if `error` is one. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
