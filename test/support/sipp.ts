import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { SipMessage, SipResponse } from '../../src/protocol/sip/message.ts';
import { parseSipMessage } from '../../src/protocol/sip/parse.ts';
import { SipParseError } from '../../src/protocol/sip/parse-error.ts';
import { freeMediaPorts, freeUdpPort } from './ports.ts';
import type { SipAddress } from './server.ts';
import { soon } from './waiting.ts';

export interface SippOptions {
  readonly server: SipAddress;
  /** See `scenario`. */
  readonly scenario: string;
  /** The number in the request URI. */
  readonly dialled: string;
  /** User of From; a number unless the test is about something else. */
  readonly caller?: string;
  readonly transport?: 'udp' | 'tcp';
  /** Where the calls come from; trunks are known by it. */
  readonly localAddress?: string;
  /** Of its SIP; any free one unless it must be that of a run before. */
  readonly port?: number;
  /** What further words in brackets stand for. */
  readonly words?: Readonly<Record<string, string>>;
  readonly limitSeconds?: number;
}

/** A message as SIPp logged it. */
export interface LoggedMessage {
  readonly direction: 'sent' | 'received';
  readonly message: SipMessage;
}

const DEFAULT_CALLER = '+12025550123';
const DEFAULT_LIMIT_SECONDS = 40;
const MESSAGE_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 20;

/** SIPp playing one call of a scenario. */
export class SippRun {
  readonly callId: string;
  readonly #options: SippOptions;
  readonly #folder: string;
  readonly #port: number;
  readonly #process: ChildProcess;
  readonly #exited: Promise<number | null>;
  #cues = 0;

  private constructor(options: SippOptions, folder: string, ports: Ports) {
    this.#options = options;
    this.#folder = folder;
    this.#port = ports.sip;
    this.callId = `call-${randomBytes(8).toString('hex')}`;
    this.#process = spawn('sipp', this.#arguments(ports), {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#exited = once(this.#process, 'exit').then(([code]: (number | null)[]) => code ?? null);
  }

  static async start(options: SippOptions): Promise<SippRun> {
    const folder = await mkdtemp(join(tmpdir(), 'linekeeper-sipp-'));
    await writeFile(join(folder, 'scenario.xml'), options.scenario);
    const address = localAddress(options);
    const [sip, media, control] = await Promise.all([
      options.port ?? freeUdpPort(address),
      freeMediaPorts(address),
      freeUdpPort(address),
    ]);
    return new SippRun(options, folder, { sip, media, control });
  }

  /** Where it takes calls, if its scenario does. */
  get port(): number {
    return this.#port;
  }

