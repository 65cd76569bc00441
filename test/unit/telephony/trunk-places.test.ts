import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trunk, TrunkOutbound } from '../../../src/domain/trunk/trunk.ts';
import {
  type OutgoingTrunk,
  outgoingTrunks,
  TrunkPlaces,
} from '../../../src/telephony/trunk-places.ts';

function trunk(id: string, maxCalls: number): OutgoingTrunk {
  const outbound: TrunkOutbound = {
    host: 'sip.carrier.example',
    port: 5060,
    transport: 'udp',
    credentials: undefined,
    callerId: 'dialled',
    numberFormat: 'e164',
    callerIdFormat: 'e164',
    callerIdHost: undefined,
    assertIdentity: true,
    privacy: 'none',
    maxCalls,
  };
  return { id, country: 'US', inbound: undefined, outbound };
}

describe('places on trunks', () => {
  it('are taken up to the limit, and given back once', () => {
    const places = new TrunkPlaces();
    const one = trunk('one', 2);
    const giveBack = places.take(one);
    expect(places.take(one)).toBeDefined();
    expect(places.take(one)).toBeUndefined();
    expect(places.free([one])).toBe(0);
    giveBack?.();
    giveBack?.();
    expect(places.free([one])).toBe(1);
  });

  it('are none where a reload left fewer than are taken', () => {
    const places = new TrunkPlaces();
    places.take(trunk('one', 2));
    places.take(trunk('one', 2));
    expect(places.free([trunk('one', 1), trunk('two', 3)])).toBe(3);
  });

  it('are only on trunks with a way out, in the order of the file', () => {
    const inOnly: Trunk = { ...trunk('in', 1), outbound: undefined };
    const all = [trunk('b', 1), inOnly, trunk('a', 1)].map((each) => [each.id, each] as const);
    expect(outgoingTrunks(new Map(all)).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('are last on a trunk that said nothing, for a minute', () => {
    const places = new TrunkPlaces();
    const trunks = [trunk('one', 1), trunk('two', 1), trunk('three', 1)];
    const [one = trunk('', 1)] = trunks;
    const turns = (now: number): string[] => places.inTurn(trunks, now).map(({ id }) => id);
    expect(turns(0)).toEqual(['one', 'two', 'three']);
    places.wasSilent(one, 1_000);
    expect(turns(1_000)).toEqual(['two', 'three', 'one']);
    expect(turns(60_999)).toEqual(['two', 'three', 'one']);
    expect(turns(61_000)).toEqual(['one', 'two', 'three']);
  });

  it('free and taken add up to all there are', () => {
    const step = fc.record({ id: fc.constantFrom('one', 'two'), take: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const trunks = { one: trunk('one', 3), two: trunk('two', 5) };
        const places = new TrunkPlaces();
        const taken = { one: [] as (() => void)[], two: [] as (() => void)[] };
        for (const { id, take } of steps as readonly { id: 'one' | 'two'; take: boolean }[]) {
          const place = take ? places.take(trunks[id]) : taken[id].pop();
          if (take && place !== undefined) taken[id].push(place);
          else place?.();
        }
        const inUse = taken.one.length + taken.two.length;
        expect(places.free([trunks.one, trunks.two])).toBe(8 - inUse);
      }),
    );
  });
});
