import { describe, expect, test } from 'vitest';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

/** Tells nobody of callbacks, and takes them from who asks. */
const ASKED: TestLine = {
  name: 'asked',
  dnis: '+18005550140',
  agents: [],
  queue: { callback: { offering: false } },
};
const OTHER_KEY: TestLine = {
  name: 'other-key',
  dnis: '+18005550141',
  agents: [],
  queue: { callback: { offering: false, offer: { key: '*' } } },
};
const AGAIN: TestLine = {
  name: 'again',
  dnis: '+18005550142',
  agents: [],
  queue: {
    hold: { announceEverySeconds: 10 },
    callback: { offering: false, offer: { againEverySeconds: 1, key: '5' } },
  },
};
const CLOSED_BOOK: TestLine = {
  name: 'closed-book',
  dnis: '+18005550143',
  agents: [],
  queue: { callback: { registering: false } },
};

const helpLine = helpLineForThisFile([ASKED, OTHER_KEY, AGAIN, CLOSED_BOOK]);

describe.concurrent('who holds', () => {
  test('is led to the offer by its key at any time, and keeps the place of the call', async (context) => {
    const number = '+12025550160';
    const caller = await helpLine().caller(context, ASKED, number);
    await caller.hears('hold-intro');
    await caller.hearing.music();
    const askedAt = Date.now();
    await caller.press('2');
    await caller.hears('notice-callback');
    await caller.hears('offer-use-ani-intro');
    await caller.press('1');
    await caller.hears('ticket-confirmed');
    await caller.ended();
    const { tickets } = await helpLine().kept('a ticket', (kept) =>
      kept.tickets.some(({ queue }) => queue === ASKED.name),
    );
    const [ticket] = tickets.filter(({ queue }) => queue === ASKED.name);
    expect(ticket).toMatchObject({ number, consent: { key: '1', source: 'ani' } });
    expect(ticket?.arrivedAt).toBeLessThan(askedAt);
  });

  test('is led to it by the key that the operator chose, while they are still spoken to', async (context) => {
    const caller = await helpLine().caller(context, OTHER_KEY, '+12025550161');
    await caller.hears('hold-intro');
    await caller.press('*');
    await caller.hears('notice-callback');
    // Within the offer the star repeats what was said, as everywhere else.
    await caller.hears('offer-use-ani-intro');
    await caller.press('*');
    await caller.hears('offer-use-ani-intro');
    await caller.hangUp();
  });

  test('hears of the offer with its key at an interval, as soon as it is switched on', async (context) => {
    const caller = await helpLine().caller(context, AGAIN, '+12025550162');
    await caller.hears('hold-intro');
    await helpLine().server.reconfigure({
      queues: { queues: { [AGAIN.name]: { callback: { offering: true } } } },
    });
    await caller.hears('position-intro', PATIENT_MS);
    await caller.hears('hold-offer-again', PATIENT_MS);
    await caller.hearing.music();
    expect(await caller.hearing.spokenSince('hold-offer-again', 'digits')).toBe('5');
    await caller.press('5');
    await caller.hears('notice-callback');
    await caller.hangUp();
  });

  test('is told where no callbacks are taken, and stays in line', async (context) => {
    const caller = await helpLine().caller(context, CLOSED_BOOK, '+12025550163');
    await caller.hears('hold-intro');
    await caller.hearing.music();
    await caller.press('2');
    await caller.hears('registering-off');
    await caller.hears('back-on-hold');
    await caller.hearing.music();
    await caller.hangUp();
    expect(caller.hearing.prompts()).not.toContain('notice-callback');
  });
});
