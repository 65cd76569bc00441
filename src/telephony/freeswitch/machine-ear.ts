import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, MACHINE_LISTEN_SECONDS } from '../../engine/ports.ts';
import { BeepDetector } from '../../protocol/audio/beep-detector.ts';
import { SpeechMeter } from '../../protocol/audio/speech-meter.ts';
import { WAV_HEADER_BYTES } from '../../protocol/audio/wav.ts';

export interface MachineEarListener {
  speech(active: boolean, agoMs: number): void;
  beep(): void;
}

export interface MachineEarDependencies {
  readonly clock: Clock;
  /** The file that FreeSWITCH writes, as we see it. */
  readonly path: string;
  /** Begins and ends the recording of what the party says. @throws CallFailure */
  readonly record: (action: 'start' | 'stop') => Promise<void>;
  readonly listener: MachineEarListener;
  /** Called at the first fault of the file, after which nothing more is told. */
  readonly failed: (error: unknown) => void;
}

/** Variables of the recording: what the party says, alone, and each frame as it comes. */
export const EAR_RECORDING =
  '{RECORD_STEREO=false,RECORD_READ_ONLY=true,enable_file_write_buffering=false}';

const FRAME_MS = 20;
const FRAME_BYTES = 320;
const READ_EVERY_MS = 60;
/** Most that is taken at once; more than comes between two readings. */
const CHUNK_BYTES = 16_000;
/** No sound for so long is silence: some phones send nothing while nobody speaks. */
const NOTHING_MS = 240;

/** How the files begin that FreeSWITCH writes for an ear. They have a name for a moment only. */
const FILE_PREFIX = 'listening-';

/** The file for a channel's ear. */
export function earFile(uuid: string): string {
  return `${FILE_PREFIX}${uuid}.wav`;
}

/** Removes what a crash left in that moment. Never throws: a folder that is not there holds none. */
export async function removeEarFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  const left = names.filter((name) => name.startsWith(FILE_PREFIX));
  await Promise.allSettled(left.map((name) => rm(join(folder, name), { force: true })));
}

/**
 * Hears the first seconds of what a called party says. FreeSWITCH has no event for it (its TALK and
 * NOTALK are about what it sends), so it records the party into a file that is read as it grows. The
 * file loses its name as soon as both have it open: no other program finds it, and the system frees it
 * when both close it, even after a crash. Nothing of the sound is kept.
 */
export class MachineEar {
  readonly #needs: MachineEarDependencies;
  readonly #speech = new SpeechMeter(FRAME_MS);
  readonly #beeps = new BeepDetector();
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  #file: FileHandle | undefined;
  #position = WAV_HEADER_BYTES;
  /** Until then the party has been heard, or taken for silent. */
  #heardUntil = 0;
  #over = false;
  #closing: Promise<void> | undefined;
  #reading: Promise<void> = Promise.resolve();
  #stopTimer = (): void => undefined;

  constructor(needs: MachineEarDependencies) {
    this.#needs = needs;
  }

  /** Never throws. */
  async start(): Promise<void> {
    const { clock, path, record } = this.#needs;
    try {
      await record('start');
      this.#file = await open(path, 'r');
    } catch (error) {
      this.#fail(error);
    } finally {
      await rm(path, { force: true }).catch((error: unknown) => this.#fail(error));
    }
    if (this.#over) {
      await this.#close();
      return;
    }
    this.#heardUntil = clock.now();
    this.#readSoon(clock.now() + MACHINE_LISTEN_SECONDS * 1000);
  }

  /** Ends the recording; waits until it has. Never throws; safe to repeat. */
  stop(): Promise<void> {
    this.#over = true;
    this.#stopTimer();
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #readSoon(untilMs: number): void {
    if (this.#over) return;
    this.#stopTimer = this.#needs.clock.startTimer(READ_EVERY_MS, () => {
      if (this.#needs.clock.now() >= untilMs) {
        void this.stop();
        return;
      }
      this.#reading = this.#read().then(
        () => this.#readSoon(untilMs),
        (error: unknown) => this.#fail(error),
      );
    });
  }

  async #read(): Promise<void> {
    if (this.#file === undefined) return;
    const { bytesRead } = await this.#file.read(this.#chunk, 0, CHUNK_BYTES, this.#position);
    const whole = bytesRead - (bytesRead % FRAME_BYTES);
    this.#position += whole;
    if (this.#over) return;
    for (let offset = 0; offset < whole; offset += FRAME_BYTES) {
      this.#hear(frameAt(this.#chunk, offset), 0);
    }
    const now = this.#needs.clock.now();
    if (whole > 0) this.#heardUntil = now;
    while (now - this.#heardUntil >= NOTHING_MS) {
      this.#heardUntil += FRAME_MS;
      this.#hear(undefined, now - this.#heardUntil);
    }
  }

  /** `lagMs`: how long ago the frame ended. */
  #hear(frame: Int16Array | undefined, lagMs: number): void {
    const { listener } = this.#needs;
    const change = this.#speech.process(frame);
    if (change !== undefined) listener.speech(change.active, change.agoMs + lagMs);
    if (this.#beeps.process(frame ?? SILENCE)) listener.beep();
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#needs.failed(error);
    void this.stop();
  }

  async #close(): Promise<void> {
    await this.#reading;
    const file = this.#file;
    this.#file = undefined;
    await Promise.allSettled([file?.close(), this.#needs.record('stop')]);
  }
}

const SILENCE = new Int16Array(FRAME_BYTES / 2);

function frameAt(bytes: Buffer, offset: number): Int16Array {
  return Int16Array.from({ length: FRAME_BYTES / 2 }, (_, index) =>
    bytes.readInt16LE(offset + index * 2),
  );
}
