import type { RequestCommand } from '../../../protocol/drachtio/command.ts';
import { cancelOf } from '../../../protocol/sip/follow-up.ts';
import { type CommandOrigin, replyNok, replySentRequest } from '../control/application-link.ts';
import type { Environment } from '../environment.ts';
import { applicationHeaders, ordered, without } from '../header-rules.ts';
import { advertisedHostPort } from '../network/listeners.ts';

/** The application cancels an INVITE of its own. The INVITE's final response tells how that ended. */
export function cancelInvite(
  origin: CommandOrigin,
  command: RequestCommand,
  environment: Environment,
): void {
  const outgoing = environment.outgoing.byId(command.transactionId);
  if (outgoing === undefined || outgoing.method !== 'INVITE') {
    replyNok(origin, `unable to cancel unknown transaction id: ${command.transactionId}`);
    return;
  }
  const listener = environment.listeners.ofProtocol(outgoing.transaction.target.protocol);
  const given = applicationHeaders(command.sip.headers, advertisedHostPort(listener));
  const extra = without(
    given,
    'From',
    'To',
    'Call-ID',
    'CSeq',
    'Contact',
    'P-Asserted-Identity',
    'Max-Forwards',
  );
  outgoing.cancelled = true;
  outgoing.transaction.cancel(extra);
  const cancel = cancelOf(outgoing.transaction.request, extra);
  const request = { ...cancel, headers: ordered(cancel.headers) };
  replySentRequest(
    origin,
    {
      request,
      way: { hop: outgoing.transaction.target, listener },
      transactionId: environment.ids.uuid(),
    },
    environment.clock,
  );
}
