import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TELEPHONE_RATE } from '../../src/protocol/audio/spectrum.ts';
import { encodeWav } from '../../src/protocol/audio/wav.ts';
import { Hearing } from './hearing.ts';
import { freeTcpPort, freeUdpPort } from './ports.ts';
import type { SipAddress } from './server.ts';
import { SoundDump } from './sound-dump.ts';
import { Inbox, soon } from './waiting.ts';

export interface BaresipOptions {
  /** User of the address: an agent's name, a telephone number. */
  readonly user: string;
  /** Where it calls, and registers if it has a secret. */
  readonly server: SipAddress;
  readonly secret?: string;
  /** The tone that it says as long as it is in a call. */
  readonly voiceHz: number;
}

/** An event of baresip's ctrl_tcp module. */
export interface BaresipEvent {
  readonly type: string;
  /** Key, reason, ..., as the type has it. */
  readonly parameter: string;
}

/** What the module writes, as far as we read it. */
interface ControlMessage {
  readonly event?: boolean;
  readonly type?: string;
  readonly param?: string;
}

const STARTS = 5;
const START_PATIENCE_MS = 5_000;
const QUIT_WITHIN_MS = 1_000;
const CALL_PATIENCE_MS = 20_000;
const VOICE_SECONDS = 150;
const LOUDNESS = 6000;

/** A telephone that we did not write: baresip 1.0.0, steered by its ctrl_tcp module. */
export class Baresip {
  readonly user: string;
  /** Where it takes calls. */
  readonly port: number;
  readonly voiceHz: number;
  /** What it has heard in all its calls. */
  readonly ear = new Hearing();
  /** Events that nobody has waited for yet. */
  readonly events = new Inbox<BaresipEvent>();
  readonly #server: SipAddress;
  readonly #process: ChildProcess;
  readonly #control: Socket;
  readonly #folder: string;
  readonly #dump: SoundDump;
  #received = '';

  private constructor(options: BaresipOptions, started: Started) {
    this.user = options.user;
    this.voiceHz = options.voiceHz;
    this.#server = options.server;
    this.port = started.port;
    this.#process = started.process;
    this.#control = started.control;
    this.#folder = started.folder;
    this.#dump = new SoundDump(started.folder, this.ear);
    this.#control.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    // Only now, so that no event is missed.
    this.#command('uanew', account(options));
  }

  /** Starts it. With a secret it registers at once: `registered` waits for the outcome. */
  static async open(options: BaresipOptions): Promise<Baresip> {
    for (let start = 1; ; start += 1) {
      const started = await startProcess(options);
      if (started !== undefined) return new Baresip(options, started);
      // Somebody else took a port between our look and its bind.
      if (start === STARTS) throw new Error(`baresip did not start for ${options.user}`);
    }
  }

  /** Resolves with whether the registrar took it. */
  async registered(): Promise<boolean> {
    const event = await this.#event(['REGISTER_OK', 'REGISTER_FAIL']);
    return event.type === 'REGISTER_OK';
  }

  /** Calls `user` at the server. Resolves when it is answered. @throws Error if it is not */
  async call(user: string): Promise<void> {
    this.#command('dial', `sip:${user}@${this.#server.address}:${this.#server.port}`);
    const event = await this.#event(['CALL_ESTABLISHED', 'CALL_CLOSED']);
    if (event.type === 'CALL_CLOSED') throw new Error(`the call failed: ${event.parameter}`);
  }

  /** Resolves when it rings. */
  rings(patienceMs?: number): Promise<BaresipEvent> {
    return this.#event(['CALL_INCOMING'], patienceMs);
  }

  /** Whether it rang and nobody waited for that. */
  get rang(): boolean {
    return this.events.peek().some(({ type }) => type === 'CALL_INCOMING');
  }

  /** Picks up; resolves once the call is established. */
  async pickUp(): Promise<void> {
    this.#command('accept');
    await this.#event(['CALL_ESTABLISHED']);
  }

  /** Rings, then picks up. */
  async answer(patienceMs?: number): Promise<BaresipEvent> {
    const event = await this.rings(patienceMs);
    await this.pickUp();
    return event;
  }

  /** Hangs up, or refuses a call that rings. */
  hangUp(): void {
    this.#command('hangup');
  }

