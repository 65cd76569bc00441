import { CallFailure } from '../../domain/call/failure.ts';
import type { Clock } from '../../engine/ports.ts';
import type { ChannelCommands } from './channel-commands.ts';

interface RecordingDependencies {
  readonly uuid: string;
  readonly commands: ChannelCommands;
  readonly clock: Clock;
  /** Aborts when the channel has ended. */
  readonly over: AbortSignal;
  /** FreeSWITCH stopped writing a recording by itself, as on a full disk. */
  readonly lost: (path: string) => void;
}

/** What is recorded of one channel of FreeSWITCH. Left: what the party says. Right: what it hears. */
export class ChannelRecordings {
  readonly #needs: RecordingDependencies;
  readonly #running = new Map<string, { readonly startedAt: number; endedAt?: number }>();
  #watches = false;

  constructor(needs: RecordingDependencies) {
    this.#needs = needs;
  }

  /** @throws CallFailure */
  async start(path: string): Promise<void> {
    if (this.#running.has(path)) {
      throw new CallFailure('us', 'this recording is running already');
    }
    const { commands, clock, uuid } = this.#needs;
    // First, so that an end right after the start is told.
    this.#watch();
    await commands.order('uuid_record', `${uuid} start ${path}`);
    this.#running.set(path, { startedAt: clock.now() });
  }

  /** Length of the recording in ms; one that ended with its channel counts until then. @throws CallFailure */
  async stop(path: string): Promise<number> {
    const recording = this.#running.get(path);
    if (recording === undefined) throw new CallFailure('us', 'no such recording is running');
    this.#running.delete(path);
    const { commands, clock, over, uuid } = this.#needs;
    const clockedMs = (): number => (recording.endedAt ?? clock.now()) - recording.startedAt;
    if (over.aborted) return clockedMs();
    await commands.order('uuid_record', `${uuid} stop ${path}`);
    const counted = await commands.ask('uuid_getvar', `${uuid} record_ms`);
    return /^\d{1,12}\s*$/u.test(counted) ? Number(counted) : clockedMs();
  }

  /** The channel has ended, and they with it. */
  ended(): void {
    const endedAt = this.#needs.clock.now();
    for (const recording of this.#running.values()) recording.endedAt ??= endedAt;
  }

  /** Listens, from before the first recording on, for one that FreeSWITCH ends. */
  #watch(): void {
    if (this.#watches) return;
    this.#watches = true;
    const { commands, over, lost } = this.#needs;
    commands.subscribe('RECORD_STOP');
    commands.on('RECORD_STOP', (event) => {
      const path = event.getHeader('Record-File-Path') ?? '';
      // Recordings also end with their channel, which is no loss.
      const isOver = event.getHeader('Answer-State') === 'hangup' || over.aborted;
      if (isOver || !this.#running.delete(path)) return;
      lost(path);
    });
  }
}
