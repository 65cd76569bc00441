import type { PhoneDirectory, PhoneSource, Registration } from '../../engine/phones.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { parseCSeq } from '../../protocol/sip/cseq.ts';
import { SipParseError } from '../../protocol/sip/parse-error.ts';
import { splitOutsideQuotes } from '../../protocol/sip/text.ts';
import { asError, within } from '../deadline.ts';
import { userOf } from '../numbers.ts';
import { address, BadRequest, checkSizes, required } from './reading.ts';
import { respond } from './replies.ts';
import type { SrfReply, SrfRequest } from './srf.ts';

export interface RegistrationDependencies {
  readonly directory: PhoneDirectory;
  readonly clock: Clock;
  readonly log: Log;
}

const REGISTER_WITHIN_MS = 5_000;
/** Bindings that one REGISTER may bring. */
const MAX_CONTACTS = 10;
const PROTOCOLS: readonly PhoneSource['protocol'][] = ['udp', 'tcp', 'tls', 'ws', 'wss'];

/** Answers REGISTER through the directory, which keeps who is where. */
export class Registrations {
  readonly #needs: RegistrationDependencies;

  constructor(needs: RegistrationDependencies) {
    this.#needs = needs;
  }

  /** Never throws. */
  async register(request: SrfRequest, reply: SrfReply): Promise<void> {
    try {
      await this.#register(request, reply);
    } catch (error) {
      if (error instanceof BadRequest) {
        respond(reply, error.status, { headers: error.headers });
        return;
      }
      this.#needs.log.error('a registration failed', { fault: asError(error).name });
      respond(reply, 500);
    }
  }

  async #register(request: SrfRequest, reply: SrfReply): Promise<void> {
    checkSizes(request);
    const { directory, clock } = this.#needs;
    const proof = directory.authenticate({
      method: 'REGISTER',
      requestUri: request.uri,
      authorization: request.get('authorization'),
      source: `${request.source_address}:${request.source_port}`,
    });
    if (proof.result === 'challenge') {
      respond(reply, 401, { headers: { 'WWW-Authenticate': proof.challenge } });
      return;
    }
    const registered = userOf(address(required(request, 'to'), 'To').uri);
    if (proof.result !== 'agent' || registered !== proof.agentId) {
      respond(reply, 403);
      return;
    }
    const applied = await within(directory.register(proof.agentId, readRegistration(request)), {
      clock,
      what: 'register',
      limitMs: REGISTER_WITHIN_MS,
    });
    if (applied.status === 200) {
      const headers = { Contact: applied.contacts.join(', '), Date: httpDate(clock.now()) };
      respond(reply, 200, {
        headers: applied.contacts.length > 0 ? headers : { Date: headers.Date },
      });
    } else if (applied.status === 423) {
      respond(reply, 423, { headers: { 'Min-Expires': `${applied.minExpiresSeconds ?? 60}` } });
    } else respond(reply, applied.status);
  }
}

/** @throws BadRequest */
function readRegistration(request: SrfRequest): Registration {
  const expires = /^\s*(\d{1,10})\s*$/u.exec(request.get('expires') ?? '');
  return {
    contacts: readContacts(request.get('contact')),
    expiresSeconds: expires?.[1] === undefined ? undefined : Number(expires[1]),
    callId: required(request, 'call-id'),
    cseq: readCSeq(required(request, 'cseq')),
    source: {
      protocol: readProtocol(request.protocol),
      address: request.source_address,
      port: request.source_port,
    },
  };
}

function readContacts(value: string | undefined): readonly string[] {
  if (value === undefined || value.trim() === '') return [];
  try {
    const contacts = splitOutsideQuotes(value, ',');
    if (contacts.length > MAX_CONTACTS) throw new BadRequest(400, 'too many contacts');
    return contacts;
  } catch (error) {
    if (error instanceof SipParseError) throw new BadRequest(400, 'malformed Contact');
    throw error;
  }
}

function readCSeq(value: string): number {
  try {
    return parseCSeq(value).sequence;
  } catch (error) {
    if (error instanceof SipParseError) throw new BadRequest(400, 'malformed CSeq');
    throw error;
  }
}

function readProtocol(protocol: string): PhoneSource['protocol'] {
  const known = PROTOCOLS.find((name) => name === protocol.toLowerCase());
  if (known === undefined) throw new BadRequest(400, 'unknown transport');
  return known;
}

function httpDate(nowMs: number): string {
  return new Date(nowMs).toUTCString();
}
