import { describe, expect, it } from 'vitest';
import { type Command, oneOf, parseCommand } from '../../../src/cli/command.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { listen } from './terminal.ts';

const greet: Command = {
  takes: 'NAME [--loud] [--as plain|kind]',
  does: 'say hello',
  async run(args, terminal) {
    const own = { loud: { type: 'boolean' }, as: { type: 'string', default: 'plain' } } as const;
    const { values, positionals } = parseCommand(args, terminal, own, ['NAME']);
    const manner = oneOf('as', values.as, ['plain', 'kind']);
    terminal.write([...positionals, values.loud === true, manner, values.config].join(' '));
    return await Promise.resolve(0);
  },
};
const fail: Command = {
  takes: '',
  does: 'fail',
  run: () => Promise.reject(new Error('the disk is full')),
};
const commands = new Map([
  ['greet', greet],
  ['fail', fail],
]);

async function run(...args: string[]) {
  const { heard, terminal } = listen('/etc/linekeeper');
  const code = await runProgram({ commands, version: '1.2.3' }, args, terminal);
  return { code, ...heard };
}

describe('linekeeper', () => {
  it.each([
    [['greet', 'Ann'], 'Ann false plain /etc/linekeeper'],
    [['--config', 'here', 'greet', 'Ann', '--loud'], 'Ann true plain here'],
    [['greet', '--as=kind', 'Ann', '--config', 'greet'], 'Ann false kind greet'],
  ])('gives a command its arguments: %j', async (args, out) => {
    expect(await run(...args)).toEqual({ code: 0, out, err: '' });
  });

  it('tells its version, and how it is used', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: '1.2.3\n', err: '' });
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    expect(out).toContain('  linekeeper greet NAME [--loud] [--as plain|kind]\n');
    expect(out).toContain('  linekeeper fail     fail\n');
  });

  it.each([
    [[], 'answers a help line'],
    [['gret', 'Ann'], 'there is no command "gret"'],
    [['greet'], 'NAME is missing'],
    [['greet', 'Ann', 'Bob'], '"Bob" is one argument too many'],
    [['greet', 'Ann', '--from', 'x'], "Unknown option '--from'"],
    [['greet', 'Ann', '--as', 'rude'], '--as: "rude" is not one of plain, kind'],
  ])('refuses wrong usage with 2: %j', async (args, why) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(why);
  });

  it('tells of a failure with 1', async () => {
    expect(await run('fail')).toEqual({ code: 1, out: '', err: 'linekeeper: the disk is full\n' });
  });
});
