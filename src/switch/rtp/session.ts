import type { RemoteInfo } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { type Companding, MU_LAW } from '../../protocol/audio/g711.ts';
import { RtpError } from '../../protocol/rtp/errors.ts';
import { looksLikeRtcp } from '../../protocol/rtp/packet.ts';
import { checkConfiguration, isReachable, lawOf, sends } from './configuration.ts';
import { RtpSessionError } from './errors.ts';
import { PacketReader } from './receiving/packet-reader.ts';
import { RtcpReporter } from './rtcp-reporter.ts';
import { DigitSender } from './sending/digit-sender.ts';
import { type Destination, PacketWriter } from './sending/packet-writer.ts';
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
  readonly #reader = new PacketReader({
    dtmf: (event) => this.emit('dtmf', event),
    media: (source) => this.emit('media', source),
  });
  readonly #digitSender = new DigitSender();
  readonly #leaveClock: readonly (() => void)[];
  readonly #openedAt: number;
  readonly #reportOffset: number;
  #configuration: RtpConfiguration | undefined;
  #law: Companding = MU_LAW;
  #rtcpTo: Destination | undefined;
  #onFrame: ((frame: Int16Array, silentFill: boolean) => void) | undefined;
  #receivedNothing = true;
  #loaded = false;
  #closed = false;
  #failing = false;
  #sendErrors = 0;
  readonly #rtcpRefused = { malformed: 0, foreign: 0 };

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
    this.#law = lawOf(configuration);
    this.#reader.configure(configuration);
    const { remote } = configuration;
    this.#rtcpTo = remote && { address: remote.address, port: remote.rtcpPort ?? remote.port + 1 };
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
    this.#reader.detectInband(on);
  }

  statistics(): RtpStatistics {
    const received = this.#reader.statistics();
    return {
      ...received,
      malformed: received.malformed + this.#rtcpRefused.malformed,
      foreign: received.foreign + this.#rtcpRefused.foreign,
      packetsSent: this.#writer.packets,
      bytesSent: this.#writer.bytes,
      sendErrors: this.#sendErrors,
      roundTripMs: this.#reporter.roundTripMs,
      remoteLost: this.#reporter.remoteLost,
      remoteJitterMs: this.#reporter.remoteJitterMs,
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const leave of this.#leaveClock) leave();
    if (this.#writer.packets + this.#reader.packets > 0) {
      this.#sendRtcp(this.#reporter.goodbye(this.#writer, this.#reader.report()));
    }
    this.#digitSender.close();
    this.#pair.release();
  }

  readonly #receive = (): void => {
    const frame = this.received;
    this.#receivedNothing = !this.#reader.take(frame);
    this.#reader.listen(frame);
    this.#onFrame?.(frame, this.#receivedNothing);
  };

  readonly #transmit = (tick: number): void => {
    const ticks = tick - this.#openedAt;
    this.#writer.setTime(ticks);
    this.#sendTick();
    this.#loaded = false;
    if (ticks % REPORT_TICKS === this.#reportOffset && this.#configuration) {
      this.#sendRtcp(this.#reporter.report(this.#writer, this.#reader.report()));
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
    return (symmetric && this.#reader.source) || remote;
  }

  readonly #onRtp = (bytes: Buffer, from: RemoteInfo): void => {
    if (looksLikeRtcp(bytes)) return this.#onRtcp(bytes, from);
    this.#reader.receive(bytes, from);
  };

  readonly #onRtcp = (bytes: Buffer, from: RemoteInfo): void => {
    if (!this.#reader.expects(from.address)) {
      this.#rtcpRefused.foreign++;
      return;
    }
    try {
      const bye = this.#reporter.receive(bytes);
      if (this.#configuration?.symmetric) this.#rtcpTo = from;
      if (bye) this.emit('bye');
    } catch (error) {
      if (!(error instanceof RtpError)) throw error;
      this.#rtcpRefused.malformed++;
    }
  };

  #sendRtcp(packet: Buffer): void {
    const to = this.#rtcpTo;
    if (!to || to.port > 65_535 || !isReachable(to)) return;
    this.#pair.rtcp.send(packet, to.port, to.address);
  }

  /** Told once until the next `configure`, since a failing network fails 50 times a second. */
  readonly #onSocketError = (error: Error): void => {
    this.#sendErrors++;
    if (this.#failing) return;
    this.#failing = true;
    this.emit('socketError', error);
  };
}
