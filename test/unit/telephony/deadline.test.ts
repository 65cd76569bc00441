import { expect, it } from 'vitest';
import { within } from '../../../src/telephony/deadline.ts';
import { ManualClock, settled } from '../../support/manual-clock.ts';

function setUp(lost = new AbortController()) {
  const clock = new ManualClock();
  const late: string[] = [];
  let resolve: (value: string) => void = () => undefined;
  const promise = new Promise<string>((settle) => {
    resolve = settle;
  });
  const outcome = within(promise, {
    clock,
    what: 'thing',
    limitMs: 100,
    lost: lost.signal,
    late: (value) => late.push(value),
  }).catch((error: Error) => error.message);
  return { clock, late, lost, outcome, resolve };
}

it('gives what comes in time, and leaves no timer', async () => {
  const { clock, outcome, resolve } = setUp();
  resolve('it');
  expect(await outcome).toBe('it');
  expect(clock.pending).toBe(0);
});

it('fails after the deadline, and hands over what comes later', async () => {
  const { clock, late, outcome, resolve } = setUp();
  await clock.pass(100);
  expect(await outcome).toBe('thing: no answer in time');
  resolve('it');
  await settled();
  expect(late).toEqual(['it']);
});

it('fails as soon as the connection is lost, or at once if it was', async () => {
  const { lost, outcome } = setUp();
  lost.abort();
  expect(await outcome).toBe('thing: connection lost');
  expect(await setUp(lost).outcome).toBe('thing: connection lost');
});

it('rejects with an Error whatever the library throws', async () => {
  const clock = new ManualClock();
  const options = { clock, what: 'thing', limitMs: 100 };
  const thrown: unknown = 'text';
  const rejected = within(Promise.reject(thrown), options);
  await expect(rejected).rejects.toThrow(new Error('text'));
});
