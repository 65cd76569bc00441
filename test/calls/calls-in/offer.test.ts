import { describe, expect, test } from 'vitest';
import type { SippCaller } from '../../support/sipp-caller.ts';
import { queueUp, Stage } from './stage.ts';

const UNTRUSTED = '127.0.0.2';
const OWN_NUMBER = '2125550111';
const SHOWN = '+12025550123';
const SHOWN_SPOKEN = '2 0 2 5 5 5 0 1 2 3';
const OTHER = '2125550144';
const OTHER_SPOKEN = '2 1 2 5 5 5 0 1 4 4';

/** Nobody works, so the wait is as long as can be, and every caller is offered a callback. */
const stage = Stage.forThisFile({
  changes: {
    numbers: { callbackNumbers: { ownNumbers: [`+1${OWN_NUMBER}`] } },
    trunks: {
      trunks: { other: { inbound: { sources: [UNTRUSTED], trustAssertedIdentity: false } } },
    },
  },
});

/** On to the number shown, which must be read back as `spoken`. */
async function hearsOwnNumber(caller: SippCaller, spoken: string): Promise<void> {
  await caller.hears('offer-use-ani-intro');
  await caller.hears('offer-use-ani-keys', 15_000);
  expect(await caller.hearing.spokenSince('offer-use-ani-intro', 'digits')).toBe(spoken);
}

async function hearsKeyedNumber(caller: SippCaller, spoken: string): Promise<void> {
  await caller.hears('confirm-number-intro');
  await caller.hears('confirm-number-keys', 15_000);
  expect(await caller.hearing.spokenSince('confirm-number-intro', 'digits')).toBe(spoken);
}

/** Books, and is let go. */
async function accepts(caller: SippCaller): Promise<void> {
  await caller.press('1');
  await caller.hears('ticket-confirmed');
  await caller.ended();
}

describe.concurrent('the number shown', () => {
  test('is read back, and taken by 1', async (context) => {
    const caller = await stage.call(context, { caller: SHOWN });
    await queueUp(caller, '1');
    await hearsOwnNumber(caller, SHOWN_SPOKEN);
    await accepts(caller);
  });

  test.for([
    ['a trunk that is trusted, before From', '127.0.0.1', OTHER_SPOKEN],
    ['no other trunk', UNTRUSTED, SHOWN_SPOKEN],
  ] as const)(
    'is that of P-Asserted-Identity from %s',
    async ([, localAddress, spoken], context) => {
      const caller = await stage.call(context, {
        caller: SHOWN,
        localAddress,
        headers: [`P-Asserted-Identity: <sip:+1${OTHER}@carrier.invalid>`],
      });
      await queueUp(caller, '1');
      await hearsOwnNumber(caller, spoken);
      await caller.hangUp();
    },
  );

  test.for([
    ['withheld', 'anonymous'],
    ['toll-free', '+18005550123'],
    ['ours', `+1${OWN_NUMBER}`],
    ['none at all', 'reception'],
  ] as const)('leads straight to keying when it is %s', async ([, shown], context) => {
    const caller = await stage.call(context, { caller: shown });
    await queueUp(caller, '1');
    await caller.hears('offer-no-ani');
    await caller.hangUp();
    expect(caller.hearing.prompts()).not.toContain('offer-use-ani-intro');
  });
});

describe.concurrent('a keyed number', () => {
  test('is confirmed, or keyed again', async (context) => {
    const caller = await stage.call(context, { caller: SHOWN });
    await queueUp(caller, '1');
    await caller.hears('offer-use-ani-intro');
    await caller.press('2');
    await caller.hears('key-number');
    await caller.press('2025550199');
    await caller.hears('confirm-number-intro');
    await caller.press('2');
    await caller.hears('key-number');
    await caller.press(OTHER);
    await hearsKeyedNumber(caller, OTHER_SPOKEN);
    await accepts(caller);
  });

  test.for([
    ['premium, toll-free, service', ['9005550123', '8885550123', '4115550123']],
    ['another premium, ours, directory', ['2029760123', OWN_NUMBER, '2025551212']],
  ] as const)(
    'that is %s is refused; after three tries one holds',
    async ([, numbers], context) => {
      const caller = await stage.call(context, { caller: 'anonymous' });
      await queueUp(caller, '1');
      await caller.hears('offer-no-ani');
      for (const number of numbers) {
        await caller.press(number);
        await caller.hears('number-invalid');
      }
      await caller.hears('back-on-hold');
      await caller.hearing.music();
      await caller.hangUp();
    },
  );

  test('that is too short is asked for again', async (context) => {
    const caller = await stage.call(context, { caller: 'anonymous' });
    await queueUp(caller, '1');
    await caller.hears('offer-no-ani');
    await caller.press('202555#');
    await caller.hears('number-not-understood');
    await caller.hears('key-number');
    await caller.hangUp();
  });
});
