import type { EslHeaderValue } from '../../../protocol/esl/event.ts';
import { headerText } from '../../../protocol/esl/event.ts';

/** A channel holds so many variables of so many characters; more is refused silently nowhere: `set` tells. */
export const VARIABLE_LIMITS = { count: 1000, characters: 64 * 1024 };

/**
 * Channel variables in FreeSWITCH's order: setting one moves it to the end, setting it to nothing
 * takes it out. Names are case-insensitive for finding and keep their first spelling.
 */
export class ChannelVariables {
  readonly #values = new Map<string, { name: string; value: EslHeaderValue }>();

  get(name: string): string | undefined {
    const found = this.#values.get(name.toLowerCase());
    return found === undefined ? undefined : headerText(found.value);
  }

  /** Whether a variable says yes: `true`, `yes`, `on`, `enable`, `t`, `active`, `allow` or a number above 0. */
  isTrue(name: string): boolean {
    return isTrue(this.get(name));
  }

  /** Sets a variable, or takes it out when `value` is undefined or empty. False when a limit stands against it. */
  set(name: string, value: EslHeaderValue | undefined): boolean {
    const key = name.toLowerCase();
    this.#values.delete(key);
    if (value === undefined || value.length === 0) return true;
    if (headerText(value).length > VARIABLE_LIMITS.characters) return false;
    if (this.#values.size >= VARIABLE_LIMITS.count) return false;
    this.#values.set(key, { name, value });
    return true;
  }

  setAll(values: Readonly<Record<string, EslHeaderValue | undefined>>): void {
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  *entries(): Generator<readonly [name: string, value: EslHeaderValue]> {
    for (const { name, value } of this.#values.values()) yield [name, value];
  }
}

/** FreeSWITCH's `switch_true`. */
export function isTrue(text: string | undefined): boolean {
  if (text === undefined) return false;
  if (/^(yes|on|true|t|enabled|active|allow)$/i.test(text)) return true;
  return /^\d+$/.test(text) && Number(text) !== 0;
}

/** Replaces `${name}` by variables and `$${name}` by globals; one that is not set becomes nothing. */
export function expandVariables(
  text: string,
  variable: (name: string) => string | undefined,
  global: (name: string) => string | undefined,
): string {
  if (!text.includes('${')) return text;
  return text.replace(
    /(\$?)\$\{([^{}:()]+)(?::(-?\d+)(?::(\d+))?)?\}/g,
    (_whole, globalMark: string, name: string, offset?: string, length?: string) => {
      const value = (globalMark === '$' ? global(name) : (variable(name) ?? global(name))) ?? '';
      if (offset === undefined) return value;
      const start =
        Number(offset) < 0 ? Math.max(0, value.length + Number(offset)) : Number(offset);
      return value.slice(start, length === undefined ? undefined : start + Number(length));
    },
  );
}
