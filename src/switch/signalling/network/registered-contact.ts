import { header } from '../../../protocol/sip/headers.ts';
import type { SipRequest, SipResponse } from '../../../protocol/sip/message.ts';
import type { Received } from '../../sip/hop.ts';
import { contactUri } from '../dialog/dialog-requests.ts';
import type { RegisteredFlows } from './flows.ts';

/** Notes the connection of a phone whose REGISTER or SUBSCRIBE was accepted, for as long as it was granted. */
export function noteFlow(
  received: Received<SipRequest>,
  response: SipResponse,
  flows: RegisteredFlows,
): void {
  const uri = contactUri(received.message);
  if (uri === undefined) return;
  const ofContact = /;\s*expires\s*=\s*"?(\d{1,9})/i.exec(header(response, 'Contact') ?? '')?.[1];
  const seconds = Number(ofContact ?? header(response, 'Expires') ?? '0');
  flows.note(uri, received.source, Number.isFinite(seconds) ? seconds : 0);
}
