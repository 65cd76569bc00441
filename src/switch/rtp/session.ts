import type { RemoteInfo } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { createDtmfDetector, type DtmfDetector } from '../../protocol/audio/dtmf-detector.ts';
import { A_LAW, type Companding, MU_LAW } from '../../protocol/audio/g711.ts';
import { RtpError } from '../../protocol/rtp/errors.ts';
import { emptyRtpHeader, looksLikeRtcp, readRtpHeader } from '../../protocol/rtp/packet.ts';
import { decodeTelephoneEvent } from '../../protocol/rtp/telephone-event.ts';
import { checkConfiguration, isReachable } from './configuration.ts';
import { DigitReceiver } from './digit-receiver.ts';
import { DigitSender } from './digit-sender.ts';
import { RtpSessionError } from './errors.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { type Destination, PacketWriter } from './packet-writer.ts';
import { Reception } from './reception.ts';
import { type ReceivedSoFar, RtcpReporter } from './rtcp-reporter.ts';
import { SourceLatch } from './source-latch.ts';
import {
  FRAME_MS,
  FRAME_SAMPLES,
  type MediaClock,
  type PortPair,
  type RtpConfiguration,
  type RtpIds,
  type RtpPorts,
  type RtpSession,
  type RtpSessionEvents,
  type RtpStatistics,
  type SendDigitsOptions,
} from './types.ts';

/** Ticks between our RTCP reports: 5 s (RFC 3550 section 6.2). */
const REPORT_TICKS = 5000 / FRAME_MS;

const SAMPLES_A_MS = 8;
const PAYLOAD_PCMU = 0;
const PAYLOAD_PCMA = 8;
const PAYLOAD_COMFORT_NOISE = 13;

/** Binds a pair of ports and joins the clock. Rejects with PortsExhaustedError. */
export async function openRtpSession(options: {
  readonly ports: RtpPorts;
  readonly clock: MediaClock;
  readonly ids: RtpIds;
}): Promise<RtpSession> {
  const pair = await options.ports.acquire();
  return new Session(options.ports.address, pair, options.clock, options.ids);
}

class Session extends EventEmitter<RtpSessionEvents> implements RtpSession {
  readonly address: string;
  readonly localPort: number;
  readonly received = new Int16Array(FRAME_SAMPLES);
  readonly #pair: PortPair;
  readonly #writer: PacketWriter;
  readonly #reporter: RtcpReporter;
  readonly #latch = new SourceLatch();
  readonly #jitter = new JitterBuffer();
  readonly #reception = new Reception();
  readonly #digitSender = new DigitSender();
  readonly #digitReceiver = new DigitReceiver((event) => this.emit('dtmf', event));
  readonly #header = emptyRtpHeader();
  readonly #leaveClock: readonly (() => void)[];
  readonly #openedAt: number;
  readonly #reportOffset: number;
  #configuration: RtpConfiguration | undefined;
  #law: Companding = MU_LAW;
  #rtcpTo: Destination | undefined;
  #onFrame: ((frame: Int16Array, silentFill: boolean) => void) | undefined;
  #detector: DtmfDetector | undefined;
  #eventsSeen = false;
  #receivedNothing = true;
  #loaded = false;
  #closed = false;
  #failing = false;
  #counts = { packets: 0, bytes: 0, sendErrors: 0, late: 0, malformed: 0, foreign: 0 };

