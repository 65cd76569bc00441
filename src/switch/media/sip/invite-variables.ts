import { parseAddress } from '../../../protocol/sip/address.ts';
import { header, headers } from '../../../protocol/sip/headers.ts';
import type { SipRequest } from '../../../protocol/sip/message.ts';
import { parseSipUri, type SipUri } from '../../../protocol/sip/uri.ts';
import type { Hop } from '../../sip/hop.ts';
import type { Channel } from '../channel/channel.ts';
import { microseconds } from '../wall-clock.ts';

/** Header fields of ours that become `sip_h_...` variables: FreeSWITCH takes X- and P- ones. */
const PASSED_ON = /^[xp]-/i;
const MAX_PASSED_ON = 64;
const DEFAULT_SIP_PORT = 5060;

/** Who and where, as FreeSWITCH writes it: `user@host` with the port unless it is the usual one. */
export interface Party {
  readonly user: string;
  readonly host: string;
  readonly port: number | undefined;
  /** `user@host:port`. */
  readonly address: string;
}

/** Reads a party from a From, To or Contact value or a URI. Throws SipParseError. FreeSWITCH calls one without a user nobody. */
export function readParty(value: string): Party {
  const uri: SipUri = parseSipUri(
    value.includes('<') ? parseAddress(value).uri : (value.split(';')[0] ?? ''),
  );
  const user = uri.user ?? 'nobody';
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  return { user, host: uri.host, port: uri.port, address: `${user}@${uri.host}${port}` };
}

/** What the INVITE tells, in FreeSWITCH's variables and their order (sofia_handle_sip_i_invite). */
export function setInviteVariables(
  channel: Channel,
  request: SipRequest,
  where: { readonly source: Hop; readonly local: Hop; readonly profile: string },
): void {
  const { variables } = channel;
  const { source, local } = where;
  variables.setAll({
    direction: 'inbound',
    uuid: channel.uuid,
    session_id: String(channel.sessionId),
  });
  setParty(channel, 'from', readParty(header(request, 'From') ?? ''));
  variables.setAll({
    video_media_flow: 'disabled',
    text_media_flow: 'disabled',
    channel_name: channel.name,
    sip_call_id: header(request, 'Call-ID'),
    sip_local_network_addr: local.address,
    sip_network_ip: source.address,
    sip_network_port: String(source.port),
    sip_invite_stamp: microseconds(channel.profile.times.createdMs),
    sip_received_ip: source.address,
    sip_received_port: String(source.port),
    sip_via_protocol: source.protocol,
    sip_from_tag: parseAddress(header(request, 'From') ?? '').parameters.get('tag'),
    sofia_profile_name: where.profile,
    sofia_profile_url: `sip:mod_sofia@${local.address}:${local.port}`,
    recovery_profile_name: where.profile,
    sip_full_via: headers(request, 'Via')[0],
    sip_full_from: header(request, 'From'),
    sip_full_to: header(request, 'To'),
  });
  setParty(channel, 'req', readParty(request.uri));
  setParty(channel, 'to', readParty(header(request, 'To') ?? ''));
  setParty(channel, 'contact', readParty(header(request, 'Contact') ?? ''));
  variables.setAll({
    sip_user_agent: header(request, 'User-Agent'),
    sip_via_host: source.address,
    sip_via_rport: String(source.port),
    max_forwards: header(request, 'Max-Forwards') ?? '70',
  });
  setPassedOn(channel, request);
}

function setParty(channel: Channel, name: string, party: Party): void {
  channel.variables.setAll({
    [`sip_${name}_user`]: party.user,
    [`sip_${name}_port`]: String(party.port ?? DEFAULT_SIP_PORT),
    [`sip_${name}_uri`]: party.address,
    [`sip_${name}_host`]: party.host,
  });
}

function setPassedOn(channel: Channel, request: SipRequest): void {
  const passed = request.headers
    .filter((field) => PASSED_ON.test(field.name))
    .slice(0, MAX_PASSED_ON);
  for (const { name, value } of passed) channel.variables.set(`sip_h_${name}`, value);
}

/** What the dialog's first ACK settles. */
export function setDialogVariables(channel: Channel, ack: SipRequest): void {
  const tag = (name: string): string | undefined =>
    parseAddress(header(ack, name) ?? '').parameters.get('tag');
  channel.variables.setAll({
    sip_to_tag: tag('To'),
    sip_from_tag: tag('From'),
    sip_cseq: (header(ack, 'CSeq') ?? '').split(' ')[0],
    sip_call_id: header(ack, 'Call-ID'),
    sip_full_via: headers(ack, 'Via')[0],
    sip_full_from: header(ack, 'From'),
    sip_full_to: header(ack, 'To'),
  });
}
