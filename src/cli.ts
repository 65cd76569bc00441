#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { runCheck } from './cli/check.ts';
import { type Command, configurationFor, parseCommand, type Terminal } from './cli/command.ts';
import { consent } from './cli/consent.ts';
import { explain } from './cli/explain.ts';
import { runProgram } from './cli/program.ts';
import { purge } from './cli/purge.ts';
import { replay } from './cli/replay.ts';
import { report } from './cli/report.ts';
import { runDemo } from './demo/demo.ts';
import { runServer } from './main.ts';
import { VERSION } from './version.ts';

const start: Command = {
  takes: '',
  does: 'serve until stopped',
  async run(args, terminal) {
    const { values } = parseCommand(args, terminal, {});
    return await runServer({ folder: values.config, environment: terminal.environment });
  },
};

const check: Command = {
  takes: '',
  does: 'check the configuration and tell of every problem',
  async run(args, terminal) {
    const { values } = parseCommand(args, terminal, {});
    return await runCheck(values.config, terminal.environment, (line) => {
      terminal.write(`${line}\n`);
    });
  },
};

const demo: Command = {
  takes: '',
  does: 'place real calls through everything, about a minute',
  async run(args, terminal) {
    const { values } = parseCommand(args, terminal, {});
    const sample = await configurationFor(values.config, terminal);
    if (sample === undefined) return 2;
    const { isTerminal } = terminal;
    return await runDemo({ sample, isTerminal, write: (text) => terminal.write(text) });
  },
};

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({ start, check, demo, report, explain, replay, consent, purge }),
);

const TERMINAL: Terminal = {
  isTerminal: process.stdout.isTTY,
  environment: process.env,
  defaultConfig: fileURLToPath(new URL('../config', import.meta.url)),
  now: () => Date.now(),
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
};

process.exitCode = await runProgram(
  { commands: COMMANDS, version: VERSION },
  process.argv.slice(2),
  TERMINAL,
);
