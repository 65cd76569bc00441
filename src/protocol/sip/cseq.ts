import { SipParseError } from './parse-error.ts';
import { isToken } from './text.ts';

/** The value of CSeq (RFC 3261 section 20.16). */
export interface CSeq {
  /** 0 to 2^31 - 1. */
  readonly sequence: number;
  readonly method: string;
}

/** Reads a CSeq value. Throws SipParseError. */
export function parseCSeq(value: string): CSeq {
  const space = value.search(/[ \t]/);
  const digits = value.slice(0, Math.max(space, 0));
  const method = value.slice(space + 1).trim();
  const sequence = Number(digits);
  if (!/^\d{1,64}$/.test(digits) || sequence >= 2 ** 31 || !isToken(method)) {
    throw new SipParseError('Malformed CSeq');
  }
  return { sequence, method };
}

export function formatCSeq(cseq: CSeq): string {
  return `${cseq.sequence} ${cseq.method}`;
}
