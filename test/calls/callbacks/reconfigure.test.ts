import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  changesFor,
  eachOnItsOwnServer,
  HelpLine,
  type TestLine,
} from '../../support/help-line.ts';

const LINE: TestLine = {
  name: 'help',
  dnis: '+18005550101',
  agents: ['vera'],
  queue: { callback: { offering: false } },
};
const NEW_LINE: TestLine = { ...LINE, name: 'more', dnis: '+18005550102', agents: ['will'] };
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const TAKEN_UP = 'configuration taken up';

eachOnItsOwnServer('a configuration changed while a call is up', () => {
  test('is taken up for new calls and drops none; a wrong one is not, and all is told', async (context) => {
    const help = await HelpLine.for(context, [LINE]);
    const { server } = help;
    const vera = await help.readyAgent(context, 'vera', AGENT_HZ);
    const caller = await help.holder(context, LINE, '+12025550150', CALLER_HZ);
    await vera.answer();
    await vera.ear.tone(CALLER_HZ);

    const stranger = await help.telephone(context, '+12025550151', CALLER_HZ);
    await expect(stranger.call(NEW_LINE.dnis)).rejects.toThrow('404');
    await server.folders.change(changesFor([LINE, NEW_LINE], help.carrier.port));
    await server.log.take('a new configuration', ({ message }) => message === TAKEN_UP);
    await stranger.call(NEW_LINE.dnis);
    await stranger.ear.prompt('name-tax-help');
    await Promise.all([vera.ear.tone(CALLER_HZ), caller.ear.tone(AGENT_HZ)]);

    await writeFile(
      join(server.folders.config, 'hours.yaml'),
      'hours:\n  always: { timeZone: Mars/Olympus, week: { mon: 25:00-26:00 } }\n',
    );
    process.kill(server.pid, 'SIGHUP');
    const complaint = await server.log.take('a complaint', ({ message }) =>
      message.startsWith('configuration not taken up'),
    );
    expect(complaint['problems']).toBe(2);
    for (const setting of ['hours.always.timeZone', 'hours.always.week.mon']) {
      const problem = await server.log.take(setting, (line) => line['setting'] === setting);
      expect(problem).toMatchObject({ level: 'error', line: 2 });
    }
    await stranger.ear.prompt('queue-refunds');
    stranger.hangUp();
    await stranger.over();
    await stranger.call(NEW_LINE.dnis);
    await stranger.ear.prompt('name-tax-help');
    await Promise.all([vera.ear.tone(CALLER_HZ), caller.ear.tone(AGENT_HZ)]);

    caller.hangUp();
    await vera.over();
  });

  test('by SIGHUP gives an agent other queues, and short codes other digits', async (context) => {
    const help = await HelpLine.for(context, [LINE]);
    const vera = await help.readyAgent(context, 'vera', AGENT_HZ);
    await help.server.reconfigure({ agents: { shortCodes: { break: '*77' } } });
    await help.server.log.take('a new configuration', ({ message }) => message === TAKEN_UP);
    await expect(vera.call('*12')).rejects.toThrow('404');
    await vera.call('*77');
    await vera.ear.prompt('agent-break');
  });
});
