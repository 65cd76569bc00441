import { describe, test } from 'vitest';
import { Stage } from './stage.ts';

const ENGLISH = '+18005550100';
const SPANISH = '+18005550101';

const entryPoint = {
  namePrompt: 'name-tax-help',
  greeting: ['greeting'],
  menu: 'main',
  hours: 'always',
  closedPrompts: ['closed'],
  person: 'general',
};

const unoffered = { callback: { offering: false } };

const stage = Stage.forThisFile({
  changes: {
    numbers: {
      numbers: [
        { ...entryPoint, dnis: ENGLISH },
        { ...entryPoint, dnis: SPANISH, menu: 'main-spanish', language: 'es' },
      ],
    },
    queues: { queues: { refunds: unoffered, general: unoffered } },
  },
});

describe.concurrent('callers are spoken to', () => {
  test('in the language that they choose by key, and back', async (context) => {
    const caller = await stage.call(context);
    await caller.hears('greeting');
    await caller.hears('other-language');
    await caller.press('8');
    await caller.hears('es/main-menu');
    await caller.press('8');
    await caller.hears('main-menu');
    await caller.hangUp();
  });

  test('in the language of the number dialled, on hold as well', async (context) => {
    const caller = await stage.call(context, { dialled: SPANISH });
    await caller.hears('es/greeting');
    await caller.press('1');
    await caller.hears('es/hold-intro');
    await caller.press('#');
    await caller.hears('es-slow/hold-intro');
    await caller.hangUp();
  });

  test('again, more slowly, and then as before', async (context) => {
    const caller = await stage.call(context);
    await caller.hears('main-menu');
    await caller.press('*');
    await caller.hears('greeting');
    await caller.press('#');
    await caller.hears('en-slow/greeting');
    await caller.hears('en-slow/main-menu');
    await caller.press('#');
    await caller.hears('greeting');
    await caller.hangUp();
  });

  test('by a person, if they press the key', async (context) => {
    const caller = await stage.call(context);
    await caller.hears('greeting');
    await caller.press('0');
    await caller.hears('hold-intro');
    await caller.hangUp();
  });
});
