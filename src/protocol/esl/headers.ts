/** Reads `Name: value` lines into a map with lower-case names; a line without a colon is left out, as FreeSWITCH does. */
export function readHeaderLines(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).replace(/^ +/, ''));
  }
  return headers;
}
