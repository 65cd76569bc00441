import type { RemoteInfo } from 'node:dgram';
import { createDtmfDetector, type DtmfDetector } from '../../../protocol/audio/dtmf-detector.ts';
import { A_LAW, type Companding, MU_LAW } from '../../../protocol/audio/g711.ts';
import { RtpError } from '../../../protocol/rtp/errors.ts';
import { emptyRtpHeader, readRtpHeader } from '../../../protocol/rtp/packet.ts';
import { decodeTelephoneEvent } from '../../../protocol/rtp/telephone-event.ts';
import { lawOf, receives } from '../configuration.ts';
import type { ReceivedSoFar } from '../rtcp-reporter.ts';
import type { DtmfEvent, RtpConfiguration, RtpStatistics } from '../types.ts';
import { DigitReceiver } from './digit-receiver.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { Reception } from './reception.ts';
import { type MediaSource, SourceLatch } from './source-latch.ts';

const SAMPLES_A_MS = 8;
const PAYLOAD_PCMU = 0;
const PAYLOAD_PCMA = 8;
const PAYLOAD_COMFORT_NOISE = 13;

/** Who is told of what the packets say besides sound. */
export interface PacketReaderListener {
  /** A key of the far end, by telephone-event or in the sound. */
  dtmf(event: DtmfEvent): void;
  /** A new stream of the far end is heard. */
  media(source: MediaSource): void;
}

/** The far end's stream of one session: whose packets count, their sound in order, keys, and what is lost. */
export class PacketReader {
  readonly #listener: PacketReaderListener;
  readonly #latch = new SourceLatch();
  readonly #jitter = new JitterBuffer();
  readonly #reception = new Reception();
  readonly #digits: DigitReceiver;
  readonly #header = emptyRtpHeader();
  #configuration: RtpConfiguration | undefined;
  #law: Companding = MU_LAW;
  #detector: DtmfDetector | undefined;
  #eventsSeen = false;
  readonly #counts = { packets: 0, bytes: 0, late: 0, malformed: 0, foreign: 0 };

  constructor(listener: PacketReaderListener) {
    this.#listener = listener;
    this.#digits = new DigitReceiver((event) => listener.dtmf(event));
  }

  /** Packets of the far end that were heard. */
  get packets(): number {
    return this.#counts.packets;
  }

  /** Where the far end's packets come from; undefined before its first. */
  get source(): MediaSource | undefined {
    return this.#latch.source;
  }

  /** Whether anything from this address may count. */
  expects(address: string): boolean {
    return this.#latch.expects(address);
  }

  /** Takes what was agreed. A change of the far end's address or port forgets its source. */
  configure(configuration: RtpConfiguration): void {
    this.#configuration = configuration;
    this.#law = lawOf(configuration);
    const { remote } = configuration;
    const addresses = remote ? [remote.address, ...(configuration.alsoFrom ?? [])] : [];
    this.#latch.expect(addresses, remote?.port ?? 0);
  }

  /** Whether keys are heard in the sound as well. */
  detectInband(on: boolean): void {
    if (!on) this.#detector = undefined;
    else this.#detector ??= createDtmfDetector();
  }

  /** One tick: fills `frame` with the sound that is due; false when there is none. */
  take(frame: Int16Array): boolean {
    this.#latch.tick();
    this.#digits.tick();
    return this.#jitter.take(frame);
  }

