import { setMaxListeners } from 'node:events';
import type Mrf from 'drachtio-fsmrf';
import { CallFailure } from '../../domain/call/failure.ts';
import { isKey, type Key } from '../../domain/ivr/keys.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { asError, within } from '../deadline.ts';
import { type KeySource, keySourceOf } from '../keys.ts';
import { ChannelCommands } from './channel-commands.ts';
import { ChannelRecordings } from './channel-recordings.ts';
import { EAR_RECORDING, MachineEar, type MachineEarListener } from './machine-ear.ts';
import { type PlayEnd, Player } from './player.ts';
import type { MediaSignalling } from './signalling.ts';
import { TTY_FOUND, ttyDetectors } from './tty-ear.ts';

export interface EndpointListener extends MachineEarListener {
  key(key: Key, source: KeySource): void;
  /** FreeSWITCH ended it, or is lost. Not called after `destroy`. */
  ended(): void;
  /** FreeSWITCH stopped writing a recording by itself, as on a full disk. */
  recordingLost(path: string): void;
  /** Carrier of a text telephone; told once. */
  tty(): void;
}

export interface EndpointDependencies {
  readonly signalling: MediaSignalling;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when FreeSWITCH is lost. */
  readonly lost: AbortSignal;
  /** Ends a channel through the media server's own connection. */
  readonly kill: (uuid: string) => void;
  /** Called once it has been destroyed. */
  readonly gone: (endpoint: MediaEndpoint) => void;
}

const DESTROY_WITHIN_MS = 2_000;

/** Marks our channels, so that those left over from a crash can be told from others. */
export const OURS = ['linekeeper', 'yes'] as const;

/**
 * Channel variables of every endpoint: a star is a key like any other, recordings are stereo, kept
 * however short, and written as they come, so that a crash leaves what was said.
 */
const VARIABLES = [
  'playback_terminators=none',
  'RECORD_STEREO=true',
  'RECORD_MIN_SEC=0',
  'enable_file_write_buffering=false',
  OURS.join('='),
].join(';');

/** One channel of FreeSWITCH: sound in and out for one party. */
export class MediaEndpoint {
  /** What FreeSWITCH offered or answered when the endpoint was made. */
  readonly localSdp: string;
  readonly #endpoint: Mrf.Endpoint;
  readonly #needs: EndpointDependencies;
  readonly #commands: ChannelCommands;
  readonly #player: Player;
  readonly #recordings: ChannelRecordings;
  readonly #over = new AbortController();
  /** Kept, since the library drops the dialog of an endpoint that has ended. */
  readonly #dialogId: string;
  /** FreeSWITCH closes its connection when the channel has gone. */
  readonly #disconnected: Promise<void>;
  #machineEar: MachineEar | undefined;
  #listensForTty = false;
  #listener: EndpointListener | undefined;
  #destroying: Promise<void> | undefined;
  /** Re-INVITEs and bridges one after another: FreeSWITCH ends a channel where two of them meet. */
  #negotiation: Promise<unknown> = Promise.resolve();

