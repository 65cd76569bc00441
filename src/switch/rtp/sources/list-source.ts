import { AudioSourceError } from '../errors.ts';
import { type AudioSource, FRAME_SAMPLES } from '../types.ts';

type Open = (name: string) => Promise<AudioSource>;

const SILENT_FRAME = new Int16Array(FRAME_SAMPLES);

/**
 * Plays several sources one after another: FreeSWITCH's file_string. The next one is opened while the
 * present one plays; one that cannot be opened is passed over, as FreeSWITCH does.
 */
export class ListSource implements AudioSource {
  readonly #names: readonly string[];
  readonly #open: Open;
  #nextName: number;
  #current: AudioSource | undefined;
  #following: AudioSource | undefined;
  #opening = false;
  #played = 0;
  #closed = false;
  /** What is no AudioSourceError; thrown by `next`. */
  #problem: Error | undefined;

  private constructor(names: readonly string[], open: Open, first: AudioSource, nextName: number) {
    this.#names = names;
    this.#open = open;
    this.#current = first;
    this.#nextName = nextName;
    this.#prepare();
  }

  /** Rejects with the error of the last name when none can be opened. */
  static async open(names: readonly string[], open: Open): Promise<ListSource> {
    let problem = new AudioSourceError('bad-name', 'file_string://', 'an empty list');
    for (const [index, name] of names.entries()) {
      try {
        return new ListSource(names, open, await open(name), index + 1);
      } catch (error) {
        if (!(error instanceof AudioSourceError)) throw error;
        problem = error;
      }
    }
    throw problem;
  }

  get samplesPlayed(): number {
    return this.#played + (this.#current?.samplesPlayed ?? 0);
  }

  next(): Int16Array | undefined {
    if (this.#closed) return undefined;
    const frame = this.#current?.next();
    if (frame) return frame;
    this.#endCurrent();
    if (this.#following) {
      this.#current = this.#following;
      this.#following = undefined;
      this.#prepare();
      return this.next();
    }
    if (this.#problem) throw this.#problem;
    // The next file is not there yet: silence for as long as that takes.
    return this.#opening ? SILENT_FRAME : undefined;
  }

  close(): void {
    this.#closed = true;
    this.#current?.close();
    this.#following?.close();
  }

  #endCurrent(): void {
    this.#played = this.samplesPlayed;
    this.#current?.close();
    this.#current = undefined;
  }

  #prepare(): void {
    this.#opening = true;
    this.#openFollowing().then(
      (source) => {
        this.#opening = false;
        if (this.#closed) source?.close();
        else this.#following = source;
      },
      (error: unknown) => {
        this.#opening = false;
        this.#problem = error instanceof Error ? error : new Error(String(error));
      },
    );
  }

  async #openFollowing(): Promise<AudioSource | undefined> {
    while (this.#nextName < this.#names.length && !this.#closed) {
      const name = this.#names[this.#nextName++] ?? '';
      const source = await this.#open(name).catch((error: unknown) => {
        if (error instanceof AudioSourceError) return undefined;
        throw error;
      });
      if (source) return source;
    }
    return undefined;
  }
}