  /**
   * Hears keys in the sound of one tick, if that is on. A caller's phone that sends events may let its tones
   * be heard as well: the events count.
   */
  listen(frame: Int16Array): void {
    const heard = this.#detector?.process(frame);
    if (heard && !this.#eventsSeen) this.#listener.dtmf({ ...heard, source: 'inband' });
  }

  /** Takes a packet; one that cannot be read is counted. */
  receive(bytes: Buffer, from: RemoteInfo): void {
    const configuration = this.#configuration;
    if (!configuration || !receives(configuration.direction)) return;
    try {
      readRtpHeader(bytes, this.#header);
      const { payloadType } = this.#header;
      if (payloadType === configuration.telephoneEventType) this.#onEvent(bytes, from);
      else if (payloadType === PAYLOAD_COMFORT_NOISE) this.#onComfortNoise(from);
      else this.#onSound(bytes, from, configuration);
    } catch (error) {
      if (!(error instanceof RtpError)) throw error;
      this.#counts.malformed++;
    }
  }

  /** For an RTCP report; its part of packets lost is since the report before. Undefined before the first packet. */
  report(): ReceivedSoFar | undefined {
    const source = this.#latch.source;
    return source && { ...this.#reception.report(), ssrc: source.ssrc };
  }

  /** What was received, in the session's figures. */
  statistics() {
    return {
      packetsReceived: this.#counts.packets,
      bytesReceived: this.#counts.bytes,
      lost: this.#reception.lost,
      late: this.#counts.late,
      duplicates: this.#reception.duplicates,
      outOfOrder: this.#reception.reordered,
      malformed: this.#counts.malformed,
      foreign: this.#counts.foreign,
      jitterMs: this.#reception.jitter / SAMPLES_A_MS,
      bufferMs: this.#jitter.delayMs,
    } satisfies Partial<RtpStatistics>;
  }

  #onSound(bytes: Buffer, from: RemoteInfo, configuration: RtpConfiguration): void {
    const header = this.#header;
    const law = lawOfPayload(header.payloadType, configuration, this.#law);
    if (!law) {
      this.#counts.malformed++;
      return;
    }
    if (!this.#admit(from)) return;
    this.#count();
    if (this.#reception.arrived(header.sequence) === 'duplicate') return;
    this.#reception.measureJitter(header.timestamp, performance.now() * SAMPLES_A_MS);
    const { payloadStart, payloadEnd, timestamp, marker } = header;
    const result = this.#jitter.put(law, bytes, payloadStart, payloadEnd, timestamp, marker);
    if (result === 'late' || result === 'misfit') this.#counts.late++;
  }

  /** Silence is played as silence; the packet counts, or it would be taken for a lost one. */
  #onComfortNoise(from: RemoteInfo): void {
    if (!this.#admit(from)) return;
    this.#count();
    this.#reception.arrived(this.#header.sequence);
  }

  /** Events may have an SSRC of their own; what counts is that they come from the source's port. */
  #onEvent(bytes: Buffer, from: RemoteInfo): void {
    const { payloadStart, payloadEnd, timestamp, marker, sequence, ssrc } = this.#header;
    const event = decodeTelephoneEvent(bytes.subarray(payloadStart, payloadEnd));
    if (!this.#latch.isSource(from.address, from.port) && !this.#admit(from)) return;
    this.#count();
    if (this.#latch.source?.ssrc === ssrc) this.#reception.arrived(sequence);
    this.#eventsSeen = true;
    this.#digits.receive(event, timestamp, marker);
  }

  /** Whether a packet is of the far end's stream; a new stream starts the receiver anew. */
  #admit(from: RemoteInfo): boolean {
    const { ssrc, sequence } = this.#header;
    const verdict = this.#latch.judge(from.address, from.port, ssrc, sequence);
    if (verdict === 'foreign') {
      this.#counts.foreign++;
      return false;
    }
    if (verdict === 'new-stream') {
      this.#reception.restart();
      this.#jitter.reset();
      this.#listener.media({ address: from.address, port: from.port, ssrc });
    }
    return true;
  }

  #count(): void {
    this.#counts.packets++;
    this.#counts.bytes += this.#header.payloadEnd - this.#header.payloadStart;
  }
}

/** The agreed payload type, or the static types, which leave no doubt about their law. */
function lawOfPayload(
  payloadType: number,
  configuration: RtpConfiguration,
  agreed: Companding,
): Companding | undefined {
  if (payloadType === configuration.payloadType) return agreed;
  if (payloadType === PAYLOAD_PCMU) return MU_LAW;
  return payloadType === PAYLOAD_PCMA ? A_LAW : undefined;
}
