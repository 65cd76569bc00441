import { createMixer } from '../../rtp/mixer.ts';
import type { AudioSource, Mixer, MixerMember, Recorder } from '../../rtp/types.ts';
import type { Channel } from '../channel/channel.ts';
import type { MediaContext } from '../context.ts';
import { CONFERENCE_ORIGINS, type ConferenceOriginName } from './events.ts';
import type { MemberFlags } from './flags.ts';
import { Member } from './member.ts';

const SAMPLE_RATE = 8000;
const MAX_QUEUED_FILES = 128;
const MAX_RECORDINGS = 16;

interface QueuedFile {
  readonly name: string;
  readonly source: AudioSource;
}

interface ConferenceRecording {
  readonly recorder: Recorder;
  readonly mix: MixerMember;
  paused: boolean;
}

/**
 * A conference: everybody hears everybody else. It begins with its first member and ends with the last, or
 * with the last of those who joined with `endconf`. All its sound is made in the clock's `process` phase.
 */
export class Conference {
  readonly context: MediaContext;
  readonly name: string;
  readonly profile: string;
  readonly uuid: string;
  readonly startedMs: number;
  readonly members = new Map<number, Member>();
  readonly recordings = new Map<string, ConferenceRecording>();
  readonly variables = new Map<string, string>();
  locked = false;
  maxMembers = 0;
  pin = '';
  floorHolder: Member | undefined;
  ended = false;
  readonly #mixer: Mixer = createMixer();
  readonly #files: QueuedFile[] = [];
  readonly #fileMix: MixerMember;
  readonly #stop: () => void;

  constructor(context: MediaContext, name: string, profile: string, onEnd: () => void) {
    this.context = context;
    this.name = name;
    this.profile = profile;
    this.uuid = context.ids.uuid();
    this.startedMs = context.clock.nowMs();
    this.#fileMix = this.#mixer.add({ deaf: true });
    const unsubscribe = context.mediaClock.subscribe('process', () => this.#tick());
    this.#stop = () => {
      unsubscribe();
      onEnd();
    };
  }

  get size(): number {
    return this.members.size;
  }

  /** Throws MixerFullError when there is no room. */
  add(channel: Channel, id: number, flags: MemberFlags): Member {
    const member = new Member(
      id,
      channel,
      flags,
      this.#mixer.add({ muted: flags.mute, deaf: flags.deaf }),
    );
    this.members.set(id, member);
    return member;
  }

  remove(member: Member): void {
    this.members.delete(member.id);
    member.stopSounds('all');
    member.mix.remove();
    if (this.floorHolder === member) this.giveFloor(undefined);
    const last = member.flags.endconf && ![...this.members.values()].some((it) => it.flags.endconf);
    if (last) for (const other of this.members.values()) other.leaving = 'ended';
    if (this.members.size === 0) this.#end();
  }

  #end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#stop();
    for (const file of this.#files.splice(0)) file.source.close();
    for (const path of this.recordings.keys()) void this.stopRecording(path);
    this.announce('destroy', { Action: 'conference-destroy' });
  }