  /** Resolves when the call is over, whoever ended it. */
  async over(patienceMs?: number): Promise<void> {
    await this.#event(['CALL_CLOSED'], patienceMs);
  }

  /** Presses keys (RFC 4733). */
  press(keys: string): void {
    this.#command('sndcode', keys);
  }

  /** Hangs up whatever it is in, and ends. */
  async close(): Promise<void> {
    this.#dump.close();
    this.#command('quit');
    await end(this.#process);
    this.#control.destroy();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #event(types: readonly string[], patienceMs: number = CALL_PATIENCE_MS): Promise<BaresipEvent> {
    const what = `${types.join(' or ')} at the phone of ${this.user}`;
    return this.events.take(what, ({ type }) => types.includes(type), patienceMs);
  }

  #command(command: string, params?: string): void {
    const text = JSON.stringify({ command, params });
    this.#control.write(`${Buffer.byteLength(text)}:${text},`);
  }

  /** Netstrings of JSON. */
  #read(text: string): void {
    this.#received += text;
    for (;;) {
      const colon = this.#received.indexOf(':');
      const length = Number.parseInt(this.#received, 10);
      if (colon < 0 || this.#received.length < colon + length + 2) return;
      this.#take(this.#received.slice(colon + 1, colon + 1 + length));
      this.#received = this.#received.slice(colon + length + 2);
    }
  }

  #take(text: string): void {
    const said = JSON.parse(text) as ControlMessage;
    if (said.event !== true) return;
    const { type = '', param = '' } = said;
    this.events.put({ type, parameter: param });
  }
}

interface Started {
  readonly process: ChildProcess;
  readonly control: Socket;
  readonly folder: string;
  readonly port: number;
}

/** Undefined if it ended at once. */
async function startProcess(options: BaresipOptions): Promise<Started | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-baresip-'));
  const [port, controlPort] = await Promise.all([freeUdpPort(), freeTcpPort()]);
  await writeFile(join(folder, 'voice.wav'), voice(options.voiceHz));
  await writeFile(join(folder, 'config'), configuration(folder, port, controlPort));
  const child = spawn('baresip', ['-f', folder], { stdio: ['ignore', 'ignore', 'ignore'] });
  const control = await soon(
    reachControl(child, controlPort),
    'the control port of baresip',
    START_PATIENCE_MS,
  );
  if (control !== undefined) return { process: child, control, folder, port };
  await rm(folder, { recursive: true, force: true });
  return undefined;
}

function account({ user, secret, server }: BaresipOptions): string {
  const address = `${server.address}:${server.port}`;
  const login = secret === undefined ? 'regint=0' : `auth_pass=${secret};regint=60`;
  return `<sip:${user}@${address}>;${login};audio_codecs=PCMU/8000,PCMA/8000`;
}

function configuration(folder: string, port: number, controlPort: number): string {
  return [
    'poll_method epoll',
    'net_interface 127.0.0.1',
    `sip_listen 127.0.0.1:${port}`,
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    'call_local_timeout 120',
    'call_max_calls 4',
    `audio_source aufile,${join(folder, 'voice.wav')}`,
    'audio_player none',
    'rtp_ports 25000-28999',
    // Whatever has come is heard, even if the call ends at once.
    'jitter_buffer_delay 0-1',
    `snd_path ${folder}`,
    'statmode_default off',
    'ringback_disabled yes',
    'module_path /usr/lib/baresip/modules',
    'module g711.so',
    'module aufile.so',
    'module sndfile.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    '',
  ].join('\n');
}

/** Asks until it listens; undefined once the process has ended. */
async function reachControl(child: ChildProcess, port: number): Promise<Socket | undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return socket.on('error', () => socket.destroy());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return undefined;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const atLast = setTimeout(() => child.kill('SIGKILL'), QUIT_WITHIN_MS);
  await ended;
  clearTimeout(atLast);
}

function voice(frequencyHz: number): Buffer {
  const samples = new Int16Array(VOICE_SECONDS * TELEPHONE_RATE);
  const step = (2 * Math.PI * frequencyHz) / TELEPHONE_RATE;
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = Math.round(LOUDNESS * Math.sin(step * index));
  }
  return encodeWav(TELEPHONE_RATE, [samples]);
}