  constructor(endpoint: Mrf.Endpoint, needs: EndpointDependencies) {
    this.#endpoint = endpoint;
    this.#needs = needs;
    this.#dialogId = endpoint.dialog.id;
    this.localSdp = endpoint.dialog.remote.sdp;
    setMaxListeners(0, this.#over.signal);
    this.#commands = new ChannelCommands(endpoint, needs.clock, this.#over.signal);
    // The library writes a command in pieces: without this each waits 40 ms for the last.
    endpoint.conn?.socket?.setNoDelay(true);
    endpoint.on('destroy', () => this.#onEnded());
    this.#disconnected = new Promise((resolve) => {
      endpoint.conn?.on('esl::end', () => resolve());
    });
    endpoint.on('dtmf', ({ dtmf, source }) => {
      if (isKey(dtmf)) this.#listener?.key(dtmf, keySourceOf(source ?? undefined));
    });
    needs.lost.addEventListener('abort', this.#onEnded, { once: true, signal: this.#over.signal });
    this.#player = new Player({
      clock: needs.clock,
      over: this.#over.signal,
      playback: (argument) => this.#commands.execute('playback', argument),
      onceStarted: (listener) => this.#commands.on('PLAYBACK_START', listener),
      breakPlayback: async () => {
        await this.#commands.ask('uuid_break', this.uuid);
      },
    });
    this.#recordings = new ChannelRecordings({
      uuid: this.uuid,
      commands: this.#commands,
      clock: needs.clock,
      over: this.#over.signal,
      lost: (path) => this.#listener?.recordingLost(path),
    });
    if (!endpoint.connected || needs.lost.aborted) this.#onEnded();
    else this.#prepare();
  }

  get uuid(): string {
    return this.#endpoint.uuid;
  }

  get alive(): boolean {
    return !this.#over.signal.aborted;
  }

  /** Takes the place of an earlier listener. An endpoint that has ended says so at once. */
  listen(listener: EndpointListener): void {
    this.#listener = listener;
    if (!this.alive && this.#destroying === undefined) listener.ended();
  }

  /** Gives FreeSWITCH the party's session; @returns its answer. @throws Error with a `status` */
  renegotiate(sdp: string): Promise<string> {
    const turn = this.#negotiation.then(async () => {
      if (!this.alive) throw new CallFailure('freeswitch', 'the endpoint has ended');
      return this.#needs.signalling.reinvite(this.#dialogId, sdp);
    });
    this.#negotiation = turn.catch(() => undefined);
    return turn;
  }

  /** Hears keys in the sound itself, for a party without RFC 4733. */
  detectInbandKeys(): void {
    this.#commands.execute('start_dtmf', '').catch((error: unknown) => {
      if (!this.alive) return;
      this.#needs.log.warn('keys in the sound can not be heard', { fault: asError(error).name });
    });
  }

  /**
   * Tells when the party speaks and beeps, until `bridge` or the end. `files`: where FreeSWITCH writes for
   * it, as FreeSWITCH and as we see it. Never throws.
   */
  async listenForMachine(files: { readonly theirs: string; readonly ours: string }): Promise<void> {
    if (this.#machineEar !== undefined || !this.alive) return;
    const { clock, log } = this.#needs;
    this.#machineEar = new MachineEar({
      clock,
      path: files.ours,
      record: (action) => {
        const how = action === 'start' ? ` 0 ${EAR_RECORDING}` : '';
        return this.#commands.order('uuid_record', `${this.uuid} ${action} ${files.theirs}${how}`);
      },
      listener: {
        speech: (active, agoMs) => this.#listener?.speech(active, agoMs),
        beep: () => this.#listener?.beep(),
      },
      failed: (error) => {
        if (!this.alive) return;
        log.warn('a machine could not be listened for', { fault: asError(error).name });
      },
    });
    await this.#machineEar.start();
  }

  /** Tells once when a text telephone is heard. Never throws. */
  async listenForTty(): Promise<void> {
    if (this.#listensForTty || !this.alive) return;
    this.#listensForTty = true;
    const takeOff = this.#commands.on('CHANNEL_EXECUTE', (event) => {
      if (event.getHeader('Application-Data') !== TTY_FOUND) return;
      takeOff();
      this.#listener?.tty();
    });
    try {
      const detectors = ttyDetectors(this.uuid);
      await Promise.all(detectors.map((detector) => this.#commands.order('tone_detect', detector)));
    } catch (error) {
      if (!this.alive) return;
      this.#needs.log.warn('a text telephone could not be listened for', {
        fault: asError(error).name,
      });
    }
  }

  play(argument: string): Promise<PlayEnd> {
    return this.#player.play(argument);
  }

  playOn(argument: string): Promise<void> {
    return this.#player.playOn(argument);
  }

  stopSound(): Promise<void> {
    return this.#player.stop();
  }

  /** Resolves once sound goes both ways. Waits for re-INVITEs under way, and those after it for it. @throws CallFailure */
  bridge(other: MediaEndpoint): Promise<void> {
    const turn = Promise.all([this.#negotiation, other.#negotiation]).then(() =>
      this.#bridge(other),
    );
    this.#negotiation = turn.catch(() => undefined);
    other.#negotiation = this.#negotiation;
    return turn;
  }

  async #bridge(other: MediaEndpoint): Promise<void> {
    await Promise.all([
      this.stopSound(),
      other.stopSound(),
      this.#machineEar?.stop(),
      other.#machineEar?.stop(),
    ]);
    const bridged = Promise.all([
      this.#commands.begins('uuid_bridge'),
      other.#commands.begins('uuid_bridge'),
    ]);
    bridged.catch(() => undefined);
    await this.#commands.order('uuid_bridge', `${this.uuid} ${other.uuid}`);
    await bridged;
  }

  /** Resolves once this one is parked; the peer is too. @throws CallFailure */
  async unbridge(): Promise<void> {
    const parked = this.#commands.begins('park');
    parked.catch(() => undefined);
    await this.#commands.order('uuid_transfer', `${this.uuid} -both park inline`);
    await parked;
  }

  /** Left: what the party says. Right: what it hears. @throws CallFailure */
  startRecording(path: string): Promise<void> {
    return this.#recordings.start(path);
  }

  /** Length of the recording; one that ended with its channel counts until then. @throws CallFailure */
  stopRecording(path: string): Promise<number> {
    return this.#recordings.stop(path);
  }

  /** Ends the channel. Never throws; safe to repeat. */
  destroy(): Promise<void> {
    this.#destroying ??= this.#destroy();
    return this.#destroying;
  }

  async #destroy(): Promise<void> {
    const { clock, log, lost, signalling, kill, gone } = this.#needs;
    this.#end();
    try {
      // The library waits for a BYE, which may have come before.
      await within(Promise.race([this.#endpoint.destroy(), this.#disconnected]), {
        clock,
        what: 'hangup',
        limitMs: DESTROY_WITHIN_MS,
        lost,
      });
    } catch (error) {
      log.debug('an endpoint had to be killed', { fault: asError(error).name });
      kill(this.uuid);
    } finally {
      signalling.forget(this.#dialogId);
      gone(this);
    }
  }

  readonly #onEnded = (): void => {
    if (!this.alive) return;
    this.#end();
    this.#listener?.ended();
  };

  #end(): void {
    this.#recordings.ended();
    void this.#machineEar?.stop();
    this.#over.abort();
  }

  #prepare(): void {
    this.#commands
      .order('uuid_setvar_multi', `${this.uuid} ${VARIABLES}`)
      .catch((error: unknown) => {
        if (!this.alive) return;
        this.#needs.log.error('an endpoint could not be prepared', { fault: asError(error).name });
      });
  }
}
