import { SipParseError } from '../protocol/sip/parse-error.ts';
import { parseSipUri, type SipUri } from '../protocol/sip/uri.ts';

/**
 * Whether credentials were made for this request (RFC 7616 section 3.4.6, RFC 3261 section 22.4).
 * Hosts are compared without case (RFC 3261 section 19.1.4), and `transport` may stand in one only:
 * phones add it to the request when they choose how to send it.
 */
export function isDigestUriOf(digestUri: string, requestUri: string): boolean {
  if (digestUri === requestUri) return true;
  try {
    return areEquivalent(parseSipUri(digestUri), parseSipUri(requestUri));
  } catch (error) {
    if (error instanceof SipParseError) return false;
    throw error;
  }
}

function areEquivalent(one: SipUri, other: SipUri): boolean {
  return (
    one.scheme === other.scheme &&
    one.user === other.user &&
    one.password === other.password &&
    one.host === other.host &&
    one.port === other.port &&
    one.headers === other.headers &&
    parametersOf(one) === parametersOf(other)
  );
}

function parametersOf(uri: SipUri): string {
  const others = [...uri.parameters].filter(([name]) => name !== 'transport');
  return JSON.stringify(others.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
