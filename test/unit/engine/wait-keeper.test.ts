import { describe, expect, it } from 'vitest';
import type { CallId } from '../../../src/domain/ids.ts';
import { readWaits } from '../../../src/domain/wait/kept-waits.ts';
import type { LineAhead } from '../../../src/domain/wait/wait-estimate.ts';
import { WaitKeeper } from '../../../src/engine/line/wait-keeper.ts';

const LINE: LineAhead = {
  holdersAhead: 9,
  ticketsAhead: 0,
  staffed: 10,
  free: 0,
  soonFreeSeconds: [],
  wrapUpSeconds: 0,
  secondsToClosing: Number.POSITIVE_INFINITY,
};
const NINE_O_CLOCK = 9 * 3_600_000;

function keeperOfRefunds(): WaitKeeper {
  const keeper = new WaitKeeper((_queueId, at) => Math.floor(at / 3_600_000));
  keeper.open('refunds', 300);
  return keeper;
}

/** Somebody is told their wait and served after some seconds. */
function serve(keeper: WaitKeeper, callId: CallId, waitSeconds: number): void {
  keeper.joined('refunds', callId, 'holder', NINE_O_CLOCK);
  keeper.quoted(callId, keeper.estimate('refunds', LINE), NINE_O_CLOCK);
  keeper.served(callId, NINE_O_CLOCK + waitSeconds * 1000);
}

describe('the keeper of waits', () => {
  it('compares what was said first with what came, by hour', () => {
    const keeper = keeperOfRefunds();
    serve(keeper, 'call-1', 310);
    serve(keeper, 'call-2', 2000);
    keeper.joined('refunds', 'call-3', 'holder', NINE_O_CLOCK);
    keeper.quoted('call-3', keeper.estimate('refunds', LINE), NINE_O_CLOCK);
    keeper.quoted('call-3', keeper.estimate('refunds', { ...LINE, holdersAhead: 0 }), 0);
    keeper.served('call-3', NINE_O_CLOCK + 300_000);
    const record = keeper.record('refunds');
    expect(record?.hours[9]).toMatchObject({ count: 3 });
    expect(record?.day.coverage).toBeCloseTo(2 / 3);
    expect(record?.day.biasSeconds).toBeLessThan(-500);
  });

  it('lets a ticket wait for what its holder was told', () => {
    const keeper = keeperOfRefunds();
    keeper.joined('refunds', 'call-1', 'holder', NINE_O_CLOCK);
    keeper.quoted('call-1', keeper.estimate('refunds', LINE), NINE_O_CLOCK);
    keeper.replaced('call-1', 'ticket-1', NINE_O_CLOCK + 60_000);
    keeper.left('call-1', 'abandoned', NINE_O_CLOCK + 70_000);
    keeper.served('ticket-1', NINE_O_CLOCK + 300_000);
    keeper.served('ticket-1', NINE_O_CLOCK + 900_000);
    expect(keeper.record('refunds')?.day).toMatchObject({ count: 1, meanWaitSeconds: 300 });
    const { patience } = keeper.snapshot()['refunds'] ?? {};
    expect(patience?.heldSeconds.reduce((sum, seconds) => sum + seconds, 0)).toBe(60);
    expect(patience?.abandoned.every((count) => count === 0)).toBe(true);
  });

  it('learns how many give up, from holders only', () => {
    const keeper = keeperOfRefunds();
    const before = keeper.estimate('refunds', LINE).seconds;
    for (let count = 0; count < 100; count += 1) {
      keeper.joined('refunds', `ticket-${count}`, 'ticket', 0);
      keeper.left(`ticket-${count}`, 'other', 500_000);
    }
    expect(keeper.estimate('refunds', LINE).seconds).toBe(before);
    for (let count = 0; count < 100; count += 1) {
      keeper.joined('refunds', `call-${count}`, 'holder', 0);
      keeper.left(`call-${count}`, 'abandoned', 200_000);
    }
    expect(keeper.estimate('refunds', LINE).seconds).toBeLessThan(before * 0.9);
  });

  it('measures conversations and attempts', () => {
    const keeper = keeperOfRefunds();
    const tickets = { ...LINE, holdersAhead: 0, ticketsAhead: 9 };
    const before = keeper.estimate('refunds', LINE).seconds;
    const beforeTickets = keeper.estimate('refunds', tickets).seconds;
    for (let count = 0; count < 50; count += 1) {
      keeper.attempted('refunds', { reached: true, keptSeconds: 20 });
    }
    expect(keeper.estimate('refunds', tickets).seconds).toBeGreaterThan(beforeTickets);
    expect(keeper.estimate('refunds', LINE).seconds).toBe(before);
    keeper.handled('refunds', 600);
    expect(keeper.record('refunds')?.medianHandleSeconds).toBe(600);
    expect(keeper.record('refunds')?.highHandleSeconds).toBe(600);
    expect(keeper.record('refunds')?.chanceReached).toBeGreaterThan(0.8);
    expect(keeper.estimate('refunds', LINE).seconds).toBeGreaterThan(before);
  });

  it('does not forget at a restart, nor when a queue is opened again', () => {
    const keeper = keeperOfRefunds();
    for (let count = 0; count < 200; count += 1) {
      keeper.handled('refunds', 500);
      serve(keeper, `call-${count}`, 400);
    }
    const { waits } = readWaits(JSON.parse(JSON.stringify(keeper.snapshot())));
    const restarted = new WaitKeeper(() => 0, waits);
    restarted.open('refunds', 300);
    expect(restarted.estimate('refunds', LINE)).toEqual(keeper.estimate('refunds', LINE));
    expect(restarted.record('refunds')).toEqual(keeper.record('refunds'));
  });

  it('knows no wait of a queue that does not exist, and learns nothing from it', () => {
    const keeper = keeperOfRefunds();
    const before = keeper.snapshot();
    expect(keeper.estimate('lost', LINE).seconds).toBe(Number.POSITIVE_INFINITY);
    expect(keeper.record('lost')).toBeUndefined();
    keeper.handled('lost', 5);
    keeper.joined('lost', 'call-1', 'holder', 0);
    keeper.left('call-1', 'abandoned', 5000);
    keeper.served('call-2', 0);
    keeper.quoted('call-3', keeper.estimate('refunds', LINE), 0);
    expect(keeper.snapshot()).toEqual(before);
  });
});
