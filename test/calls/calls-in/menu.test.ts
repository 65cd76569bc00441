import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../support/server.ts';
import { responsesTo } from '../../support/sipp.ts';
import { Stage } from './stage.ts';

const PATIENT = '+18005550100';
const HURRIED = '+18005550101';
const CLOSED = '+18005550102';
const CLOSED_QUEUE = '+18005550103';
const LONG = '+18005550104';

const entryPoint = {
  namePrompt: 'name-tax-help',
  greeting: ['greeting'],
  hours: 'always',
  closedPrompts: ['closed'],
  person: 'general',
};
const menu = {
  timeoutPrompt: 'timeout',
  invalidPrompt: 'invalid-key',
  exhausted: { hangUp: ['goodbye'] },
};

const stage = Stage.forThisFile({
  changes: {
    numbers: {
      numbers: [
        { ...entryPoint, dnis: PATIENT, menu: 'main' },
        { ...entryPoint, dnis: HURRIED, menu: 'hurried' },
        { ...entryPoint, dnis: CLOSED, menu: 'main', hours: 'never' },
        { ...entryPoint, dnis: LONG, menu: 'long' },
        { ...entryPoint, dnis: CLOSED_QUEUE, menu: 'closed-queue' },
      ],
    },
    hours: { hours: { never: { timeZone: 'America/New_York', week: {} } } },
    menus: {
      menus: {
        main: {
          keys: { 3: { hangUp: ['goodbye'] }, 4: { menu: 'below' } },
        },
        below: { ...menu, prompts: ['queue-general'], keys: { 7: { menu: 'main' } } },
        hurried: {
          ...menu,
          prompts: ['queue-refunds'],
          timeoutSeconds: 1,
          maxTries: 2,
          keys: { 1: 'repeat' },
        },
        long: {
          ...menu,
          prompts: ['main-menu', 'key-number', 'number-invalid', 'offer-no-ani'],
          keys: { 3: { hangUp: ['goodbye'] } },
        },
        'closed-queue': {
          ...menu,
          prompts: ['queue-refunds'],
          keys: { 1: { queue: 'refunds' } },
        },
      },
    },
    queues: { queues: { refunds: { hours: 'never' } } },
  },
});

describe.concurrent('a menu', () => {
  test('greets, says what the keys mean, and does what the key says', async (context) => {
    const caller = await stage.call(context);
    await caller.hears('greeting');
    await caller.hears('main-menu');
    await caller.press('3');
    await caller.hears('goodbye');
    const messages = await caller.ended();
    expect(responsesTo('INVITE', messages).at(-1)?.status).toBe(200);
    expect(caller.hearing.prompts()).toEqual(['greeting', 'main-menu', 'goodbye']);
  });

  test('takes a key while it speaks, and stops speaking', async (context) => {
    const caller = await stage.call(context, { dialled: LONG });
    await caller.hears('greeting');
    await caller.press('3');
    await caller.hears('goodbye');
    await caller.ended();
    expect(caller.hearing.prompts()).not.toContain('offer-no-ani');
  });

  test('leaves a line in the log for each call, and one for its end', async (context) => {
    const caller = await stage.call(context, { dialled: CLOSED });
    await caller.ended();
    const { log } = stage.server;
    const ended = await log.take(
      'the end of the call',
      ({ message, outcome }) => message === 'call ended' && outcome === 'closed',
    );
    const isItsBeginning = ({ message, callId }: LogLine) =>
      message === 'call began' && callId === ended['callId'];
    expect(log.peek().filter(isItsBeginning)).toHaveLength(1);
  });

  test('says that a key has no meaning, and repeats itself', async (context) => {
    const caller = await stage.call(context);
    await caller.hears('greeting');
    await caller.press('7');
    await caller.hears('invalid-key');
    await caller.hears('main-menu');
    await caller.press('9');
    await caller.hears('main-menu');
    await caller.hangUp();
  });

  test('leads to a menu below it, and back', async (context) => {
    const caller = await stage.call(context);
    await caller.hears('greeting');
    await caller.press('4');
    await caller.hears('queue-general');
    await caller.press('7');
    await caller.hears('main-menu');
    await caller.hangUp();
  });

  test('says when it heard no key, and after so many times does what it must', async (context) => {
    const caller = await stage.call(context, { dialled: HURRIED });
    await caller.hears('greeting');
    await caller.hears('queue-refunds');
    await caller.hears('take-your-time');
    await caller.hears('timeout');
    await caller.hears('queue-refunds');
    await caller.hears('goodbye');
    await caller.ended();
  });

  test('counts wrong keys to the same limit', async (context) => {
    const caller = await stage.call(context, { dialled: HURRIED });
    await caller.hears('greeting');
    await caller.press('5');
    await caller.hears('invalid-key');
    await caller.press('6');
    await caller.hears('goodbye');
    await caller.ended();
  });
});

describe.concurrent('out of hours', () => {
  test('a number says that it is closed, and hangs up', async (context) => {
    const caller = await stage.call(context, { dialled: CLOSED });
    await caller.hears('closed');
    await caller.ended();
    expect(caller.hearing.prompts()).toEqual(['closed']);
  });

  test('a queue says so when it is chosen', async (context) => {
    const caller = await stage.call(context, { dialled: CLOSED_QUEUE });
    await caller.hears('greeting');
    await caller.press('1');
    await caller.hears('closed');
    await caller.ended();
  });
});
