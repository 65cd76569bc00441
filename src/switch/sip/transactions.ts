import type { Header, SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import type { Hop, Received } from './hop.ts';

/** Where a server transaction stands; `accepted` is an INVITE answered with 2xx (RFC 6026). */
export type ServerState = 'trying' | 'proceeding' | 'completed' | 'accepted' | 'terminated';

/** A request that came in, and the way to answer it. */
export interface ServerTransaction {
  /** A fresh UUID. */
  readonly id: string;
  readonly received: Received<SipRequest>;
  readonly state: ServerState;
  /**
   * Sends a response, made with `responseTo`, and repeats it as the protocol asks. A 2xx to an INVITE
   * is not repeated by itself: until `terminated` its user may hand it in again, as often as it must.
   * Throws TransactionError after a final one, SipSerializeError for one that cannot be written.
   */
  respond(response: SipResponse): void;
  /** Forgets the request; nothing (more) is sent. For one that nobody will answer. */
  terminate(): void;
}

/** A request on its way. */
export interface ClientTransaction {
  /** A fresh UUID. */
  readonly id: string;
  /** As it was sent, with our Via. */
  readonly request: SipRequest;
  readonly target: Hop;
  /**
   * Sends CANCEL for an INVITE, as soon as a provisional response allows it (RFC 3261 section 9.1).
   * Does nothing for other requests, a second time, or after a final response. The outcome is
   * told by the INVITE's own final response, or by `timeout`.
   */
  cancel(extraHeaders?: readonly Header[]): void;
}

/** Who sent a request. After `timeout`, `transportError` or a final response other than 2xx nothing more is told. */
export interface ClientListener {
  /** Every provisional and final response; of an INVITE also each repeated 2xx, for 64 times T1. */
  response(received: Received<SipResponse>): void;
  /** No final response in time: timer B or F, or 64 times T1 after a CANCEL. */
  timeout(): void;
  transportError(error: Error): void;
}

/** Who answers requests. */
export interface TransactionUser {
  /** A new request other than ACK and CANCEL. */
  request(transaction: ServerTransaction): void;
  /** An ACK that belongs to a 2xx; that of any other response is absorbed. */
  ack(received: Received<SipRequest>): void;
  /**
   * A CANCEL, which its user answers (200, or 481 without an INVITE), as well as the INVITE (487)
   * unless that has its final response.
   */
  cancel(transaction: ServerTransaction, invite: ServerTransaction | undefined): void;
}
