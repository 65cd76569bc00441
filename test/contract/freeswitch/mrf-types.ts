import type { EventEmitter } from 'node:events';

/** What these tests use of drachtio-fsmrf 4.1.2; it has no types of its own. */
interface EslEvent {
  getHeader(name: string): string | null;
  getBody(): string;
}

export interface Endpoint extends EventEmitter {
  readonly uuid: string;
  readonly connected: boolean;
  readonly muted: boolean;
  readonly local: { readonly sdp: string; readonly mediaIp: string; readonly mediaPort: string };
  readonly remote: { readonly sdp: string; readonly mediaIp: string; readonly mediaPort: string };
  readonly sip: { readonly callId: string };
  readonly dtmfType: string;
  play(
    file: string | readonly string[] | { file: string; timeoutSecs?: number; seekOffset?: number },
  ): Promise<{
    readonly playbackSeconds: string;
    readonly playbackMilliseconds: string;
    readonly playbackLastOffsetPos: string;
  }>;
  playCollect(options: Readonly<Record<string, string | number>>): Promise<{
    readonly digits: string | null;
    readonly invalidDigits: string | null;
    readonly terminatorUsed: string | null;
    readonly playbackSeconds: string;
    readonly playbackMilliseconds: string;
  }>;
  record(
    file: string,
    options?: Readonly<Record<string, number>>,
  ): Promise<{
    readonly recordSeconds: string;
    readonly recordMilliseconds: string;
    readonly recordSamples: string;
  }>;
  speak(options: { ttsEngine: string; voice: string; text: string }): Promise<void>;
  bridge(other: Endpoint | string): Promise<void>;
  unbridge(): Promise<void>;
  mute(): Promise<unknown>;
  unmute(): Promise<unknown>;
  set(values: Readonly<Record<string, string>>): Promise<void>;
  join(
    name: string | Conference,
    options?: { readonly flags?: Readonly<Record<string, boolean>> },
  ): Promise<{ readonly memberId: number; readonly confUuid: string }>;
  confMute(): Promise<string>;
  confUnmute(): Promise<string>;
  confKick(): Promise<string>;
  confDeaf(): Promise<string>;
  confUndeaf(): Promise<string>;
  transfer(conference: string): Promise<string>;
  confPlay(file: string): Promise<unknown>;
  api(command: string, args?: string | readonly string[]): Promise<EslEvent>;
  execute(application: string, argument?: string): Promise<EslEvent>;
  modify(sdp: string): Promise<string>;
  getChannelVariables(includeMedia: boolean): Promise<Readonly<Record<string, string | number>>>;
  destroy(): Promise<void>;
}

interface Conference {
  readonly endpoint: Endpoint;
  getSize(): Promise<number>;
  play(file: string): Promise<{ readonly samples: number; readonly milliseconds: number }>;
  startRecording(file: string): Promise<string>;
  stopRecording(file: string): Promise<string>;
  lock(): Promise<string>;
  unlock(): Promise<string>;
  get(name: string): Promise<string | number>;
  set(name: string, value: number): Promise<string>;
}

export interface MediaServer extends EventEmitter {
  createConference(name: string, options?: { readonly maxMembers?: number }): Promise<Conference>;
  readonly sip: { readonly ipv4: { readonly udp: { readonly address?: string } } };
  api(command: string): Promise<string>;
  createEndpoint(options?: { readonly remoteSdp?: string }): Promise<Endpoint>;
  connectCaller(
    request: unknown,
    response: unknown,
  ): Promise<{
    readonly endpoint: Endpoint;
    readonly dialog: EventEmitter & { destroy(): Promise<unknown> };
  }>;
  disconnect(): void;
}

export interface Mrf {
  connect(options: Readonly<Record<string, string | number>>): Promise<MediaServer>;
}
