import type { AudioSource, MixerMember } from '../../rtp/types.ts';
import { FRAME_SAMPLES } from '../../rtp/types.ts';
import type { Channel } from '../channel/channel.ts';
import type { MemberFlags } from './flags.ts';

/** Mean amplitude above which a member is talking, and how many quiet frames end it. */
const TALKING_AMPLITUDE = 100;
const QUIET_FRAMES = 25;

/** One party in a conference. */
export class Member {
  readonly id: number;
  readonly channel: Channel;
  readonly flags: MemberFlags;
  readonly mix: MixerMember;
  canSpeak: boolean;
  canHear: boolean;
  onHold = false;
  talking = false;
  /** Mean amplitude of the last frame that was talk; FreeSWITCH tells it in events. */
  energy = 0;
  /** Set when the member is to leave: kicked, or at the end of the conference. */
  leaving: 'kicked' | 'ended' | undefined;
  /** Sounds only this member hears; the first plays. */
  readonly sounds: AudioSource[] = [];
  readonly #heard = new Int16Array(FRAME_SAMPLES);
  #quietFrames = 0;

  constructor(id: number, channel: Channel, flags: MemberFlags, mix: MixerMember) {
    this.id = id;
    this.channel = channel;
    this.flags = flags;
    this.mix = mix;
    this.canSpeak = !flags.mute;
    this.canHear = !flags.deaf;
  }

  /** Gives what the member says to the mix. */
  speak(): void {
    const { audio } = this.channel;
    this.mix.muted = !this.canSpeak || this.onHold;
    this.mix.deaf = !this.canHear || this.onHold;
    this.mix.input(audio.receivedNothing ? undefined : audio.received);
  }

  /** Sends the member what it hears, with its own sounds in front. */
  listen(): void {
    const own = this.#nextOwnSound();
    if (own === undefined) {
      this.channel.audio.write(this.mix.output);
      return;
    }
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      const sum = (this.mix.output[i] ?? 0) + (own[i] ?? 0);
      this.#heard[i] = Math.max(-32_768, Math.min(32_767, sum));
    }
    this.channel.audio.write(this.#heard);
  }

  #nextOwnSound(): Int16Array | undefined {
    for (let source = this.sounds[0]; source !== undefined; source = this.sounds[0]) {
      const frame = source.next();
      if (frame !== undefined) return frame;
      source.close();
      this.sounds.shift();
    }
    return undefined;
  }

  /** Whether the member began or stopped talking at this tick. */
  observeTalk(): 'started' | 'stopped' | undefined {
    const loud =
      this.canSpeak && !this.channel.audio.receivedNothing && this.#loudness() > TALKING_AMPLITUDE;
    this.#quietFrames = loud ? 0 : this.#quietFrames + 1;
    if (loud && !this.talking) {
      this.talking = true;
      return 'started';
    }
    if (!this.talking || this.#quietFrames < QUIET_FRAMES) return undefined;
    this.talking = false;
    return 'stopped';
  }

  #loudness(): number {
    let sum = 0;
    for (const sample of this.channel.audio.received) sum += Math.abs(sample);
    const mean = Math.round(sum / FRAME_SAMPLES);
    if (mean > TALKING_AMPLITUDE) this.energy = mean;
    return mean;
  }

  stopSounds(which: 'current' | 'all'): number {
    const stopped = this.sounds.splice(0, which === 'current' ? 1 : this.sounds.length);
    for (const source of stopped) source.close();
    return stopped.length;
  }
}
