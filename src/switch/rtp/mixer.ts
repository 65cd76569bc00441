import { FRAME_SAMPLES, type Mixer, type MixerMember } from './types.ts';

/** Members of one mix. */
const MAX_MEMBERS = 500;

/** A mix is full. */
export class MixerFullError extends Error {
  override readonly name = 'MixerFullError';

  constructor() {
    super(`a mix has at most ${MAX_MEMBERS} members`);
  }
}

/** Adds `frame` to `target` and keeps to 16 bits. */
export function addSaturated(target: Int16Array, frame: Int16Array): void {
  for (let index = 0; index < target.length; index++) {
    target[index] = saturate((target[index] ?? 0) + (frame[index] ?? 0));
  }
}

/** An empty mix. Adding a member throws MixerFullError when it is full. */
export function createMixer(): Mixer {
  return new SumMixer();
}

class Member implements MixerMember {
  readonly output = new Int16Array(FRAME_SAMPLES);
  readonly said = new Int16Array(FRAME_SAMPLES);
  muted: boolean;
  deaf: boolean;
  /** Whether `said` holds sound of this tick. */
  speaks = false;
  readonly #leave: (member: Member) => void;

  constructor(muted: boolean, deaf: boolean, leave: (member: Member) => void) {
    this.muted = muted;
    this.deaf = deaf;
    this.#leave = leave;
  }

  input(frame: Int16Array | undefined): void {
    this.speaks = frame !== undefined && !this.muted;
    if (frame && this.speaks) this.said.set(frame);
  }

  remove(): void {
    this.#leave(this);
  }
}

class SumMixer implements Mixer {
  readonly #members = new Set<Member>();
  readonly #sum = new Int32Array(FRAME_SAMPLES);

  get size(): number {
    return this.#members.size;
  }

  add(options: { readonly muted?: boolean; readonly deaf?: boolean } = {}): MixerMember {
    if (this.#members.size >= MAX_MEMBERS) throw new MixerFullError();
    const member = new Member(options.muted ?? false, options.deaf ?? false, (leaving) =>
      this.#members.delete(leaving),
    );
    this.#members.add(member);
    return member;
  }

  mix(): void {
    const sum = this.#sum;
    sum.fill(0);
    for (const { speaks, said } of this.#members) {
      if (!speaks) continue;
      for (let index = 0; index < FRAME_SAMPLES; index++) {
        sum[index] = (sum[index] ?? 0) + (said[index] ?? 0);
      }
    }
    for (const member of this.#members) {
      this.#hear(member);
      member.speaks = false;
    }
  }

  /** Everybody's sound but the member's own. */
  #hear(member: Member): void {
    const { output, said } = member;
    if (member.deaf) {
      output.fill(0);
      return;
    }
    for (let index = 0; index < FRAME_SAMPLES; index++) {
      const own = member.speaks ? (said[index] ?? 0) : 0;
      output[index] = saturate((this.#sum[index] ?? 0) - own);
    }
  }
}

function saturate(value: number): number {
  return value > 32767 ? 32767 : value < -32768 ? -32768 : value;
}