  /** Lets a scenario that waits (`awaitCue`, `endEitherWay`) go on. UDP only. */
  async cue(): Promise<void> {
    this.#cues += 1;
    const address = localAddress(this.#options);
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
    const message = [
      `MESSAGE sip:test@${address}:${this.#port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:9;branch=${branch}`,
      'From: <sip:test@127.0.0.1>;tag=test',
      'To: <sip:sipp@127.0.0.1>',
      `Call-ID: ${this.callId}`,
      `CSeq: ${this.#cues} MESSAGE`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.send(message, this.#port, address, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    socket.close();
  }

  /**
   * Resolves with what was said once the scenario has been played to its end.
   * @throws Error with SIPp's own words, and the messages, if it went otherwise
   */
  async finished(): Promise<readonly LoggedMessage[]> {
    const limitSeconds = this.#options.limitSeconds ?? DEFAULT_LIMIT_SECONDS;
    const code = await soon(this.#exited, 'the end of SIPp', (limitSeconds + 5) * 1000);
    if (code !== 0) throw await this.#failure(code);
    const log = await this.#read('messages.log');
    await rm(this.#folder, { recursive: true, force: true });
    return readLog(log);
  }

  /** Resolves with the first message that came and fits, once it has come. */
  async received(what: string, fits: (message: SipMessage) => boolean): Promise<SipMessage> {
    const giveUpAt = Date.now() + MESSAGE_WITHIN_MS;
    while (Date.now() < giveUpAt) {
      const found = readLog(await this.#read('messages.log')).find(
        ({ direction, message }) => direction === 'received' && fits(message),
      );
      if (found !== undefined) return found.message;
      await setTimeout(LOOK_AGAIN_MS);
    }
    throw await this.#failure(null).then(
      ({ message }) => new Error(`${what} did not come: ${message}`),
    );
  }

  /** Never resolves. @throws Error once the call went otherwise than its scenario */
  async failure(): Promise<never> {
    const code = await this.#exited;
    if (code !== 0) throw await this.#failure(code);
    return await new Promise(() => undefined);
  }

  /** Ends it at once, whatever it is doing. */
  async abort(): Promise<void> {
    if (this.#process.exitCode === null) this.#process.kill('SIGKILL');
    await this.#exited;
    await rm(this.#folder, { recursive: true, force: true });
  }

  #arguments(ports: Ports): string[] {
    const { server, dialled, caller, transport, words = {}, limitSeconds } = this.#options;
    const address = localAddress(this.#options);
    const keys = { dialled, caller: caller ?? DEFAULT_CALLER, ...words };
    const settings: readonly (readonly string[])[] = [
      ['-sf', 'scenario.xml', '-m', '1', '-nostdin'],
      ['-t', transport === 'tcp' ? 't1' : 'u1'],
      ['-i', address, '-p', String(ports.sip), '-cp', String(ports.control)],
      ['-mi', address, '-mp', String(ports.media)],
      ['-cid_str', this.callId],
      // Digest credentials are for the request URI; SIPp would leave out its user.
      ['-auth_uri', `${dialled}@${server.address}:${server.port}`],
      ...Object.entries(keys).map(([word, meaning]) => ['-key', word, meaning]),
      ['-timeout', `${limitSeconds ?? DEFAULT_LIMIT_SECONDS}s`, '-timeout_error'],
      ['-trace_msg', '-message_file', 'messages.log'],
      ['-trace_err', '-error_file', 'errors.log'],
    ];
    return [`${server.address}:${server.port}`, ...settings.flat()];
  }

  async #failure(code: number | null): Promise<Error> {
    const errors = await this.#read('errors.log');
    const messages = await this.#read('messages.log');
    return new Error(`SIPp ended with ${code}:\n${errors}\n${messages.slice(-6_000)}`);
  }

  #read(name: string): Promise<string> {
    return readFile(join(this.#folder, name), 'latin1').catch(() => '');
  }
}

/** Plays a scenario to its end. @throws Error as `finished` does */
export async function playScenario(options: SippOptions): Promise<readonly LoggedMessage[]> {
  const run = await SippRun.start(options);
  try {
    return await run.finished();
  } finally {
    await run.abort();
  }
}

/** The responses that came to requests of `method`, in order. */
export function responsesTo(
  method: string,
  messages: readonly LoggedMessage[],
): readonly SipResponse[] {
  return messages.flatMap(({ direction, message }) => {
    if (direction !== 'received' || message.kind !== 'response') return [];
    const cseq = message.headers.find(({ name }) => name.toLowerCase() === 'cseq')?.value ?? '';
    return cseq.endsWith(method) ? [message] : [];
  });
}

interface Ports {
  readonly sip: number;
  readonly media: number;
  readonly control: number;
}

function localAddress({ localAddress: address = '127.0.0.1' }: SippOptions): string {
  return address;
}

const ENTRY =
  /^-{20,} .*$\n(?:UDP|TCP) message (sent|received) (?:\(\d+ bytes\)|\[\d+\] bytes ?):?\s*$\n\n/gmu;

function readLog(log: string): readonly LoggedMessage[] {
  const entries = [...log.matchAll(ENTRY)];
  return entries.flatMap((entry, index) => {
    const direction = entry[1] === 'sent' ? 'sent' : 'received';
    const text = log.slice(entry.index + entry[0].length, entries[index + 1]?.index);
    try {
      return [{ direction, message: parseSipMessage(Buffer.from(text, 'latin1')) }];
    } catch (error) {
      // Tests send what nobody can read, and a refusal repeats parts of it.
      if (error instanceof SipParseError) return [];
      throw error;
    }
  });
}
