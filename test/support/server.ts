import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type ConfigurationChanges, TestFolders } from './configuration-folder.ts';
import { Inbox, soon, until } from './waiting.ts';

/** Whether the calls go through drachtio-server and FreeSWITCH that run already. */
export const onRealServers = process.env['LINEKEEPER_SWITCH'] === 'external';

const PROGRAM = resolve('dist', 'cli.js');
/** Printed after it. */
const API = /^ {2}API: (http:\/\/[^/]+)/u;
const READY = /^Linekeeper is ready: SIP on (\S+):(\d+)/u;
/** Long, as several servers may start at once beside much else. */
const READY_WITHIN_MS = 50_000;
/** Calls still up at a stop are ended by a second signal after this. */
const SECOND_SIGNAL_MS = 200;
const STOP_WITHIN_MS = 10_000;

/** One line of the server's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface ServerOptions {
  /** To the sample configuration. */
  readonly changes?: ConfigurationChanges;
  /** `whole` for tests that must hear every word; `short` (default) cuts prompts after 2.1 s. */
  readonly sounds?: 'short' | 'whole';
}

/** Where SIP is spoken. */
export interface SipAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * Linekeeper as a process of its own, with folders of its own. On the embedded switch it takes any
 * free ports; on real servers (see `onRealServers`) they and LINEKEEPER_SIP come from the environment.
 */
export class LinekeeperServer {
  readonly folders: TestFolders;
  /** Everything logged since the first start, except what was taken. */
  readonly log = new Inbox<LogLine>();
  /** All of its output, for whoever must find out why a test failed. */
  readonly output: string[] = [];
  #process: ChildProcess | undefined;
  #sip: SipAddress | undefined;

  private constructor(folders: TestFolders) {
    this.folders = folders;
  }

  static async start(options: ServerOptions = {}): Promise<LinekeeperServer> {
    const server = new LinekeeperServer(await TestFolders.make(options.sounds ?? 'short'));
    await server.folders.change(baseChanges(server.folders));
    await server.folders.change(options.changes ?? {});
    try {
      await server.startAgain();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** Stays the same when the server is started again. */
  get sip(): SipAddress {
    if (this.#sip === undefined) throw new Error('the server has not been ready yet');
    return this.#sip;
  }

  /** Where the API is: `http://127.0.0.1:port`. */
  async api(): Promise<string> {
    const printed = (): string | undefined =>
      this.output.flatMap((line) => API.exec(line)?.[1] ?? []).at(-1);
    await until(() => printed() !== undefined, 'the address of the API');
    return printed() ?? '';
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('the server does not run');
    return pid;
  }

  /** Changes files of the running configuration; the server sees it by itself, or by SIGHUP. */
  async reconfigure(changes: ConfigurationChanges): Promise<void> {
    await this.folders.change(changes);
    process.kill(this.pid, 'SIGHUP');
  }

  /** Starts it on the same folders. */
  async startAgain(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, 'start', '--config', this.folders.config], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(this.#sip),
    });
    this.#process = child;
    const ready = new Promise<SipAddress>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#read(line, resolve);
      });
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.#keep(line);
      });
      child.once('close', () => {
        reject(new Error(`the server ended before it was ready:\n${this.output.join('\n')}`));
      });
    });
    this.#sip = await soon(ready, 'a server that is ready', READY_WITHIN_MS).catch((cause) => {
      throw new Error(`the server was not ready:\n${this.output.slice(-20).join('\n')}`, { cause });
    });
  }

  /** Ends it as an operator does: calls under way may end first. @returns its exit code */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (child === undefined || hasEnded(child)) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    // The first signal waits for calls to end, the second does not.
    child.kill('SIGTERM');
    const again = setTimeout(() => child.kill('SIGTERM'), SECOND_SIGNAL_MS);
    const atLast = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(again);
    clearTimeout(atLast);
    return child.exitCode;
  }

  /** Ends it as a failure of power does. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Stops it and removes its folders. */
  async close(): Promise<void> {
    await this.stop();
    await this.folders.remove();
  }

  #read(line: string, ready: (sip: SipAddress) => void): void {
    this.#keep(line);
    const [, address, port] = READY.exec(line) ?? [];
    if (address !== undefined) ready({ address, port: Number(port) });
    if (line.startsWith('{')) this.log.put(JSON.parse(line) as LogLine);
  }

  #keep(line: string): void {
    this.output.push(line);
    if (isLogShown) process.stderr.write(`${line}\n`);
  }
}

/** Set LINEKEEPER_TEST_LOG=1 to see what the servers say while tests run. */
const isLogShown = process.env['LINEKEEPER_TEST_LOG'] === '1';

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function baseChanges(folders: TestFolders): ConfigurationChanges {
  const anyPort = onRealServers ? {} : { port: 0 };
  return {
    system: {
      sip: anyPort,
      drachtio: anyPort,
      freeswitch: anyPort,
      folders: { data: folders.data, recordings: folders.recordings, sounds: folders.sounds },
      logLevel: 'debug',
    },
  };
}

/** Real servers are told by the environment of the tests; else the configuration alone counts. */
function environment(sip: SipAddress | undefined): NodeJS.ProcessEnv {
  if (onRealServers) return process.env;
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('LINEKEEPER_'));
  return {
    ...Object.fromEntries(inherited),
    ...(sip === undefined ? {} : { LINEKEEPER_SIP: `${sip.address}:${sip.port}` }),
  };
}
