import { join } from 'node:path';
import { CallFailure } from '../domain/call/failure.ts';
import type { Key } from '../domain/ivr/keys.ts';
import type { SoundName } from '../domain/ivr/sound-name.ts';
import type { Voice } from '../domain/ivr/voice.ts';
import type { Clock, Leg, LegListener, LegTone, Log } from '../engine/ports.ts';
import { asError } from './deadline.ts';
import { OfferRefused, type SipParty } from './drachtio/party.ts';
import { statusOf } from './drachtio/srf.ts';
import type { MediaEndpoint } from './freeswitch/endpoint.ts';
import { earFile } from './freeswitch/machine-ear.ts';
import { KeyMerger, type KeySource } from './keys.ts';
import { hasTelephoneEvent, onlyG711 } from './sdp.ts';
import { MUSIC, playlist, recordingPath } from './sounds.ts';

export interface LegDependencies {
  readonly clock: Clock;
  readonly log: Log;
  /** Holds a folder for each voice, as FreeSWITCH sees it. */
  readonly soundsFolder: string;
  /** As FreeSWITCH sees it. */
  readonly recordingsFolder: string;
  /** The same folder, as we see it. */
  readonly ownRecordingsFolder: string;
  /** Called once, when dialog and endpoint are both gone. */
  readonly gone: () => void;
}

type EndedBy = 'party' | 'us' | 'failure';

/** A SIP dialog and its media endpoint: whichever ends first takes the other with it. */
export class CallLeg implements Leg {
  readonly #party: SipParty;
  readonly #endpoint: MediaEndpoint;
  readonly #needs: LegDependencies;
  readonly #keys = new KeyMerger();
  readonly #listeners: LegListener[] = [];
  #endedBy: EndedBy | undefined;
  #teardown: Promise<void> = Promise.resolve();

  /** `negotiated`: the answer, whichever side gave it. */
  constructor(
    party: SipParty,
    endpoint: MediaEndpoint,
    negotiated: string,
    needs: LegDependencies,
  ) {
    this.#party = party;
    this.#endpoint = endpoint;
    this.#needs = needs;
    endpoint.listen({
      key: (key, source) => this.#onKey(key, source),
      ended: () => this.#end('failure', 'media'),
      recordingLost: (path) => this.#onRecordingLost(path),
      speech: (active, agoMs) => this.#onSpeech(active, agoMs),
      beep: () => this.#onTone('beep'),
      tty: () => this.#onTone('tty'),
    });
    party.listen({
      offered: (sdp) => this.#renegotiate(sdp),
      answered: async (sdp) => {
        await this.#renegotiate(sdp);
      },
      key: (key) => this.#onKey(key, 'info'),
      ended: (by) => this.#end(by, 'dialog'),
    });
    if (!hasTelephoneEvent(negotiated) && endpoint.alive) endpoint.detectInbandKeys();
  }

  async play(sounds: readonly SoundName[], voice: Voice): Promise<'finished' | 'stopped'> {
    const argument = playlist(this.#needs.soundsFolder, sounds, voice);
    if (this.#endedBy !== undefined) return 'stopped';
    return this.#endpoint.play(argument);
  }

  async playMusic(): Promise<void> {
    this.#mustBeUp();
    await this.#endpoint.playOn(MUSIC);
  }

  async stopSound(): Promise<void> {
    if (this.#endedBy === undefined) await this.#endpoint.stopSound();
  }

  async bridge(other: Leg): Promise<void> {
    if (!(other instanceof CallLeg) || other === this) {
      throw new CallFailure('us', 'these two can not be joined');
    }
    this.#mustBeUp();
    other.#mustBeUp();
    await this.#endpoint.bridge(other.#endpoint);
  }

  async unbridge(): Promise<void> {
    this.#mustBeUp();
    await this.#endpoint.unbridge();
  }

  async startRecording(file: string): Promise<void> {
    this.#mustBeUp();
    await this.#endpoint.startRecording(recordingPath(this.#needs.recordingsFolder, file));
  }

  async stopRecording(file: string): Promise<{ readonly durationMs: number }> {
    const path = recordingPath(this.#needs.recordingsFolder, file);
    return { durationMs: await this.#endpoint.stopRecording(path) };
  }

  async listenForMachine(): Promise<void> {
    if (this.#endedBy !== undefined) return;
    const { recordingsFolder, ownRecordingsFolder } = this.#needs;
    const file = earFile(this.#endpoint.uuid);
    await this.#endpoint.listenForMachine({
      theirs: `${recordingsFolder}/${file}`,
      ours: join(ownRecordingsFolder, file),
    });
  }

  async listenForTty(): Promise<void> {
    if (this.#endedBy === undefined) await this.#endpoint.listenForTty();
  }

  async hangUp(): Promise<void> {
    this.#end('us', 'us');
    await this.#teardown;
  }

  listen(listener: LegListener): void {
    if (this.#endedBy === undefined) this.#listeners.push(listener);
    else listener.ended(this.#endedBy);
  }

  #mustBeUp(): void {
    if (this.#endedBy === undefined) return;
    throw new CallFailure(this.#endedBy === 'party' ? 'caller' : 'us', 'the call has ended');
  }

  async #renegotiate(sdp: string): Promise<string> {
    const usable = onlyG711(sdp);
    if (usable === undefined) throw new OfferRefused(488);
    try {
      return await this.#endpoint.renegotiate(usable);
    } catch (error) {
      throw new OfferRefused(statusOf(error) ?? 500, { cause: error });
    }
  }

  #onKey(key: Key, source: KeySource): void {
    if (this.#endedBy !== undefined) return;
    if (!this.#keys.isNew(key, source, this.#needs.clock.now())) return;
    for (const listener of this.#listeners) listener.key(key);
  }

  #onSpeech(active: boolean, agoMs: number): void {
    if (this.#endedBy !== undefined) return;
    for (const listener of this.#listeners) listener.speech?.(active, agoMs);
  }

  #onTone(name: LegTone): void {
    if (this.#endedBy !== undefined) return;
    for (const listener of this.#listeners) listener.tone?.(name);
  }

  #onRecordingLost(path: string): void {
    const file = path.slice(path.lastIndexOf('/') + 1);
    for (const listener of this.#listeners) listener.recordingLost?.(file);
  }

  #end(by: EndedBy, first: 'dialog' | 'media' | 'us'): void {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = by;
    this.#needs.log.debug('a leg ended', { by, first, channel: this.#endpoint.uuid });
    this.#teardown = Promise.all([this.#party.hangUp(), this.#endpoint.destroy()]).then(() =>
      this.#needs.gone(),
    );
    for (const listener of this.#listeners.splice(0)) {
      try {
        listener.ended(by);
      } catch (error) {
        this.#needs.log.error('a listener failed at the end of a call', {
          fault: asError(error).name,
        });
      }
    }
  }
}
