import type { AgentId, E164 } from '../../domain/ids.ts';
import type { Trunk } from '../../domain/trunk/trunk.ts';
import type { PhoneDirectory } from '../../engine/phones.ts';
import type { Log } from '../../engine/ports.ts';
import { asError } from '../deadline.ts';
import type { TelephonyRoutes } from '../settings.ts';
import { admit } from './door.ts';
import {
  BadRequest,
  checkDialogHeaders,
  checkSizes,
  type InviteFacts,
  readInvite,
} from './reading.ts';
import { ABILITIES, respond } from './replies.ts';
import type { SrfLike, SrfReply, SrfRequest } from './srf.ts';

/** A new call that passed the door. */
export interface AdmittedCall {
  readonly request: SrfRequest;
  readonly reply: SrfReply;
  readonly facts: InviteFacts;
  /** Aborts on CANCEL. */
  readonly cancelled: AbortSignal;
  readonly caller:
    | { readonly kind: 'trunk'; readonly trunk: Trunk; readonly dnis: E164 }
    | { readonly kind: 'agent'; readonly agentId: AgentId; readonly shortCode: string };
}

export interface ServiceDependencies {
  readonly routes: () => TelephonyRoutes;
  readonly directory: PhoneDirectory;
  readonly log: Log;
  readonly register: (request: SrfRequest, reply: SrfReply) => Promise<void>;
  readonly call: (call: AdmittedCall) => void;
}

/** Methods that make no sense outside a dialog here: 405 with what we allow. */
const NOT_ALLOWED = ['message', 'subscribe', 'publish', 'refer'];
/** Methods of a dialog; these came for one that we do not have. */
const NO_DIALOG = ['bye', 'info', 'update', 'prack', 'notify'];

/** Installs what answers requests from the network. */
export function installService(srf: SrfLike, needs: ServiceDependencies): void {
  srf.use('invite', (request, reply) => {
    const cancelled = new AbortController();
    // First of all: a CANCEL that comes before this is never told.
    request.on('cancel', () => cancelled.abort());
    guarded(needs.log, reply, () => onInvite(needs, request, reply, cancelled.signal));
  });
  srf.use('register', (request, reply) => {
    void needs.register(request, reply);
  });
  srf.use('options', (request, reply) => {
    guarded(needs.log, reply, () => {
      checkSizes(request);
      respond(reply, 200, {
        headers: { ...ABILITIES, Accept: 'application/sdp', 'Accept-Language': 'en' },
      });
    });
  });
  for (const method of NOT_ALLOWED) {
    srf.use(method, (_request, reply) => {
      respond(reply, 405, { headers: { Allow: ABILITIES.Allow } });
    });
  }
  for (const method of NO_DIALOG) {
    srf.use(method, (_request, reply) => {
      respond(reply, 481);
    });
  }
}

function onInvite(
  needs: ServiceDependencies,
  request: SrfRequest,
  reply: SrfReply,
  cancelled: AbortSignal,
): void {
  const facts = readInvite(request);
  const admission = admit(facts, needs.routes(), () =>
    needs.directory.authenticate({
      method: 'INVITE',
      requestUri: facts.requestUri,
      authorization: facts.authorization,
      source: `${facts.source.address}:${facts.source.port}`,
    }),
  );
  switch (admission.verdict) {
    case 'challenge':
      respond(reply, 407, { headers: { 'Proxy-Authenticate': admission.challenge } });
      return;
    case 'refuse':
      respond(reply, admission.status);
      return;
    case 'trunk': {
      const { trunk, dnis } = admission;
      checkDialogHeaders(request);
      needs.call({ request, reply, facts, cancelled, caller: { kind: 'trunk', trunk, dnis } });
      return;
    }
    case 'agent': {
      const { agentId, shortCode } = admission;
      checkDialogHeaders(request);
      const caller = { kind: 'agent', agentId, shortCode } as const;
      needs.call({ request, reply, facts, cancelled, caller });
      return;
    }
  }
}

/** Bad requests get their status; a fault of ours 500, and the next request is served. */
function guarded(log: Log, reply: SrfReply, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof BadRequest) {
      respond(reply, error.status, { headers: error.headers });
      return;
    }
    log.error('a request could not be handled', { fault: asError(error).name });
    respond(reply, 500);
  }
}
