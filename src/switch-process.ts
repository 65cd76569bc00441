import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SystemSettings } from './config/configuration.ts';
import type { Log } from './engine/ports.ts';
import { freePort } from './free-port.ts';
import { findPortOwner } from './observe/port-owner.ts';

/** Ports that the switch really took. */
export interface SwitchPorts {
  readonly sip: number;
  readonly control: number;
  readonly eventSocket: number;
}

/** The embedded switch in a process of its own. */
export interface RunningSwitch {
  readonly ports: SwitchPorts;
  readonly pid: () => number | undefined;
  /** Ends it. Safe to repeat. */
  stop(): Promise<void>;
}

/** The switch could not start. The message says why, and which program has a port that is in use. */
class SwitchFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SwitchFailure';
  }
}

/** Also when the sources run uncompiled, as in tests, the switch is the compiled one. */
const ENTRY = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../dist/switch/main.js' : './switch/main.js',
    import.meta.url,
  ),
);
const READY_MS = 10_000;
const STOP_MS = 3_000;
const START_TRIES = 4;
const START_PAUSE_MS = 500;
/** A switch that dies within this time of its start, or does not start, is given as long a pause. */
const RESTART_PAUSE_MS = 1_000;

/**
 * Starts the embedded switch, and starts it again on the same ports if it dies; callers then hear
 * nothing of the old calls, which end as lost.
 * @throws SwitchFailure
 */
export async function launchSwitch(system: SystemSettings, log: Log): Promise<RunningSwitch> {
  const sipPort = system.sip.port === 0 ? await freePort(system.sip.address) : system.sip.port;
  const wanted = {
    sip: sipPort,
    control: system.drachtio.port,
    eventSocket: system.freeswitch.port,
  };
  const first = await startPatiently(system, wanted, log);
  const keeper = new SwitchKeeper(system, first, log);
  keeper.watch(first.child);
  return keeper;
}

/**
 * After a kill the switch of the run before may still be closing its ports: it is given a moment.
 * @throws SwitchFailure
 */
async function startPatiently(
  system: SystemSettings,
  ports: SwitchPorts,
  log: Log,
): Promise<StartedSwitch> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startProcess(system, ports, log);
    } catch (error) {
      if (tries >= START_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, START_PAUSE_MS));
    }
  }
}

interface StartedSwitch {
  readonly child: ChildProcess;
  readonly ports: SwitchPorts;
}

class SwitchKeeper implements RunningSwitch {
  readonly ports: SwitchPorts;
  readonly #system: SystemSettings;
  readonly #log: Log;
  #child: ChildProcess;
  #stopping = false;

  constructor(system: SystemSettings, started: StartedSwitch, log: Log) {
    this.#system = system;
    this.#log = log;
    this.#child = started.child;
    this.ports = started.ports;
  }

  pid(): number | undefined {
    return this.#child.pid;
  }

  watch(child: ChildProcess): void {
    const startedMs = performance.now();
    child.once('exit', (code, signal) => {
      if (this.#stopping) return;
      this.#log.error('the switch died and is started again', {
        code: code ?? undefined,
        signal: signal ?? undefined,
      });
      if (performance.now() - startedMs < RESTART_PAUSE_MS) this.#restartLater();
      else this.#restart();
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(timer);
  }

  #restartLater(): void {
    setTimeout(() => {
      if (!this.#stopping) this.#restart();
    }, RESTART_PAUSE_MS);
  }

  #restart(): void {
    startProcess(this.#system, this.ports, this.#log).then(
      ({ child }) => {
        this.#child = child;
        this.watch(child);
        if (this.#stopping) child.kill('SIGTERM');
        else this.#log.info('the switch is up again');
      },
      (error: unknown) => {
        this.#log.error('the switch could not be started again', { error: String(error) });
        this.#restartLater();
      },
    );
  }
}

async function startProcess(
  system: SystemSettings,
  ports: SwitchPorts,
  log: Log,
): Promise<StartedSwitch> {
  const child = spawn(process.execPath, [ENTRY, JSON.stringify(switchOptions(system, ports))], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Out of our group: Ctrl-C at a terminal must not end it before the calls have ended.
    detached: true,
    env: {
      ...process.env,
      LINEKEEPER_DRACHTIO_SECRET: system.drachtio.secret,
      LINEKEEPER_FREESWITCH_SECRET: system.freeswitch.secret,
    },
  });
  let reason = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    reason = relay(line, log) ?? reason;
  });
  const ready = await firstLine(child);
  if (ready === undefined) throw new SwitchFailure(await whyNot(reason, system, ports));
  return { child, ports: readyPorts(ready, ports) };
}

