import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform';

/** Who may send in a stream, seen from whoever wrote the description (RFC 3264 section 5.1). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** One payload type of an audio stream, with its default mapping filled in (RFC 3551 section 6). */
export interface AudioFormat {
  readonly payloadType: number;
  /** In upper case: PCMU, TELEPHONE-EVENT ... */
  readonly encoding: string;
  readonly clockRateHz: number;
  readonly channels: number;
  /** The value of `a=fmtp`, as it was written. */
  readonly parameters?: string;
}

/** The audio stream of a session description. */
export interface AudioStream {
  /** Where its writer wants RTP: an IP address. */
  readonly address: string;
  /** 0 for a stream that is refused or ended. */
  readonly port: number;
  /** Where its writer wants RTCP when that is not `port` + 1 (RFC 3605). */
  readonly rtcpPort?: number;
  /** In upper case: RTP/AVP, RTP/SAVP, UDP/TLS/RTP/SAVPF ... */
  readonly transport: string;
  readonly direction: Direction;
  /** In the writer's order of preference. */
  readonly formats: readonly AudioFormat[];
  readonly packetMs?: number;
}

/** One `m=` line, kept so that an answer can refuse what it does not take. */
interface MediaLine {
  readonly type: string;
  readonly port: number;
  readonly transport: string;
  /** Payload types or other formats, separated by blanks. */
  readonly formats: string;
}

/** A session description as far as a telephone call needs it. */
export interface Sdp {
  readonly origin: {
    readonly username: string;
    readonly sessionId: string;
    readonly sessionVersion: string;
    readonly address: string;
  };
  /** Every `m=` line in its order. */
  readonly media: readonly MediaLine[];
  /** Where in `media` the audio stream stands, the first one that is not refused; -1 without audio. */
  readonly audioIndex: number;
  readonly audio: AudioStream | undefined;
}

/** A body that is no usable session description: answer 400, or 488 to an offer (RFC 3261 section 13.3.1.3). */
export class SdpError extends Error {
  override readonly name = 'SdpError';
}

/** What a description may measure. */
const LIMITS = { bodyBytes: 16 * 1024, lineBytes: 1024, mediaLines: 16, formats: 64 } as const;

/** Static payload types a telephone may send without `a=rtpmap`. */
const STATIC_FORMATS: ReadonlyMap<number, string> = new Map([
  [0, 'PCMU'],
  [3, 'GSM'],
  [4, 'G723'],
  [8, 'PCMA'],
  [9, 'G722'],
  [13, 'CN'],
  [15, 'G728'],
  [18, 'G729'],
]);

const IPV4 = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const IPV6 = /^(?=.*:)[0-9A-Fa-f:.]{2,45}$/;

/** Reads a session description (RFC 8866). Throws SdpError on anything that is none, or over a limit. */
export function parseSdp(body: Buffer | string): Sdp {
  const session = parseText(body.toString());
  const media = session.media.map(mediaLine);
  const audioLines = media.map((line, index) => ({ line, index })).filter(isAudio);
  const chosen = audioLines.find(({ line }) => line.port !== 0) ?? audioLines[0];
  const description = chosen && session.media[chosen.index];
  return {
    origin: readOrigin(session),
    media,
    audioIndex: chosen?.index ?? -1,
    audio: chosen && description && audioStream(session, description, chosen.line),
  };
}

function isAudio({ line }: { readonly line: MediaLine }): boolean {
  return line.type === 'audio';
}

function parseText(text: string): SessionDescription {
  if (text.length > LIMITS.bodyBytes) throw new SdpError('session description too long');
  const lines = text.split(/\r\n|\r|\n/);
  if (lines[0] !== 'v=0') throw new SdpError('session description does not start with v=0');
  for (const line of lines) {
    if (line.length > LIMITS.lineBytes) throw new SdpError('line of session description too long');
    if (line !== '' && !/^[a-z]=/.test(line)) throw new SdpError('malformed line');
  }
  const mediaLines = lines.filter((line) => line.startsWith('m=')).length;
  if (mediaLines > LIMITS.mediaLines) throw new SdpError('too many media lines');
  return parse(text);
}

/** The parser's types promise more than it checks, so nothing it returns is taken on trust. */
function readOrigin(session: SessionDescription): Sdp['origin'] {
  const origin: Partial<SessionDescription['origin']> | undefined = session.origin;
  const [username, sessionId, sessionVersion, address] = [
    origin?.username,
    origin?.sessionId,
    origin?.sessionVersion,
    origin?.address,
  ].map((value) => (value === undefined ? '' : String(value)));
  if (!username || !sessionId || !sessionVersion || !address) {
    throw new SdpError('malformed or missing o= line');
  }
  return { username, sessionId, sessionVersion, address };
}

function mediaLine(media: Partial<MediaDescription>): MediaLine {
  const { type, port, protocol, payloads } = media;
  const formats = payloads === undefined ? '' : String(payloads).trim();
  if (typeof type !== 'string' || typeof port !== 'number' || !protocol || formats === '') {
    throw new SdpError('malformed m= line');
  }
  if (port > 65_535) throw new SdpError('port of m= line out of range');
  if (formats.split(' ').length > LIMITS.formats) throw new SdpError('too many formats');
  return { type: type.toLowerCase(), port, transport: String(protocol).toUpperCase(), formats };
}

function audioStream(
  session: SessionDescription,
  media: MediaDescription,
  line: MediaLine,
): AudioStream {
  const address =
    String(media.connection?.ip ?? session.connection?.ip ?? '').split('/', 1)[0] ?? '';
  if (!IPV4.test(address) && !IPV6.test(address)) {
    throw new SdpError('c= line missing or without an IP address');
  }
  const rtcpPort = media.rtcp?.port;
  const packetMs = Number(media.ptime);
  return {
    address,
    port: line.port,
    transport: line.transport,
    direction: media.direction ?? session.direction ?? 'sendrecv',
    formats: line.formats.split(' ').map((format) => audioFormat(format, media)),
    ...(isPort(rtcpPort) ? { rtcpPort } : {}),
    ...(packetMs > 0 && packetMs <= 200 ? { packetMs } : {}),
  };
}

function audioFormat(format: string, media: MediaDescription): AudioFormat {
  const payloadType = Number(format);
  if (!/^\d{1,3}$/.test(format) || payloadType > 127) throw new SdpError('malformed payload type');
  const mapped = media.rtp.find((map) => map.payload === payloadType);
  const parameters = media.fmtp.find((entry) => entry.payload === payloadType)?.config;
  return {
    payloadType,
    encoding: String(mapped?.codec ?? STATIC_FORMATS.get(payloadType) ?? '').toUpperCase(),
    clockRateHz: Number(mapped?.rate ?? 8000),
    channels: Number(mapped?.encoding ?? 1),
    ...(parameters === undefined ? {} : { parameters: String(parameters) }),
  };
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= 65_535;
}
