import type { AgentScreen } from '../engine/ports.ts';

/** Longest value of one header; what does not fit is left out. */
const MAX_VALUE_CHARACTERS = 200;
/** Most menus of a path, and the longest wait that is told: 30 days. */
const MAX_MENUS = 20;
const MAX_WAIT_SECONDS = 30 * 86_400;
const MAX_ATTEMPTS = 1_000;

/**
 * Headers of an INVITE to an agent that say who is coming; `docs/agent-screen.md` describes them. Values
 * are ASCII: everything else, and the percent sign, is percent-encoded UTF-8 (RFC 3986 section 2.1).
 */
export function screenHeaders(screen: AgentScreen): Readonly<Record<string, string>> {
  const { reason, queue, path, waitSeconds, attempts, ticket } = screen;
  return {
    'X-Linekeeper-Reason': reason,
    'X-Linekeeper-Queue': encoded(queue),
    'X-Linekeeper-Path': joined(path.slice(0, MAX_MENUS)),
    'X-Linekeeper-Wait': count(waitSeconds, MAX_WAIT_SECONDS),
    'X-Linekeeper-Attempts': count(attempts, MAX_ATTEMPTS),
    ...(ticket === undefined ? {} : { 'X-Linekeeper-Ticket': encoded(ticket) }),
  };
}

function count(value: number, most: number): string {
  return String(Math.min(most, Math.max(0, Math.round(Number.isFinite(value) ? value : 0))));
}

/** Parts between slashes, as many as fit; `-` for none, since an empty header is none to some phones. */
function joined(parts: readonly string[]): string {
  let value = '';
  for (const part of parts) {
    const longer = value === '' ? encoded(part) : `${value}/${encoded(part)}`;
    if (longer.length > MAX_VALUE_CHARACTERS) break;
    value = longer;
  }
  return value === '' ? '-' : value;
}

/** Cut between characters, never within one; `-` for nothing. */
function encoded(text: string): string {
  let value = '';
  for (const character of text.replaceAll(/\p{Surrogate}/gu, '?')) {
    const next = /^[\w.~-]$/u.test(character) ? character : encodeURIComponent(character);
    if (value.length + next.length > MAX_VALUE_CHARACTERS) break;
    value += next;
  }
  return value === '' ? '-' : value;
}