  #tick(): void {
    for (const member of this.members.values()) {
      member.speak();
      this.#watchTalk(member);
    }
    this.#playFile();
    this.#mixer.mix();
    for (const member of this.members.values()) {
      if (member.leaving === undefined && member.channel.ready) member.listen();
    }
    for (const recording of this.recordings.values()) {
      if (!recording.paused) recording.recorder.write(recording.mix.output, undefined);
    }
  }

  #watchTalk(member: Member): void {
    const change = member.observeTalk();
    if (change === 'started') {
      this.announceMember(member, 'talk', { Action: 'start-talking' });
      if (this.floorHolder === undefined || !this.floorHolder.canSpeak) this.giveFloor(member);
    }
    if (change === 'stopped') this.announceMember(member, 'talk', { Action: 'stop-talking' });
  }

  giveFloor(member: Member | undefined): void {
    const before = this.floorHolder;
    if (before === member) return;
    this.floorHolder = member;
    const change = {
      Action: 'floor-change',
      'Old-ID': before === undefined ? 'none' : String(before.id),
    };
    if (member === undefined) this.announce('floor', { ...change, 'New-ID': 'none' });
    else this.announceMember(member, 'floor', { 'New-ID': String(member.id) }, change);
  }

  #playFile(): void {
    const file = this.#files[0];
    if (file === undefined) return;
    const frame = file.source.next();
    if (frame === undefined) this.#fileDone();
    else this.#fileMix.input(frame);
  }

  #fileDone(): void {
    const file = this.#files.shift();
    if (file === undefined) return;
    const samples = file.source.samplesPlayed;
    file.source.close();
    // FreeSWITCH counts a started second of a short file as a whole one: it reads ahead.
    this.announce('fileClose', {
      seconds: String(Math.floor(samples / SAMPLE_RATE)),
      milliseconds: String(Math.floor((samples * 1000) / SAMPLE_RATE)),
      samples: String(samples),
      Action: 'play-file-done',
      File: file.name,
    });
  }

  /** Puts a sound at the end of what everybody is to hear. False when it cannot be opened. */
  async play(name: string, path: string): Promise<boolean> {
    const source = await this.#open(path);
    if (source === undefined || this.ended || this.#files.length >= MAX_QUEUED_FILES) return false;
    this.#files.push({ name, source });
    return true;
  }

  /** The same for one member. */
  async playTo(member: Member, path: string): Promise<boolean> {
    const source = await this.#open(path);
    if (source === undefined || member.sounds.length >= MAX_QUEUED_FILES) return false;
    member.sounds.push(source);
    return true;
  }

  async #open(path: string): Promise<AudioSource | undefined> {
    try {
      return await this.context.sources.open(path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.context.log({
        level: 'warn',
        message: 'cannot play',
        detail: { conference: this.uuid, reason },
      });
      return undefined;
    }
  }

  /** Ends what plays to everybody and says how many sounds that were. */
  stopFiles(which: 'current' | 'all'): number {
    const count = which === 'current' ? Math.min(1, this.#files.length) : this.#files.length;
    for (let i = 0; i < count; i++) this.#fileDone();
    return count;
  }

  /** Records the whole mix in one channel. The result comes by event, as in FreeSWITCH. */
  async record(path: string, file: string): Promise<void> {
    if (this.recordings.has(path) || this.recordings.size >= MAX_RECORDINGS) return;
    try {
      const recorder = await this.context.recorders.open(file, 1);
      const mix = this.#mixer.add({ muted: true });
      this.recordings.set(path, { recorder, mix, paused: false });
      recorder.on('failed', () => void this.stopRecording(path));
      this.announce('recordStart', { Action: 'start-recording', Path: path });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.announce('recordStart', { Action: 'start-recording', Path: path, Error: reason });
    }
  }

  /** False when nothing is recorded to that path. */
  async stopRecording(path: string): Promise<boolean> {
    const recording = this.recordings.get(path);
    if (recording === undefined) return false;
    this.recordings.delete(path);
    recording.mix.remove();
    const { samples } = await recording.recorder.stop();
    this.announce('recordStop', {
      Action: 'stop-recording',
      Path: path,
      'Other-Recordings': this.recordings.size > 0 ? 'true' : 'false',
      'Samples-Out': String(samples),
      Samplerate: String(SAMPLE_RATE),
      'Milliseconds-Elapsed': String(Math.floor((samples * 1000) / SAMPLE_RATE)),
      'Record-File-Size': String(44 + samples * 2),
    });
    return true;
  }

  /** Sends a conference::maintenance event about the conference as a whole. */
  announce(origin: ConferenceOriginName, fields: Readonly<Record<string, string>>): void {
    this.context.bus.publish({
      name: 'CUSTOM',
      subclass: 'conference::maintenance',
      origin: CONFERENCE_ORIGINS[origin],
      fill: (headers) => {
        this.#addHeaders(headers);
        for (const [name, value] of Object.entries(fields)) headers.set(name, value);
      },
    });
  }

  /** Sends one about a member, with `leading` before the channel's headers and `fields` behind the member's. */
  announceMember(
    member: Member,
    origin: ConferenceOriginName,
    fields: Readonly<Record<string, string>>,
    leading: Readonly<Record<string, string>> = {},
  ): void {
    this.context.bus.publish({
      name: 'CUSTOM',
      subclass: 'conference::maintenance',
      origin: CONFERENCE_ORIGINS[origin],
      fill: (headers) => {
        this.#addHeaders(headers);
        for (const [name, value] of Object.entries(leading)) headers.set(name, value);
        headers.set('Floor', String(this.floorHolder === member));
        member.channel.addHeaders(headers, false);
        this.#addMemberHeaders(headers, member);
        for (const [name, value] of Object.entries(fields)) headers.set(name, value);
      },
    });
  }

  #addHeaders(headers: Map<string, string | readonly string[]>): void {
    headers.set('Conference-Name', this.name);
    headers.set(
      'Conference-Domain',
      this.context.globals.get('domain') ?? this.context.identity.ipv4,
    );
    headers.set('Conference-Size', String(this.size));
    headers.set(
      'Conference-Ghosts',
      String([...this.members.values()].filter((it) => it.flags.ghost).length),
    );
    headers.set('Conference-Profile-Name', this.profile);
    headers.set('Conference-Unique-ID', this.uuid);
  }

  #addMemberHeaders(headers: Map<string, string | readonly string[]>, member: Member): void {
    headers.set('Video', 'false');
    headers.set('Hear', String(member.canHear));
    headers.set('See', 'false');
    headers.set('Speak', String(member.canSpeak));
    headers.set('Talking', String(member.talking));
    headers.set('Mute-Detect', 'false');
    headers.set('Hold', String(member.onHold));
    headers.set('Member-ID', String(member.id));
    headers.set('Member-Type', member.flags.moderator ? 'moderator' : 'member');
    headers.set('Member-Ghost', String(member.flags.ghost));
    headers.set('Energy-Level', '100');
    headers.set('Current-Energy', String(member.energy));
  }
}
