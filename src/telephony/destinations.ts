import type { PhoneContact } from '../engine/phones.ts';
import type { DialTarget } from '../engine/ports.ts';
import { quote } from '../protocol/sip/text.ts';
import { parseSipUri } from '../protocol/sip/uri.ts';
import { callerIdHeaders } from './caller-id.ts';
import type { OutgoingInvite } from './drachtio/uac.ts';
import { formatNumber } from './numbers.ts';
import type { OutgoingTrunk } from './trunk-places.ts';

/** Where one INVITE goes; what it says is the same for all. */
export type Destination = Pick<OutgoingInvite, 'uri' | 'proxy' | 'credentials' | 'silentMs'> & {
  readonly headers: Readonly<Record<string, string>>;
};

const MAX_NAME_CHARACTERS = 60;

/**
 * A trunk that neither rings nor answers for so long is taken for dead; its 100 Trying is not told to us.
 * Longer than it takes to reach a mobile phone.
 */
const SILENT_TRUNK_MS = 10_000;

/** A customer's number at a trunk. `ourAddress`: where we speak SIP. */
export function trunkDestination(
  { outbound }: OutgoingTrunk,
  target: DialTarget & { readonly kind: 'customer' },
  ourAddress: string | undefined,
): Destination {
  const number = formatNumber(target.number, outbound.numberFormat);
  const transport = outbound.transport === 'udp' ? '' : `;transport=${outbound.transport}`;
  return {
    uri: `sip:${number}@${outbound.host}:${outbound.port}${transport}`,
    proxy: undefined,
    credentials: outbound.credentials,
    headers: callerIdHeaders(outbound, target.callerId, ourAddress),
    silentMs: SILENT_TRUNK_MS,
  };
}

/**
 * A phone is called where its REGISTER came from, whatever its Contact says: it may be behind NAT. None if the
 * Contact cannot be read.
 */
export function phoneDestination(
  contact: PhoneContact,
  callerName: string,
  screen: Readonly<Record<string, string>>,
): Destination[] {
  try {
    parseSipUri(contact.uri);
  } catch {
    return [];
  }
  const { address, port, protocol } = contact.source;
  const host = address.includes(':') ? `[${address}]` : address;
  const name = callerName.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').slice(0, MAX_NAME_CHARACTERS);
  return [
    {
      uri: contact.uri,
      proxy: `sip:${host}:${port};transport=${protocol}`,
      credentials: undefined,
      headers: { From: `${quote(name)} <sip:linekeeper@localhost>`, ...screen },
    },
  ];
}
