/** IP addresses that share their first `prefixLength` bits (CIDR, RFC 4632). */
export interface AddressRange {
  readonly version: 4 | 6;
  /** Lowest address, as a number of 32 or 128 bits. */
  readonly base: bigint;
  readonly prefixLength: number;
}

/** `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; undefined if `text` is none of these. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [address = '', length, ...rest] = text.split('/');
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/u.test(length))) return undefined;
  const parsed = parseAddress(address);
  if (parsed === undefined) return undefined;
  const bits = parsed.version === 4 ? 32 : 128;
  const prefixLength = length === undefined ? bits : Number(length);
  if (prefixLength > bits) return undefined;
  const shift = BigInt(bits - prefixLength);
  return { version: parsed.version, base: (parsed.value >> shift) << shift, prefixLength };
}

/** Whether `address` (textual, IPv4 mapped in IPv6 included) lies in the range. False if malformed. */
export function isInRange(range: AddressRange, address: string): boolean {
  const parsed = parseAddress(address);
  if (parsed === undefined || parsed.version !== range.version) return false;
  const shift = BigInt((range.version === 4 ? 32 : 128) - range.prefixLength);
  return parsed.value >> shift === range.base >> shift;
}

interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

/** First 96 bits of an IPv4 address mapped in IPv6 (RFC 4291 section 2.5.5.2). */
const MAPPED_PREFIX = 0xffffn;

function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(':')) {
    const value = parseV4(text);
    return value === undefined ? undefined : { version: 4, value };
  }
  const value = parseV6(text);
  if (value === undefined) return undefined;
  return value >> 32n === MAPPED_PREFIX
    ? { version: 4, value: value & 0xffff_ffffn }
    : { version: 6, value };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/u.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '');
  const tail = groupsOf(halves[1] ?? '');
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...tail];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** The 16-bit groups between colons; a dotted IPv4 address at the end counts as two. */
function groupsOf(text: string): readonly bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const v4 = index === parts.length - 1 ? parseV4(part) : undefined;
      if (v4 === undefined) return undefined;
      groups.push(v4 >> 16n, v4 & 0xffffn);
    } else if (/^[\da-f]{1,4}$/iu.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}
