import { isIP } from 'node:net';
import { A_LAW, type Companding, MU_LAW } from '../../protocol/audio/g711.ts';
import { RtpSessionError } from './errors.ts';
import type { RtpConfiguration, RtpRemote } from './types.ts';

/** Addresses that mean "send nothing" (RFC 3264 section 8.4, the old way to hold). */
const NOWHERE = new Set(['0.0.0.0', '::']);

/** Throws RtpSessionError `bad-configuration` for what no SDP should have led to. */
export function checkConfiguration(configuration: RtpConfiguration): void {
  const { remote, payloadType, telephoneEventType, alsoFrom = [] } = configuration;
  if (remote) {
    checkPort('port', remote.port, 0);
    if (remote.rtcpPort !== undefined) checkPort('RTCP port', remote.rtcpPort, 1);
  }
  for (const address of [...(remote ? [remote.address] : []), ...alsoFrom]) {
    if (isIP(address) === 0) throw bad(`not an IP address: ${JSON.stringify(address)}`);
  }
  checkPayloadType(payloadType);
  if (telephoneEventType !== undefined) checkPayloadType(telephoneEventType);
  if (telephoneEventType === payloadType) {
    throw bad(`payload type ${payloadType} is given to sound and to telephone-event`);
  }
}

/** Whether packets can be sent to `remote` at all. */
export function isReachable(remote: RtpRemote): boolean {
  return remote.port > 0 && !NOWHERE.has(remote.address);
}

/** How the agreed codec codes sound. */
export function lawOf({ codec }: RtpConfiguration): Companding {
  return codec === 'PCMA' ? A_LAW : MU_LAW;
}

/** Whether we send in this direction, which is ours. */
export function sends(direction: RtpConfiguration['direction']): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

/** Whether we receive in this direction, which is ours. */
export function receives(direction: RtpConfiguration['direction']): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

function checkPort(name: string, port: number, least: number): void {
  if (!Number.isInteger(port) || port < least || port > 65535) {
    throw bad(`${name} must be from ${least} to 65535: ${port}`);
  }
}

function checkPayloadType(payloadType: number): void {
  if (!Number.isInteger(payloadType) || payloadType < 0 || payloadType > 127) {
    throw bad(`payload type must be from 0 to 127: ${payloadType}`);
  }
}

function bad(message: string): RtpSessionError {
  return new RtpSessionError('bad-configuration', message);
}
