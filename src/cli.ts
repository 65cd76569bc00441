#!/usr/bin/env node
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCheck } from './cli/check.ts';
import { loadConfiguration } from './config/load.ts';
import { formatProblems } from './config/problem.ts';
import { runDemo } from './demo/demo.ts';
import { runServer } from './main.ts';

const USAGE = `linekeeper: answers a help line, calls people back in place of hold

  linekeeper start   serve until stopped
  linekeeper check   check the configuration and tell of every problem
  linekeeper demo    place real calls through everything, about a minute

Options
  --config FOLDER    the configuration (default: config beside the program)
  --version, --help

Exit codes: 0 good, 1 failed, 2 wrong usage or files that can not be read
`;

const DEFAULT_CONFIG = fileURLToPath(new URL('../config', import.meta.url));

/** @returns the exit code. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      config: { type: 'string', default: DEFAULT_CONFIG },
      help: { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  if (values.version) return say(version(), 0);
  if (values.help) return say(USAGE, 0);
  const [command, ...rest] = positionals;
  if (command === undefined || rest.length > 0) return complain(USAGE);
  switch (command) {
    case 'start':
      return await runServer({ folder: values.config, environment: process.env });
    case 'check':
      return await runCheck(values.config, process.env, (line) => say(`${line}\n`, 0));
    case 'demo':
      return await demo(values.config);
    default:
      return complain(`linekeeper: there is no command "${command}"\n\n${USAGE}`);
  }
}

async function demo(folder: string): Promise<number> {
  const loaded = await loadConfiguration(folder, process.env);
  if (!loaded.ok) return complain(`${formatProblems(loaded.problems)}\n`);
  return await runDemo({
    sample: loaded.configuration,
    write: (text) => process.stdout.write(text),
    isTerminal: process.stdout.isTTY,
  });
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

function complain(text: string): number {
  process.stderr.write(text);
  return 2;
}

function version(): string {
  const found: unknown = createRequire(import.meta.url)('../package.json');
  const { version: number } = found as { readonly version: string };
  return `${number}\n`;
}

/** `parseArgs` refused an option; any other error is a failure, not a matter of usage. */
function isWrongUsage(error: unknown): boolean {
  return (
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`linekeeper: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = isWrongUsage(error) ? 2 : 1;
  },
);
