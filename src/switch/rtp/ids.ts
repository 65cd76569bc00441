import { randomBytes, randomUUID } from 'node:crypto';
import type { RtpIds } from './types.ts';

/** Random SSRCs and sequence starts (RFC 3550 section 8), and a nameless CNAME (RFC 7022). */
export const randomRtpIds: RtpIds = {
  uint32: () => randomBytes(4).readUInt32BE(0),
  cname: () => randomUUID(),
};
