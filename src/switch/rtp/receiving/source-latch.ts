import { FRAME_MS } from '../types.ts';

/** Packets in sequence before another stream of the same place, or of the declared port, is taken. */
const STREAM_PROOF = 2;

/** Packets in sequence before a port is taken that was not declared. */
const PORT_PROOF = 3;

/** How long the present source must be silent before such a port can take its place. */
const SILENCE_TICKS = 200 / FRAME_MS;

export interface MediaSource {
  readonly address: string;
  readonly port: number;
  readonly ssrc: number;
}

export type Verdict = 'same' | 'new-stream' | 'foreign';

/**
 * Decides whose packets are heard. Only the expected addresses count at all. On them the declared port
 * is believed at its first packet; another port, as of a phone behind NAT, must show packets in
 * sequence, and cannot push out a source that is still speaking.
 */
export class SourceLatch {
  #addresses: readonly string[] = [];
  #declaredPort = 0;
  #source: MediaSource | undefined;
  #silentTicks = 0;
  #candidate: MediaSource | undefined;
  #candidateNext = 0;
  #candidateCount = 0;

  get source(): MediaSource | undefined {
    return this.#source;
  }

  /** What SDP says; a change of address or port forgets the source learnt. */
  expect(addresses: readonly string[], declaredPort: number): void {
    const same =
      declaredPort === this.#declaredPort &&
      addresses.length === this.#addresses.length &&
      addresses.every((address, index) => address === this.#addresses[index]);
    if (same) return;
    this.#addresses = addresses;
    this.#declaredPort = declaredPort;
    this.#source = undefined;
    this.#candidate = undefined;
  }

  expects(address: string): boolean {
    return this.#addresses.includes(address);
  }

  /** Whether a packet comes from the source, or before there is one from the declared port. */
  isSource(address: string, port: number): boolean {
    if (this.#source) return this.#source.port === port && this.#source.address === address;
    return port === this.#declaredPort && this.expects(address);
  }

  tick(): void {
    this.#silentTicks++;
  }

  judge(address: string, port: number, ssrc: number, sequence: number): Verdict {
    const source = this.#source;
    if (source && source.port === port && source.address === address && source.ssrc === ssrc) {
      this.#silentTicks = 0;
      return 'same';
    }
    if (!this.expects(address)) return 'foreign';
    const proof = this.#proofNeeded(address, port);
    if (this.#follow(address, port, ssrc, sequence) < proof) return 'foreign';
    this.#source = { address, port, ssrc };
    this.#candidate = undefined;
    this.#silentTicks = 0;
    return 'new-stream';
  }

  #proofNeeded(address: string, port: number): number {
    const source = this.#source;
    if (!source) return port === this.#declaredPort ? 1 : PORT_PROOF;
    const samePlace = source.port === port && source.address === address;
    if (samePlace || port === this.#declaredPort) return STREAM_PROOF;
    return this.#silentTicks >= SILENCE_TICKS ? PORT_PROOF : Number.POSITIVE_INFINITY;
  }

  /** Packets that the candidate has sent in sequence, this one counted. */
  #follow(address: string, port: number, ssrc: number, sequence: number): number {
    const known = this.#candidate;
    const goesOn =
      known !== undefined &&
      known.address === address &&
      known.port === port &&
      known.ssrc === ssrc &&
      this.#candidateNext === sequence;
    if (!goesOn) this.#candidate = { address, port, ssrc };
    this.#candidateCount = goesOn ? this.#candidateCount + 1 : 1;
    this.#candidateNext = (sequence + 1) & 0xffff;
    return this.#candidateCount;
  }
}
