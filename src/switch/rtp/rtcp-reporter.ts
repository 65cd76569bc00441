import {
  decodeRtcp,
  encodeRtcp,
  type ReportBlock,
  type RtcpPacket,
  type SenderReport,
} from '../../protocol/rtp/rtcp.ts';
import type { ReceptionReport } from './receiving/reception.ts';

/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_EPOCH_SECONDS = 2_208_988_800;
const FRACTIONS = 2 ** 32;
const SAMPLES_A_MS = 8;

/** What we have sent, for a sender report. */
export interface SentSoFar {
  readonly packets: number;
  readonly bytes: number;
  /** RTP timestamp of now. */
  readonly timestamp: number;
}

/** What was received of one source, for a report block. */
export interface ReceivedSoFar extends ReceptionReport {
  readonly ssrc: number;
}

/** Writes our RTCP reports and reads those of the far end. Wall-clock time comes from `nowMs`. */
export class RtcpReporter {
  readonly #ssrc: number;
  readonly #cname: string;
  readonly #nowMs: () => number;
  #sentAtLastReport = 0;
  #lastSenderReport = 0;
  #lastSenderReportMs = 0;
  #roundTripMs: number | undefined;
  #remote: ReportBlock | undefined;

  constructor(ssrc: number, cname: string, nowMs: () => number) {
    this.#ssrc = ssrc;
    this.#cname = cname;
    this.#nowMs = nowMs;
  }

  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  get remoteLost(): number | undefined {
    return this.#remote?.cumulativeLost;
  }

  get remoteJitterMs(): number | undefined {
    return this.#remote && this.#remote.jitter / SAMPLES_A_MS;
  }

  /** A compound packet: SR when something was sent since the last one, else RR; then SDES. */
  report(sent: SentSoFar, received: ReceivedSoFar | undefined): Buffer {
    return encodeRtcp(this.#packets(sent, received));
  }

  /** The last report, with BYE. */
  goodbye(sent: SentSoFar, received: ReceivedSoFar | undefined): Buffer {
    const bye: RtcpPacket = { kind: 'goodbye', ssrcs: [this.#ssrc] };
    return encodeRtcp([...this.#packets(sent, received), bye]);
  }

  /** Takes a datagram; true when the far end said BYE. Throws RtpError. */
  receive(bytes: Uint8Array): boolean {
    let bye = false;
    for (const packet of decodeRtcp(bytes)) {
      if (packet.kind === 'goodbye') bye = true;
      if (packet.kind === 'sender-report') this.#noteSenderReport(packet);
      if (packet.kind === 'sender-report' || packet.kind === 'receiver-report') {
        const ours = packet.reports.find((report) => report.ssrc === this.#ssrc);
        if (ours) this.#noteReport(ours);
      }
    }
    return bye;
  }

  #packets(sent: SentSoFar, received: ReceivedSoFar | undefined): RtcpPacket[] {
    const reports = received ? [this.#block(received)] : [];
    const names: RtcpPacket = {
      kind: 'source-description',
      names: [{ ssrc: this.#ssrc, cname: this.#cname }],
    };
    const isSender = sent.packets > this.#sentAtLastReport;
    this.#sentAtLastReport = sent.packets;
    if (!isSender) return [{ kind: 'receiver-report', ssrc: this.#ssrc, reports }, names];
    const { seconds, fraction } = ntpTime(this.#nowMs());
    const report: SenderReport = {
      kind: 'sender-report',
      ssrc: this.#ssrc,
      ntpSeconds: seconds,
      ntpFraction: fraction,
      rtpTimestamp: sent.timestamp,
      packets: sent.packets >>> 0,
      bytes: sent.bytes >>> 0,
      reports,
    };
    return [report, names];
  }

  #block(received: ReceivedSoFar): ReportBlock {
    const sinceMs = this.#nowMs() - this.#lastSenderReportMs;
    const delay = this.#lastSenderReport === 0 ? 0 : Math.round((sinceMs / 1000) * 65536);
    return {
      ...received,
      lastSenderReport: this.#lastSenderReport,
      delaySinceLastSenderReport: Math.max(0, Math.min(0xffffffff, delay)),
    };
  }

  #noteSenderReport(report: SenderReport): void {
    this.#lastSenderReport = middle(report.ntpSeconds, report.ntpFraction);
    this.#lastSenderReportMs = this.#nowMs();
  }

  /** Round trip (RFC 3550 section 6.4.1): arrival - LSR - DLSR, all in 65536ths of a second. */
  #noteReport(report: ReportBlock): void {
    this.#remote = report;
    if (report.lastSenderReport === 0) return;
    const { seconds, fraction } = ntpTime(this.#nowMs());
    const now = middle(seconds, fraction);
    const units = (now - report.lastSenderReport - report.delaySinceLastSenderReport) | 0;
    // Slightly negative by rounding; far off means that the report is not about our SR.
    if (units > -65536 && units < 65536 * 60) this.#roundTripMs = Math.max(0, units / 65.536);
  }
}

function ntpTime(unixMs: number): { seconds: number; fraction: number } {
  const seconds = unixMs / 1000 + NTP_EPOCH_SECONDS;
  const whole = Math.floor(seconds);
  const fraction = Math.min(FRACTIONS - 1, Math.floor((seconds - whole) * FRACTIONS));
  // The count of seconds begins again in 2036 (RFC 5905 section 6).
  return { seconds: whole >>> 0, fraction };
}

/** The middle 32 bits of an NTP time. */
function middle(seconds: number, fraction: number): number {
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}
