import type { Channel } from './channel.ts';

const PAYLOAD_BYTES = 160;

/** Sets FreeSWITCH's `rtp_audio_...` variables from what the stream has counted (switch_core_media_set_stats). */
export function setMediaStatistics(channel: Channel): void {
  const counts = channel.audio.session.statistics();
  const lost = Math.max(0, counts.lost);
  const expected = counts.packetsReceived + lost;
  const quality = expected === 0 ? 100 : (100 * counts.packetsReceived) / expected;
  const values: Readonly<Record<string, string | number>> = {
    in_raw_bytes: counts.bytesReceived,
    in_media_bytes: counts.packetsReceived * PAYLOAD_BYTES,
    in_packet_count: counts.packetsReceived,
    in_media_packet_count: counts.packetsReceived,
    in_skip_packet_count: lost,
    in_jitter_packet_count: counts.late,
    in_dtmf_packet_count: 0,
    in_cng_packet_count: 0,
    in_flush_packet_count: 0,
    in_largest_jb_size: 0,
    in_jitter_min_variance: counts.jitterMs.toFixed(2),
    in_jitter_max_variance: counts.jitterMs.toFixed(2),
    in_jitter_loss_rate: (100 - quality).toFixed(2),
    in_jitter_burst_rate: '0.00',
    in_mean_interval: '20.00',
    in_flaw_total: lost,
    in_quality_percentage: quality.toFixed(2),
    in_mos: meanOpinionScore(quality).toFixed(2),
    out_raw_bytes: counts.bytesSent,
    out_media_bytes: counts.packetsSent * PAYLOAD_BYTES,
    out_packet_count: counts.packetsSent,
    out_media_packet_count: counts.packetsSent,
    out_skip_packet_count: 0,
    out_dtmf_packet_count: 0,
    out_cng_packet_count: 0,
    rtcp_packet_count: 0,
    rtcp_octet_count: 0,
  };
  for (const [name, value] of Object.entries(values)) {
    channel.variables.set(`rtp_audio_${name}`, String(value));
  }
}

/** FreeSWITCH's mapping of a quality in percent to a score up to 4.5. */
function meanOpinionScore(quality: number): number {
  return Math.min(4.5, 1 + 0.035 * quality + 0.000007 * quality * (quality - 60) * (100 - quality));
}