  constructor(address: string, pair: PortPair, clock: MediaClock, ids: RtpIds) {
    super();
    this.address = address;
    this.localPort = pair.port;
    this.#pair = pair;
    this.#writer = new PacketWriter(pair.rtp, ids.uint32(), ids.uint32(), ids.uint32());
    const nowMs = (): number => performance.timeOrigin + performance.now();
    this.#reporter = new RtcpReporter(this.ssrc, ids.cname(), nowMs);
    this.#openedAt = clock.tick;
    // Sessions opened together do not all report at the same tick.
    this.#reportOffset = this.ssrc % REPORT_TICKS;
    pair.rtp.on('message', this.#onRtp);
    pair.rtcp.on('message', this.#onRtcp);
    pair.rtp.on('error', this.#onSocketError);
    pair.rtcp.on('error', this.#onSocketError);
    this.#leaveClock = [
      clock.subscribe('receive', this.#receive),
      clock.subscribe('transmit', this.#transmit),
    ];
  }

  get ssrc(): number {
    return this.#writer.ssrc;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get receivedNothing(): boolean {
    return this.#receivedNothing;
  }

  configure(configuration: RtpConfiguration): void {
    checkConfiguration(configuration);
    this.#configuration = configuration;
    this.#law = configuration.codec === 'PCMA' ? A_LAW : MU_LAW;
    const { remote } = configuration;
    this.#rtcpTo = remote && { address: remote.address, port: remote.rtcpPort ?? remote.port + 1 };
    const addresses = remote ? [remote.address, ...(configuration.alsoFrom ?? [])] : [];
    this.#latch.expect(addresses, remote?.port ?? 0);
    this.#loaded = false;
    this.#failing = false;
  }

  onFrame(listener: (frame: Int16Array, silentFill: boolean) => void): void {
    this.#onFrame = listener;
  }

  send(frame: Int16Array | undefined): void {
    this.#loaded = frame !== undefined;
    if (frame) this.#writer.load(this.#law, frame);
  }

  sendDigits(digits: string, options: SendDigitsOptions = {}): Promise<void> {
    if (this.#closed) {
      return Promise.reject(new RtpSessionError('closed', 'the RTP session is closed'));
    }
    return this.#digitSender.enqueue(digits, options);
  }

  detectInband(on: boolean): void {
    if (!on) this.#detector = undefined;
    else this.#detector ??= createDtmfDetector();
  }

  statistics(): RtpStatistics {
    return {
      packetsSent: this.#writer.packets,
      bytesSent: this.#writer.bytes,
      sendErrors: this.#counts.sendErrors,
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
      roundTripMs: this.#reporter.roundTripMs,
      remoteLost: this.#reporter.remoteLost,
      remoteJitterMs: this.#reporter.remoteJitterMs,
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const leave of this.#leaveClock) leave();
    if (this.#writer.packets + this.#counts.packets > 0) {
      this.#sendRtcp(this.#reporter.goodbye(this.#writer, this.#receivedSoFar()));
    }
    this.#digitSender.close();
    this.#pair.release();
  }

  readonly #receive = (): void => {
    this.#latch.tick();
    this.#digitReceiver.tick();
    const frame = this.received;
    this.#receivedNothing = !this.#jitter.take(frame);
    if (this.#detector) this.#hear(this.#detector, frame);
    this.#onFrame?.(frame, this.#receivedNothing);
  };

  /** A caller's phone that sends events may let its tones be heard as well: the events count. */
  #hear(detector: DtmfDetector, frame: Int16Array): void {
    const heard = detector.process(frame);
    if (heard && !this.#eventsSeen) this.emit('dtmf', { ...heard, source: 'inband' });
  }

  readonly #transmit = (tick: number): void => {
    const ticks = tick - this.#openedAt;
    this.#writer.setTime(ticks);
    this.#sendTick();
    this.#loaded = false;
    if (ticks % REPORT_TICKS === this.#reportOffset && this.#configuration) {
      this.#sendRtcp(this.#reporter.report(this.#writer, this.#receivedSoFar()));
    }
  };

  #sendTick(): void {
    const configuration = this.#configuration;
    const eventType = configuration?.telephoneEventType;
    // Digits take their time even when nothing can be sent, so that nobody waits for ever.
    const digits = this.#digitSender.busy ? this.#digitSender.next(eventType !== undefined) : null;
    const to = configuration && this.#destination(configuration);
    if (!configuration || !to) return this.#writer.pause();
    if (digits?.kind === 'event' && eventType !== undefined) {
      return this.#writer.sendEvent(eventType, digits.event, digits.first, to);
    }
    if (digits?.kind === 'tone') {
      this.#writer.load(this.#law, digits.frame);
      this.#loaded = true;
    }
    if (this.#loaded) return this.#writer.sendSound(configuration.payloadType, to);
    return this.#writer.pause();
  }

  #destination(configuration: RtpConfiguration): Destination | undefined {
    const { remote, direction, symmetric } = configuration;
    if (!remote || !isReachable(remote) || !sends(direction)) return undefined;
    return (symmetric && this.#latch.source) || remote;
  }

  readonly #onRtp = (bytes: Buffer, from: RemoteInfo): void => {
    if (looksLikeRtcp(bytes)) return this.#onRtcp(bytes, from);
    const configuration = this.#configuration;
    if (!configuration || !receives(configuration.direction)) return;
    try {
      readRtpHeader(bytes, this.#header);
      const { payloadType } = this.#header;
      if (payloadType === configuration.telephoneEventType) this.#onEvent(bytes, from);
      else if (payloadType === PAYLOAD_COMFORT_NOISE) this.#onComfortNoise(from);
      else this.#onSound(bytes, from, configuration);
    } catch (error) {
      this.#countMalformed(error);
    }
  };

  #onSound(bytes: Buffer, from: RemoteInfo, configuration: RtpConfiguration): void {
    const header = this.#header;
    const law = lawOf(header.payloadType, configuration, this.#law);
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
    this.#digitReceiver.receive(event, timestamp, marker);
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
      this.emit('media', { address: from.address, port: from.port, ssrc });
    }
    return true;
  }

  #count(): void {
    this.#counts.packets++;
    this.#counts.bytes += this.#header.payloadEnd - this.#header.payloadStart;
  }

  readonly #onRtcp = (bytes: Buffer, from: RemoteInfo): void => {
    if (!this.#latch.expects(from.address)) {
      this.#counts.foreign++;
      return;
    }
    try {
      const bye = this.#reporter.receive(bytes);
      if (this.#configuration?.symmetric) this.#rtcpTo = from;
      if (bye) this.emit('bye');
    } catch (error) {
      this.#countMalformed(error);
    }
  };

  #receivedSoFar(): ReceivedSoFar | undefined {
    const source = this.#latch.source;
    return source && { ...this.#reception.report(), ssrc: source.ssrc };
  }

  #sendRtcp(packet: Buffer): void {
    const to = this.#rtcpTo;
    if (!to || to.port > 65_535 || !isReachable(to)) return;
    this.#pair.rtcp.send(packet, to.port, to.address);
  }

  #countMalformed(error: unknown): void {
    if (!(error instanceof RtpError)) throw error;
    this.#counts.malformed++;
  }

  /** Told once until the next `configure`, since a failing network fails 50 times a second. */
  readonly #onSocketError = (error: Error): void => {
    this.#counts.sendErrors++;
    if (this.#failing) return;
    this.#failing = true;
    this.emit('socketError', error);
  };
}

function sends(direction: RtpConfiguration['direction']): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

function receives(direction: RtpConfiguration['direction']): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** The agreed payload type, or the static types, which leave no doubt about their law. */
function lawOf(
  payloadType: number,
  configuration: RtpConfiguration,
  agreed: Companding,
): Companding | undefined {
  if (payloadType === configuration.payloadType) return agreed;
  if (payloadType === PAYLOAD_PCMU) return MU_LAW;
  return payloadType === PAYLOAD_PCMA ? A_LAW : undefined;
}
