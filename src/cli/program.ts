import { parseArgs } from 'node:util';
import { type Command, type Terminal, UsageError } from './command.ts';

/** What `linekeeper` is made of. */
export interface Program {
  readonly commands: ReadonlyMap<string, Command>;
  readonly version: string;
}

/** Runs one command. Never throws. @returns exit code: 0 good, 1 failed, 2 wrong usage or files */
export async function runProgram(
  program: Program,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  try {
    return await dispatch(program, args, terminal);
  } catch (error) {
    terminal.complain(`linekeeper: ${error instanceof Error ? error.message : String(error)}\n`);
    return isWrongUsage(error) ? 2 : 1;
  }
}

async function dispatch(
  { commands, version }: Program,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  // Only finds the command; it then looks at its options itself.
  const { values, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: { config: { type: 'string' } },
  });
  if (values['version'] === true) return say(terminal, `${version}\n`);
  if (values['help'] === true) return say(terminal, usage(commands));
  const named = tokens.find((token) => token.kind === 'positional');
  if (named === undefined) return complain(terminal, usage(commands));
  const command = commands.get(named.value);
  if (command !== undefined) return await command.run(args.toSpliced(named.index, 1), terminal);
  const problem = `linekeeper: there is no command "${named.value}"`;
  return complain(terminal, `${problem}\n\n${usage(commands)}`);
}

function usage(commands: Program['commands']): string {
  const calls = [...commands].map(([name, { takes, does }]) => {
    const call = `  linekeeper ${name} ${takes}`.trimEnd();
    return call.length < DOES_AT ? `${call.padEnd(DOES_AT)}${does}` : `${call}\n${BELOW}${does}`;
  });
  return [
    'linekeeper: answers a help line, calls people back in place of hold',
    '',
    ...calls,
    '',
    'Options',
    '  --config FOLDER     the configuration (default: config beside the program)',
    '  --version, --help',
    '',
    'Exit codes: 0 good, 1 failed, 2 wrong usage or files that can not be read',
    '',
  ].join('\n');
}

/** Column in which the usage says what a command does. */
const DOES_AT = 22;
const BELOW = ' '.repeat(DOES_AT);

function say(terminal: Terminal, text: string): number {
  terminal.write(text);
  return 0;
}

function complain(terminal: Terminal, text: string): number {
  terminal.complain(text);
  return 2;
}

/** Options that a command does not have, or values that they cannot take; any other error is a failure. */
function isWrongUsage(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  return (
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}
