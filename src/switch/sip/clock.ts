/** Where transactions get their timers; tests put their own in its place. */
export interface Clock {
  /** Runs `action` once after `delayMs`; the returned function takes that back. */
  after(delayMs: number, action: () => void): () => void;
}

/** The clock of the machine. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** The base times of RFC 3261 section 17.1.1.1; every other timer is derived from them. */
export interface SipTimers {
  /** Estimated round trip: the first retransmission interval. */
  readonly t1Ms: number;
  /** The longest retransmission interval of anything but an INVITE. */
  readonly t2Ms: number;
  /** How long a message may stay in the network. */
  readonly t4Ms: number;
  /** The first retransmission interval of an INVITE, when it is not T1 (drachtio-server waits twice as long). */
  readonly inviteT1Ms?: number;
}

export const DEFAULT_SIP_TIMERS: SipTimers = { t1Ms: 500, t2Ms: 4000, t4Ms: 5000 };

/** Timers B, F, H, J (RFC 3261), L and M (RFC 6026), and D over UDP: how long a transaction may last. */
export function lifetimeMs(timers: SipTimers): number {
  return 64 * timers.t1Ms;
}