/** The first line of its output, or undefined if it ended, or took too long. */
function firstLine(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }) {
  return new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
    }, READY_MS);
    const settle = (line: string | undefined) => {
      clearTimeout(timer);
      resolve(line);
    };
    createInterface({ input: child.stdout }).once('line', settle);
    child.once('error', () => {
      settle(undefined);
    });
    // Its last words on standard error are read before the reason is told.
    child.once('close', () => {
      settle(undefined);
    });
  });
}

function switchOptions(system: SystemSettings, ports: SwitchPorts) {
  const { address } = system.sip;
  return {
    drachtio: { address: system.drachtio.host, port: ports.control },
    sip: (['udp', 'tcp'] as const).map((protocol) => ({ protocol, address, port: ports.sip })),
    freeswitch: { address: system.freeswitch.host, port: ports.eventSocket },
    mediaSip: { address: '127.0.0.1', port: 0 },
    rtp: { address, minPort: system.rtpPorts.first, maxPort: system.rtpPorts.last },
    soundsDirectory: system.folders.sounds,
    musicDirectories: { music: join(system.folders.sounds, 'music') },
  };
}

/** Passes on what the switch logs. @returns the reason, if it says why it can not start. */
function relay(line: string, log: Log): string | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null) return undefined;
    const { level, message, reason } = entry as Readonly<Record<string, unknown>>;
    const text = `switch: ${String(message)}`;
    const fields = typeof reason === 'string' ? { reason } : {};
    if (level === 'error') log.error(text, fields);
    else if (level === 'warn') log.warn(text, fields);
    else log.debug(text, fields);
    return level === 'error' && typeof reason === 'string' ? reason : undefined;
  } catch {
    log.error('switch: output that is no log line', { line: line.slice(0, 500) });
    return line.slice(0, 500);
  }
}

function readyPorts(line: string, wanted: SwitchPorts): SwitchPorts {
  const ready = JSON.parse(line) as {
    readonly drachtio?: { readonly port?: number };
    readonly freeswitch?: { readonly port?: number };
  };
  return {
    sip: wanted.sip,
    control: ready.drachtio?.port ?? wanted.control,
    eventSocket: ready.freeswitch?.port ?? wanted.eventSocket,
  };
}

async function whyNot(reason: string, system: SystemSettings, ports: SwitchPorts): Promise<string> {
  const wanted = [
    ['udp', ports.sip],
    ['tcp', ports.sip],
    ['tcp', ports.control],
    ['tcp', ports.eventSocket],
  ] as const;
  const owners: string[] = [];
  for (const [protocol, port] of wanted) {
    const owner = port === 0 ? undefined : await findPortOwner(protocol, port);
    if (owner === undefined) continue;
    owners.push(
      `${protocol.toUpperCase()} port ${port} is used by ${owner.name} (process ${owner.pid})`,
    );
  }
  const text = reason === '' ? `it did not say why within ${READY_MS / 1000} s` : reason;
  const where = `Ports are set in system.yaml; SIP is ${system.sip.address}:${ports.sip}.`;
  return [`the embedded switch can not start: ${text}`, ...owners, where].join('\n  ');
}
