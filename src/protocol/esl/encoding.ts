/** What FreeSWITCH escapes in plain events besides control characters and bytes above `~` (SWITCH_URL_UNSAFE). */
const UNSAFE = new Set('\r\n #%&+:;<=>?@[\\]^`{|}"');

const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  const safe = byte >= 0x20 && byte <= 0x7e && !UNSAFE.has(character);
  return safe ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/**
 * Escapes a value as FreeSWITCH's `switch_url_encode` does. A `%` that already starts an escape of two
 * upper-case hexadecimal digits is left alone, so encoding twice changes nothing: that is how the real server behaves.
 */
export function urlEncode(value: string): string {
  let out = '';
  const bytes = Buffer.from(value, 'utf8');
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    out += byte === 0x25 && isHex(bytes[i + 1]) && isHex(bytes[i + 2]) ? '%' : ENCODED[byte];
  }
  return out;
}

/** Reads an escaped value; a broken escape is kept as it stands, as FreeSWITCH does. */
export function urlDecode(value: string): string {
  if (!value.includes('%')) return value;
  const source = Buffer.from(value, 'utf8');
  const target = Buffer.alloc(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    const pair = source[i] === 0x25 ? source.toString('latin1', i + 1, i + 3) : '';
    const escaped = /^[0-9A-Fa-f]{2}$/.test(pair);
    target[length++] = escaped ? Number.parseInt(pair, 16) : (source[i] ?? 0);
    if (escaped) i += 2;
  }
  return target.toString('utf8', 0, length);
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46);
}
