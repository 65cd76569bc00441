import { buildAnswer, type LocalSession } from '../../protocol/sdp/build.ts';
import { answerDirection, negotiateAudio } from '../../protocol/sdp/negotiate.ts';
import { parseSdp } from '../../protocol/sdp/session.ts';
import type { SipRequest } from '../../protocol/sip/message.ts';
import { responseTo } from '../../protocol/sip/response.ts';
import type { MediaClock, RtpSession } from '../../switch/rtp/types.ts';
import type { ServerTransaction } from '../../switch/sip/transactions.ts';
import { type Dialog, requestIn } from './dialog.ts';
import { Voice, type VoiceSettings } from './voice.ts';

/** How a call reaches the network. */
export interface CallPort {
  /** Our Contact URI. */
  readonly contact: string;
  send(request: SipRequest): void;
  nextSequence(): number;
}

/** A call that is up. */
export class PhoneCall {
  /** Settles when either side has hung up. */
  readonly ended: Promise<'us' | 'them'>;
  readonly voice: Voice;
  readonly #port: CallPort;
  readonly #dialog: Dialog;
  readonly #session: RtpSession;
  #end: (by: 'us' | 'them') => void = () => undefined;
  #isUp = true;
  #version = 1;

  constructor(
    port: CallPort,
    dialog: Dialog,
    session: RtpSession,
    sound: VoiceSettings & { readonly clock: MediaClock },
  ) {
    this.#port = port;
    this.#dialog = dialog;
    this.#session = session;
    this.voice = new Voice(session, sound.clock, sound);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get callId(): string {
    return this.#dialog.callId;
  }

  /** Presses keys one after another (RFC 4733). */
  async press(keys: string): Promise<void> {
    await this.#session.sendDigits(keys, { durationMs: 120, gapMs: 120 });
  }

  hangUp(): void {
    if (!this.#isUp) return;
    this.#port.send(requestIn(this.#dialog, 'BYE', this.#port.nextSequence()));
    this.#close('us');
  }

  /** A request within the call. */
  take(transaction: ServerTransaction): void {
    const { message } = transaction.received;
    switch (message.method) {
      case 'BYE':
        transaction.respond(responseTo(message, 200));
        this.#close('them');
        return;
      case 'INVITE':
      case 'UPDATE':
        this.#renegotiate(transaction);
        return;
      default:
        transaction.respond(responseTo(message, 200));
    }
  }

  #renegotiate(transaction: ServerTransaction): void {
    const { message } = transaction.received;
    const contact = { name: 'Contact', value: `<${this.#port.contact}>` };
    if (message.body.length === 0) {
      transaction.respond(responseTo(message, 200, { headers: [contact] }));
      return;
    }
    const offer = parseSdp(message.body);
    const negotiation = negotiateAudio(offer);
    if (negotiation.kind === 'refused') {
      transaction.respond(responseTo(message, 488));
      return;
    }
    this.#version += 1;
    const direction = answerDirection(negotiation.audio.direction);
    const local = { ...localSession(this.#session, this.#version), direction };
    applyRemote(this.#session, message.body);
    transaction.respond(
      responseTo(message, 200, {
        headers: [contact, { name: 'Content-Type', value: 'application/sdp' }],
        body: Buffer.from(buildAnswer(local, offer, negotiation.choice)),
      }),
    );
  }

  #close(by: 'us' | 'them'): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.voice.close();
    this.#end(by);
  }
}

/** Our side of an offer or answer. */
export function localSession(session: RtpSession, sessionVersion: number): LocalSession {
  return {
    username: '-',
    sessionId: String(session.ssrc),
    sessionVersion,
    name: 'softphone',
    address: session.address,
    port: session.localPort,
    direction: 'sendrecv',
  };
}

/** Sends and receives as the other side's description says. Throws if nothing there fits. */
export function applyRemote(session: RtpSession, description: Buffer): void {
  const negotiation = negotiateAudio(parseSdp(description));
  if (negotiation.kind === 'refused') throw new Error(negotiation.text);
  const { audio, choice } = negotiation;
  session.configure({
    remote: { address: audio.address, port: audio.port },
    codec: choice.codec,
    payloadType: choice.payloadType,
    ...(choice.telephoneEventType === undefined
      ? {}
      : { telephoneEventType: choice.telephoneEventType }),
    direction: answerDirection(audio.direction),
  });
}
