import { describe, expect, it } from 'vitest';
import { type Refreshed, Refresher } from '../../../src/telephony/drachtio/refresher.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function setUp(outcomes: Refreshed[] = []) {
  const clock = new ManualClock();
  const sent: string[] = [];
  let expired = 0;
  const refresher = new Refresher(
    clock,
    (seconds) => {
      sent.push(`${clock.now() / 1000}s: ${seconds}`);
      return Promise.resolve(outcomes.shift() ?? { result: 'gone' });
    },
    () => {
      expired += 1;
    },
  );
  return { clock, refresher, sent, expired: () => expired };
}

const ours = { intervalSeconds: 100, weRefresh: true };

describe('Refresher', () => {
  it('refreshes again and again until nobody answers', async () => {
    const refreshed: Refreshed = { result: 'refreshed', timer: ours };
    const { clock, refresher, sent, expired } = setUp([refreshed, refreshed]);
    refresher.start(ours);
    await clock.pass(119_000);
    expect(expired()).toBe(0);
    await clock.pass(2_000);
    expect(sent).toEqual(['40s: 100', '80s: 100', '120s: 100']);
    expect(expired()).toBe(1);
  });

  it('tries later, with the interval that was asked for', async () => {
    const { clock, refresher, sent } = setUp([
      { result: 'later', afterMs: 2_000 },
      { result: 'later', afterMs: 0, intervalSeconds: 300 },
      { result: 'refreshed', timer: { intervalSeconds: 300, weRefresh: false } },
    ]);
    refresher.start(ours);
    await clock.pass(60_000);
    expect(sent).toEqual(['40s: 100', '42s: 100', '42s: 300']);
  });

  it('does not try for ever', async () => {
    const later: Refreshed = { result: 'later', afterMs: 1_000 };
    const { clock, refresher, expired } = setUp(Array.from({ length: 50 }, () => later));
    refresher.start(ours);
    await clock.pass(100_000);
    expect(expired()).toBe(1);
  });

  it('expires when the other side does not refresh, and not when it does', async () => {
    const theirs = { intervalSeconds: 90, weRefresh: false };
    const { clock, refresher, expired } = setUp();
    refresher.start(theirs);
    await clock.pass(59_000);
    refresher.start(theirs);
    await clock.pass(59_000);
    expect(expired()).toBe(0);
    await clock.pass(2_000);
    expect(expired()).toBe(1);
  });

  it('does nothing once stopped', async () => {
    const { clock, refresher, sent, expired } = setUp();
    refresher.start(ours);
    refresher.stop();
    await clock.pass(1_000_000);
    expect(sent).toEqual([]);
    expect(expired()).toBe(0);
    expect(clock.pending).toBe(0);
  });
});
