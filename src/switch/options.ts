import { isIP } from 'node:net';
import type { MediaServerOptions } from './media/server.ts';
import type { SignallingOptions } from './signalling/options.ts';

/** How the embedded switch is set up: both servers in one process. Every port may be 0. */
export interface SwitchOptions {
  readonly signalling: Pick<SignallingOptions, 'control' | 'sip'>;
  readonly media: Pick<
    MediaServerOptions,
    'eventSocket' | 'sip' | 'rtp' | 'soundsDirectory' | 'musicDirectories'
  >;
}

/** Options that cannot be used; `path` names the one that is wrong. */
export class SwitchOptionsError extends Error {
  override readonly name = 'SwitchOptionsError';
  readonly path: string;

  constructor(path: string, expected: string) {
    super(`switch options: ${path === '' ? '' : `${path}: `}${expected}`);
    this.path = path;
  }
}

const LOOPBACK = '127.0.0.1';

/** Everything on loopback, on drachtio-server's and FreeSWITCH's usual ports. */
const DEFAULTS = {
  controlPort: 9022,
  sipPort: 5060,
  eventSocketPort: 8021,
  mediaSipPort: 5080,
  firstRtpPort: 20_000,
  lastRtpPort: 21_999,
} as const;

/**
 * Reads options: JSON in the first argument, or in LINEKEEPER_SWITCH_OPTIONS. The secrets are better given apart,
 * in LINEKEEPER_DRACHTIO_SECRET and LINEKEEPER_FREESWITCH_SECRET, because arguments can be seen by every user of
 * the machine. Throws SwitchOptionsError.
 */
export function readSwitchOptions(
  argument: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): SwitchOptions {
  const root = new Reader(
    '',
    parseJson(argument ?? environment['LINEKEEPER_SWITCH_OPTIONS'] ?? '{}'),
  );
  const drachtio = root.child('drachtio');
  const freeswitch = root.child('freeswitch');
  const mediaSip = root.child('mediaSip');
  const rtp = root.child('rtp');
  const soundsDirectory = root.text('soundsDirectory');
  return {
    signalling: {
      control: {
        address: drachtio.address('address', LOOPBACK),
        port: drachtio.port('port', DEFAULTS.controlPort),
        secret: environment['LINEKEEPER_DRACHTIO_SECRET'] ?? drachtio.secret('secret'),
      },
      sip: root.children('sip').map(readListener),
    },
    media: {
      eventSocket: {
        address: freeswitch.address('address', LOOPBACK),
        port: freeswitch.port('port', DEFAULTS.eventSocketPort),
        secret: environment['LINEKEEPER_FREESWITCH_SECRET'] ?? freeswitch.secret('secret'),
      },
      sip: {
        address: mediaSip.address('address', LOOPBACK),
        port: mediaSip.port('port', DEFAULTS.mediaSipPort),
        ...advertised(mediaSip),
      },
      rtp: {
        address: rtp.address('address', LOOPBACK),
        minPort: rtp.port('minPort', DEFAULTS.firstRtpPort),
        maxPort: rtp.port('maxPort', DEFAULTS.lastRtpPort),
      },
      musicDirectories: root.child('musicDirectories').texts(),
      ...(soundsDirectory === undefined ? {} : { soundsDirectory }),
    },
  };
}

function readListener(listener: Reader): SignallingOptions['sip'][number] {
  return {
    protocol: listener.oneOf('protocol', ['udp', 'tcp'] as const, 'udp'),
    address: listener.address('address', LOOPBACK),
    port: listener.port('port', DEFAULTS.sipPort),
    ...advertised(listener),
  };
}

function advertised(reader: Reader): { advertise?: string } {
  const advertise = reader.text('advertise');
  return advertise === undefined ? {} : { advertise };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new SwitchOptionsError('', 'not JSON');
    throw error;
  }
}

/** One object of the options, with the path that leads to it. */
class Reader {
  readonly #path: string;
  readonly #members: ReadonlyMap<string, unknown>;

  constructor(path: string, value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new SwitchOptionsError(path, 'expected an object');
    }
    this.#path = path;
    this.#members = new Map(Object.entries(value));
  }

  child(name: string): Reader {
    return new Reader(this.#at(name), this.#members.get(name) ?? {});
  }

  /** A list of objects; one with defaults only when it is absent. */
  children(name: string): Reader[] {
    const value = this.#members.get(name) ?? [{}];
    if (!Array.isArray(value) || value.length === 0 || value.length > 16) {
      throw new SwitchOptionsError(this.#at(name), 'expected a list of 1 to 16 objects');
    }
    return value.map((item: unknown, index) => new Reader(`${this.#at(name)}.${index}`, item));
  }

  address(name: string, fallback: string): string {
    const value = this.text(name) ?? fallback;
    if (isIP(value) === 0) throw new SwitchOptionsError(this.#at(name), 'expected an IP address');
    return value;
  }

  port(name: string, fallback: number): number {
    const value = this.#members.get(name) ?? fallback;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 65_535) {
      throw new SwitchOptionsError(this.#at(name), 'expected a port, 0 to 65535');
    }
    return value;
  }

  secret(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '')
      throw new SwitchOptionsError(this.#at(name), 'expected a secret');
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name) ?? fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined)
      throw new SwitchOptionsError(this.#at(name), `expected ${allowed.join(' or ')}`);
    return found;
  }

  text(name: string): string | undefined {
    const value = this.#members.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw new SwitchOptionsError(this.#at(name), 'expected a text');
  }

  texts(): Record<string, string> {
    return Object.fromEntries(
      [...this.#members.keys()].map((name) => [name, this.text(name) ?? '']),
    );
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}
