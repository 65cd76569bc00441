import type { AudioFormat, AudioStream, Direction, Sdp } from './session.ts';

/** The voice codecs of this house (ITU-T G.711, RFC 3551). */
export type Codec = 'PCMU' | 'PCMA';

/** What both sides can do. */
export interface AudioChoice {
  readonly codec: Codec;
  /** The number the offer gave it, which an answer repeats (RFC 3264 section 6.1). */
  readonly payloadType: number;
  /** Of telephone-event at 8 kHz (RFC 4733), absent when the peer does not know it. */
  readonly telephoneEventType?: number;
}

/** What becomes of an offer: a choice, or a refusal with 488 and the Warning to go with it (RFC 3261 section 20.43). */
export type Negotiation =
  | { readonly kind: 'accepted'; readonly audio: AudioStream; readonly choice: AudioChoice }
  | {
      readonly kind: 'refused';
      readonly status: 488;
      readonly warnCode: 304 | 305;
      readonly text: string;
    };

/**
 * Chooses from an offer, or from an answer to ours: the first codec of the peer's list that is in
 * `ours`. Only plain RTP is taken; a stream with port 0 is refused like none at all.
 */
export function negotiateAudio(
  remote: Sdp,
  ours: readonly Codec[] = ['PCMU', 'PCMA'],
): Negotiation {
  const { audio } = remote;
  if (audio === undefined || audio.port === 0) return refused(304, 'no audio stream');
  if (audio.transport !== 'RTP/AVP') return refused(304, 'media transport not supported');
  const choice = chooseFormat(audio.formats, ours);
  if (choice === undefined) return refused(305, 'no codec in common');
  return { kind: 'accepted', audio, choice };
}

/** The direction of our answer: what the offer allows of what we want (RFC 3264 section 6.1). */
export function answerDirection(offered: Direction, wanted: Direction = 'sendrecv'): Direction {
  const send = receives(offered) && sends(wanted);
  const receive = sends(offered) && receives(wanted);
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

/** Does its writer put us on hold: by direction (RFC 3264 section 8.4), or by address 0.0.0.0 as RFC 2543 had it? */
export function isHold(audio: AudioStream): boolean {
  return !receives(audio.direction) || audio.address === '0.0.0.0';
}

/** May the writer of this direction send? */
function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

/** May the writer of this direction be sent to? */
function receives(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

function chooseFormat(
  formats: readonly AudioFormat[],
  ours: readonly Codec[],
): AudioChoice | undefined {
  for (const format of formats) {
    const codec = ours.find((name) => name === format.encoding);
    if (codec === undefined || format.clockRateHz !== 8000 || format.channels !== 1) continue;
    const event = formats.find(
      ({ encoding, clockRateHz }) => encoding === 'TELEPHONE-EVENT' && clockRateHz === 8000,
    );
    return {
      codec,
      payloadType: format.payloadType,
      ...(event === undefined ? {} : { telephoneEventType: event.payloadType }),
    };
  }
  return undefined;
}

function refused(warnCode: 304 | 305, text: string): Negotiation {
  return { kind: 'refused', status: 488, warnCode, text };
}
