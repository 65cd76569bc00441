import type { E164 } from '../domain/ids.ts';
import type { TrunkOutbound } from '../domain/trunk/trunk.ts';
import { formatNumber } from './numbers.ts';

/** Who calls, when the customer may not see it (RFC 3323 section 4.1.1.3). */
const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>';

/** drachtio puts its own address in place of this host in From. */
const OUR_HOST = 'localhost';

/**
 * Headers that say who calls a customer: From for the phone, P-Asserted-Identity for the carrier
 * (RFC 3325 section 9.1), by the trunk's rules. `dialled`: the number the customer had dialled;
 * `ourAddress`: where we speak SIP.
 */
export function callerIdHeaders(
  trunk: TrunkOutbound,
  dialled: E164,
  ourAddress: string | undefined,
): Readonly<Record<string, string>> {
  const number = trunk.callerId === 'dialled' ? dialled : trunk.callerId;
  const shown = formatNumber(number, trunk.callerIdFormat);
  const hidden = trunk.privacy === 'id';
  const asserted = `<sip:${shown}@${trunk.callerIdHost ?? ourAddress ?? OUR_HOST}>`;
  return {
    From: hidden ? ANONYMOUS : `<sip:${shown}@${trunk.callerIdHost ?? OUR_HOST}>`,
    ...(trunk.assertIdentity ? { 'P-Asserted-Identity': asserted } : {}),
    ...(hidden ? { Privacy: 'id' } : {}),
  };
}
