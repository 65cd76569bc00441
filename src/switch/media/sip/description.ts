import { type AudioChoice, negotiateAudio } from '../../../protocol/sdp/negotiate.ts';
import { type Direction, parseSdp, type Sdp, SdpError } from '../../../protocol/sdp/session.ts';

/** What of a description is ours and stays so for the length of a call. */
export interface LocalDescription {
  /** The number behind `o=FreeSWITCH`; the version is one more. */
  readonly sessionId: number;
  /** The host's own address, for `o=`. */
  readonly originAddress: string;
  /** Where the far end is to send, for `c=`. */
  readonly mediaAddress: string;
  readonly port: number;
}

/** What the far end wants, as far as we can give it. */
export interface RemoteMedia {
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number | undefined;
  /** As the far end wrote it. */
  readonly direction: Direction;
  readonly choice: AudioChoice;
  readonly description: Sdp;
}

/** Payload type of telephone-event in our own offers. */
const OFFERED_EVENTS = 101;

/** Reads the far end's description; undefined when there is nothing in it for us (488). */
export function readRemote(body: Buffer | string): RemoteMedia | undefined {
  try {
    const description = parseSdp(body);
    const negotiation = negotiateAudio(description);
    if (negotiation.kind === 'refused') return undefined;
    const { audio, choice } = negotiation;
    return {
      address: audio.address,
      port: audio.port,
      rtcpPort: audio.rtcpPort,
      direction: audio.direction,
      choice,
      description,
    };
  } catch (error) {
    if (error instanceof SdpError) return undefined;
    throw error;
  }
}

/** An answer in the form FreeSWITCH gives it: no direction when it is sendrecv. */
export function writeAnswer(
  local: LocalDescription,
  remote: RemoteMedia,
  direction: Direction,
): string {
  const { codec, payloadType, telephoneEventType } = remote.choice;
  const formats: Array<readonly [number, string]> = [[payloadType, `${codec}/8000`]];
  if (telephoneEventType !== undefined) formats.push([telephoneEventType, 'telephone-event/8000']);
  const media = remote.description.media.map((line, index) =>
    index === remote.description.audioIndex
      ? audioLines(local.port, formats, direction)
      : [`m=${line.type} 0 ${line.transport} ${line.formats}`],
  );
  return join([...sessionLines(local), ...media.flat()]);
}

/** Our offer, when the far end sent none. FreeSWITCH's lists G.722 and opus as well, which this server does not speak. */
export function writeOffer(local: LocalDescription, direction: Direction = 'sendrecv'): string {
  const formats: ReadonlyArray<readonly [number, string]> = [
    [0, 'PCMU/8000'],
    [8, 'PCMA/8000'],
    [OFFERED_EVENTS, 'telephone-event/8000'],
  ];
  return join([...sessionLines(local), ...audioLines(local.port, formats, direction)]);
}

/** The form kept in `rtp_local_sdp_str`: the media address in `o=`, the direction written out. */
export function asVariable(description: string, local: LocalDescription): string {
  const withAddress = description.replace(
    /^(o=.* IP[46] ).*$/m,
    (_line, start: string) => `${start}${local.mediaAddress}\r`,
  );
  const text = withAddress.replaceAll('\r\r\n', '\r\n');
  return /^a=(sendrecv|sendonly|recvonly|inactive)/m.test(text) ? text : `${text}a=sendrecv\r\n`;
}

function sessionLines(local: LocalDescription): string[] {
  const version = local.originAddress.includes(':') ? 'IP6' : 'IP4';
  const media = local.mediaAddress.includes(':') ? 'IP6' : 'IP4';
  return [
    'v=0',
    `o=FreeSWITCH ${local.sessionId} ${local.sessionId + 1} IN ${version} ${local.originAddress}`,
    's=FreeSWITCH',
    `c=IN ${media} ${local.mediaAddress}`,
    't=0 0',
  ];
}

function audioLines(
  port: number,
  formats: ReadonlyArray<readonly [number, string]>,
  direction: Direction,
): string[] {
  const lines = [`m=audio ${port} RTP/AVP ${formats.map(([type]) => type).join(' ')}`];
  for (const [type, name] of formats) {
    lines.push(`a=rtpmap:${type} ${name}`);
    if (name.startsWith('telephone-event')) lines.push(`a=fmtp:${type} 0-15`);
  }
  lines.push('a=ptime:20');
  if (direction !== 'sendrecv') lines.push(`a=${direction}`);
  return lines;
}

function join(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join('');
}
