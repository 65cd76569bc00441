import type { SrfMessageOptions, SrfReply } from './srf.ts';

/** What we can do, for requests and responses that say so. */
export const ABILITIES = {
  Allow: 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REGISTER',
  Supported: 'timer',
} as const;

/**
 * Answers a request. One that was answered already, or whose sender has gone, stays as it is:
 * the library throws on some of these and says nothing on others.
 * @returns whether a response was handed over
 */
export function respond(reply: SrfReply, status: number, options: SrfMessageOptions = {}): boolean {
  if (reply.finalResponseSent) return false;
  reply.send(status, options);
  return true;
}
