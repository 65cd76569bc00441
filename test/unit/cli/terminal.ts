import type { Terminal } from '../../../src/cli/command.ts';

/** A terminal that remembers what was said. */
export function listen(defaultConfig: string, environment: Terminal['environment'] = {}) {
  const heard = { out: '', err: '' };
  const terminal: Terminal = {
    isTerminal: false,
    environment,
    defaultConfig,
    // In 2027, after all that tests tell of.
    now: () => Date.UTC(2027, 0, 1),
    write: (text) => {
      heard.out += text;
    },
    complain: (text) => {
      heard.err += text;
    },
  };
  return { heard, terminal };
}
