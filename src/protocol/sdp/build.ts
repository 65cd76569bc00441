import { type MediaDescription, write } from 'sdp-transform';
import type { AudioChoice, Codec } from './negotiate.ts';
import type { Direction, Sdp } from './session.ts';

/** Who we are in a description. */
export interface LocalSession {
  /** The user name of `o=`, without blanks: `-` if there is none. */
  readonly username: string;
  /** Decimal digits; the same for the life of a call. */
  readonly sessionId: string;
  /** One more each time the description changes (RFC 3264 section 8). */
  readonly sessionVersion: number;
  /** Of `s=`: `-` if there is none. */
  readonly name: string;
  /** An IP address of ours, for `o=` and `c=`. */
  readonly address: string;
  /** Where we want RTP. */
  readonly port: number;
  readonly direction: Direction;
}

const PAYLOAD_TYPES: Readonly<Record<Codec, number>> = { PCMU: 0, PCMA: 8 };
const OUR_TELEPHONE_EVENT_TYPE = 101;
const PACKET_MS = 20;

/** An offer of these codecs, the most liked first, and of telephone-event. */
export function buildOffer(
  local: LocalSession,
  codecs: readonly Codec[] = ['PCMU', 'PCMA'],
  telephoneEventType = OUR_TELEPHONE_EVENT_TYPE,
): string {
  const formats = codecs.map((codec) => ({ codec, payload: PAYLOAD_TYPES[codec] }));
  return describe(local, [audioMedia(local, formats, telephoneEventType)]);
}

/**
 * The answer to an offer from which `choice` was taken. It has a media line for each of the offer's,
 * all but the audio refused with port 0 (RFC 3264 section 6). `local.direction` is to come from `answerDirection`.
 */
export function buildAnswer(local: LocalSession, offer: Sdp, choice: AudioChoice): string {
  const media = offer.media.map((line, index): MediaDescription => {
    if (index !== offer.audioIndex) {
      const { type, transport: protocol, formats: payloads } = line;
      return { type, port: 0, protocol, payloads, rtp: [], fmtp: [] };
    }
    const formats = [{ codec: choice.codec, payload: choice.payloadType }];
    return audioMedia(local, formats, choice.telephoneEventType);
  });
  return describe(local, media);
}

function audioMedia(
  local: LocalSession,
  formats: readonly { readonly codec: Codec; readonly payload: number }[],
  telephoneEventType: number | undefined,
): MediaDescription {
  const rtp = formats.map(({ codec, payload }) => ({ codec: String(codec), payload, rate: 8000 }));
  const events = telephoneEventType === undefined ? [] : [telephoneEventType];
  for (const payload of events) rtp.push({ codec: 'telephone-event', payload, rate: 8000 });
  return {
    type: 'audio',
    port: local.port,
    protocol: 'RTP/AVP',
    payloads: rtp.map(({ payload }) => payload).join(' '),
    rtp,
    fmtp: events.map((payload) => ({ payload, config: '0-15' })),
    ptime: PACKET_MS,
    direction: local.direction,
  };
}

function describe(local: LocalSession, media: MediaDescription[]): string {
  const ipVer = local.address.includes(':') ? 6 : 4;
  return write({
    version: 0,
    origin: {
      username: local.username,
      sessionId: local.sessionId,
      sessionVersion: local.sessionVersion,
      netType: 'IN',
      ipVer,
      address: local.address,
    },
    name: local.name,
    connection: { version: ipVer, ip: local.address },
    timing: { start: 0, stop: 0 },
    media,
  });
}
