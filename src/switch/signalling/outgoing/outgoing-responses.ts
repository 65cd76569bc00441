import { formatTime } from '../../../protocol/drachtio/event.ts';
import { parseCSeq } from '../../../protocol/sip/cseq.ts';
import { header } from '../../../protocol/sip/headers.ts';
import type { SipRequest, SipResponse } from '../../../protocol/sip/message.ts';
import { responseTo } from '../../../protocol/sip/response.ts';
import { serializeSipMessage } from '../../../protocol/sip/serialize.ts';
import type { Received } from '../../sip/hop.ts';
import { receivedMeta, tell } from '../control/application-link.ts';
import type { Client } from '../control/clients.ts';
import type { Environment } from '../environment.ts';

/** Who is told of responses to a request, and under which names. */
interface Told {
  readonly client: Client;
  readonly transactionId: string;
  readonly dialogId: string;
}

/** Gives an application a response of the network to its request. */
export function tellResponse(
  told: Told,
  received: Received<SipResponse>,
  environment: Environment,
): void {
  const { client, transactionId, dialogId } = told;
  tell(client, received.message, {
    meta: receivedMeta(received, environment.clock),
    transactionId,
    dialogId,
  });
}

/** Gives an application the response that the server makes up when none came (408) or nothing could be sent (503). */
export function tellMadeUpResponse(
  told: Told,
  sent: {
    readonly request: SipRequest;
    readonly protocol: string;
    readonly status: 408 | 503;
    readonly reason?: string;
  },
  environment: Environment,
): SipResponse {
  const response = responseTo(sent.request, sent.status, {
    toTag: environment.ids.token(),
    ...(sent.reason === undefined ? {} : { reason: sent.reason }),
  });
  const { client, transactionId, dialogId } = told;
  client.send({
    type: 'sip',
    meta: {
      source: 'network',
      bytes: 0,
      protocol: sent.protocol,
      address: '',
      port: '0',
      time: formatTime(environment.clock.nowMs()),
    },
    transactionId,
    dialogId,
    sip: serializeSipMessage(response),
  });
  return response;
}

/** The sequence number of a request. */
export function sequenceOf(request: SipRequest): number {
  return parseCSeq(header(request, 'CSeq') ?? '').sequence;
}
