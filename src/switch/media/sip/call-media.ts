import { answerDirection, isHold } from '../../../protocol/sdp/negotiate.ts';
import type { Direction } from '../../../protocol/sdp/session.ts';
import type { Channel } from '../channel/channel.ts';
import { ORIGINS } from '../events/origins.ts';
import {
  asVariable,
  type LocalDescription,
  type RemoteMedia,
  writeAnswer,
  writeOffer,
} from './description.ts';

/** The media side of a SIP call: what was agreed, in the stream and in channel variables. */
export class CallMedia {
  readonly #channel: Channel;
  readonly #local: LocalDescription;
  #agreed: RemoteMedia | undefined;

  constructor(channel: Channel, local: LocalDescription) {
    this.#channel = channel;
    this.#local = local;
  }

  /** Our offer; nothing is agreed until its answer comes. */
  offer(): string {
    const text = writeOffer(this.#local);
    this.#channel.variables.set('rtp_local_sdp_str', asVariable(text, this.#local));
    return text;
  }

  /** Takes an offer and gives the answer to it. */
  answer(remote: RemoteMedia, body: string): string {
    const direction = answerDirection(remote.direction);
    const text = writeAnswer(this.#local, remote, direction);
    this.agree(remote, body, direction);
    this.#channel.variables.set('rtp_local_sdp_str', asVariable(text, this.#local));
    return text;
  }

  /** Takes what was agreed into use. */
  agree(
    remote: RemoteMedia,
    body: string,
    direction: Direction = answerDirection(remote.direction),
  ): void {
    this.#agreed = remote;
    this.#configure(remote, direction);
    this.#setVariables(remote, body, direction);
    this.#followHold(remote);
  }

  /** What is in force, told again: the answer to a re-INVITE or UPDATE that changes nothing. */
  get agreed(): RemoteMedia | undefined {
    return this.#agreed;
  }

  #configure(remote: RemoteMedia, direction: Direction): void {
    const { codec, payloadType, telephoneEventType } = remote.choice;
    // RFC 2543's hold: an address nobody is at.
    const nowhere = remote.address === '0.0.0.0';
    this.#channel.audio.session.configure({
      ...(nowhere ? {} : { remote: remoteOf(remote) }),
      codec,
      payloadType,
      direction: nowhere ? 'inactive' : direction,
      ...(telephoneEventType === undefined ? {} : { telephoneEventType }),
    });
  }

  #setVariables(remote: RemoteMedia, body: string, direction: Direction): void {
    const { codec, payloadType, telephoneEventType } = remote.choice;
    const { session } = this.#channel.audio;
    this.#channel.variables.setAll({
      switch_r_sdp: body,
      ep_codec_string: `CORE_PCM_MODULE.${codec}@8000h@20i@64000b`,
      rtp_use_codec_string: 'PCMU,PCMA',
      remote_video_media_flow: 'inactive',
      remote_text_media_flow: 'inactive',
      remote_audio_media_flow: remote.direction,
      audio_media_flow: direction,
      rtp_audio_recv_pt: String(payloadType),
      rtp_use_codec_name: codec,
      rtp_use_codec_rate: '8000',
      rtp_use_codec_ptime: '20',
      rtp_use_codec_channels: '1',
      rtp_last_audio_codec_string: `${codec}@8000h@20i@1c`,
      read_codec: codec,
      original_read_codec: codec,
      read_rate: '8000',
      original_read_rate: '8000',
      write_codec: codec,
      write_rate: '8000',
      dtmf_type: telephoneEventType === undefined ? 'none' : 'rfc2833',
      local_media_ip: this.#local.mediaAddress,
      local_media_port: String(this.#local.port),
      advertised_media_ip: this.#local.mediaAddress,
      rtp_use_timer_name: 'soft',
      rtp_use_pt: String(payloadType),
      rtp_use_ssrc: String(session.ssrc),
      rtp_2833_send_payload:
        telephoneEventType === undefined ? undefined : String(telephoneEventType),
      rtp_2833_recv_payload:
        telephoneEventType === undefined ? undefined : String(telephoneEventType),
      remote_media_ip: remote.address,
      remote_media_port: String(remote.port),
    });
  }

  #followHold(remote: RemoteMedia): void {
    const audio = remote.description.audio;
    const held = audio !== undefined && isHold(audio);
    const channel = this.#channel;
    if (held === channel.onHold || !channel.answered) return;
    channel.onHold = held;
    const nowMs = channel.context.clock.nowMs();
    const { times } = channel.profile;
    if (held) {
      times.lastHoldMs = nowMs;
      channel.setCallState('HELD');
      channel.announce('CHANNEL_HOLD', ORIGINS.hold);
      return;
    }
    times.holdAccumulatedMs += nowMs - times.lastHoldMs;
    channel.setCallState('UNHELD');
    channel.announce('CHANNEL_UNHOLD', ORIGINS.hold);
    channel.setCallState('ACTIVE');
  }
}

function remoteOf(remote: RemoteMedia): { address: string; port: number; rtcpPort?: number } {
  const { address, port, rtcpPort } = remote;
  return rtcpPort === undefined ? { address, port } : { address, port, rtcpPort };
}
