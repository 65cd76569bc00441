import { Hearing } from './hearing.ts';
import { RtpEar, type SessionOptions } from './rtp-ear.ts';

/** The sound of a telephone whose signalling is somebody else's (SIPp's): it hears and presses keys. */
export class PromptEar {
  readonly hearing = new Hearing();
  readonly #ear: RtpEar;

  private constructor(ear: RtpEar) {
    this.#ear = ear;
    ear.aimAtSource();
    ear.onFrame((samples) => {
      this.hearing.hear(samples);
    });
  }

  static async open(law: 'PCMU' | 'PCMA' = 'PCMU'): Promise<PromptEar> {
    return new PromptEar(await RtpEar.open(law));
  }

  /** The session to offer or to answer with. */
  sdp(options: SessionOptions = {}): string {
    return this.#ear.sdp(options);
  }

  press(keys: string, how: 'rfc4733' | 'in-band' = 'rfc4733'): Promise<void> {
    return this.#ear.press(keys, how);
  }

  /** Says these tones until told otherwise; none is silence. */
  say(...frequencies: number[]): void {
    this.#ear.say(...frequencies);
  }

  /** Says this sound once. Resolves when all was sent. */
  saySound(samples: Int16Array): Promise<void> {
    return this.#ear.saySound(samples);
  }

  close(): void {
    this.#ear.close();
  }
}
