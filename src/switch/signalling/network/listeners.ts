import { isIPv6 } from 'node:net';
import { SipParseError } from '../../../protocol/sip/parse-error.ts';
import { parseSipUri, type SipUri } from '../../../protocol/sip/uri.ts';

/** A bound SIP address of this server. */
export interface Listener {
  readonly protocol: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  /** What others are told, when it is not `address`. */
  readonly advertise?: string;
}

/** Host of a URI or frame as text: IPv6 in brackets. */
function hostText(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}

/** The host that others are told. */
function advertisedHost(listener: Listener): string {
  return hostText(listener.advertise ?? listener.address);
}

export function advertisedHostPort(listener: Listener): string {
  return `${advertisedHost(listener)}:${listener.port}`;
}

/** The server's own URI: `sip:127.0.0.1:5060`, with `;transport=tcp` on TCP. */
export function ownUri(listener: Listener): string {
  return `sip:${advertisedHostPort(listener)}${listener.protocol === 'tcp' ? ';transport=tcp' : ''}`;
}

/** The Contact of the server, in brackets. */
export function ownContact(listener: Listener): string {
  return `<${ownUri(listener)}>`;
}

/** Every address of this server. */
export class Listeners {
  /** In the order of the options. */
  readonly all: readonly Listener[];

  constructor(all: readonly Listener[]) {
    this.all = all;
  }

  /** As in the reply to `authenticate`: `udp/127.0.0.1:5060` each, TCP first. */
  hostPorts(which: 'advertised' | 'local'): string {
    const text = (listener: Listener): string =>
      which === 'advertised'
        ? advertisedHostPort(listener)
        : `${hostText(listener.address)}:${listener.port}`;
    return this.all
      .map((listener) => `${listener.protocol}/${text(listener)}`)
      .sort()
      .join(',');
  }

  /** The listener a message came in by. */
  of(local: {
    readonly protocol: string;
    readonly address: string;
    readonly port: number;
  }): Listener {
    const found = this.all.find(
      (one) => one.protocol === local.protocol && one.port === local.port,
    );
    if (found !== undefined) return found;
    return {
      protocol: local.protocol === 'tcp' ? 'tcp' : 'udp',
      address: local.address,
      port: local.port,
    };
  }

  /** The listener to send to a URI from, by its transport parameter; none when there is no such listener. */
  toward(uri: SipUri): Listener | undefined {
    const explicit = uri.parameters.get('transport')?.toLowerCase();
    const found = this.all.find((one) => one.protocol === (explicit ?? 'udp'));
    return found ?? (explicit === undefined ? this.all[0] : undefined);
  }

  /** The first listener of a protocol. Throws RangeError without one. */
  ofProtocol(protocol: Listener['protocol']): Listener {
    const found = this.all.find((one) => one.protocol === protocol);
    if (found === undefined) throw new RangeError(`no ${protocol} listener`);
    return found;
  }

  /** Does this host name one of our addresses, whatever the port? */
  isOwnHost(host: string): boolean {
    return this.all.some((one) => ownNames(one).includes(host));
  }

  /** Is this URI ourselves? */
  isOwn(uri: string): boolean {
    try {
      const { host, port = 5060 } = parseSipUri(uri);
      return this.all.some((one) => one.port === port && ownNames(one).includes(host));
    } catch (error) {
      if (error instanceof SipParseError) return false; // tel: and the like are nobody's address
      throw error;
    }
  }
}

function ownNames(listener: Listener): string[] {
  const names = [hostText(listener.address), advertisedHost(listener)];
  return listener.address === '127.0.0.1' ? [...names, 'localhost'] : names;
}

/** Is this an IPv4 address for private networks (RFC 1918)? */
export function isPrivateAddress(host: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host);
}
