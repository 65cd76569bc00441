import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countBefore,
  emptyOrderedMap,
  firstValue,
  type OrderedMap,
  sizeOf,
  valueAt,
  valuesInOrder,
  withEntry,
  withoutEntry,
} from '../../../src/domain/collections/ordered-map.ts';

type Numbers = OrderedMap<number, string>;

const empty: Numbers = emptyOrderedMap((a: number, b: number) => a - b);

const change = fc.record({ key: fc.integer({ min: 0, max: 60 }), put: fc.boolean() });

function apply(map: Numbers, { key, put }: { key: number; put: boolean }): Numbers {
  return put ? withEntry(map, key, `v${key}`) : withoutEntry(map, key);
}

/** Height of the tree, which the balance keeps logarithmic. */
function height(node: Numbers['root']): number {
  return node === undefined ? 0 : 1 + Math.max(height(node.left), height(node.right));
}

describe('an ordered map', () => {
  test('behaves as a sorted list of its keys', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
        const model = new Set<number>();
        let map = empty;
        for (const each of changes) {
          map = apply(map, each);
          if (each.put) model.add(each.key);
          else model.delete(each.key);
        }
        const keys = [...model].sort((a, b) => a - b);
        expect([...valuesInOrder(map)]).toEqual(keys.map((key) => `v${key}`));
        expect(sizeOf(map)).toBe(keys.length);
        expect(firstValue(map)).toBe(keys[0] === undefined ? undefined : `v${keys[0]}`);
        for (let key = -1; key <= 61; key += 1) {
          expect(countBefore(map, key)).toBe(keys.filter((other) => other < key).length);
          expect(valueAt(map, key)).toBe(model.has(key) ? `v${key}` : undefined);
        }
      }),
    );
  });

  test('leaves the map it came from as it was', () => {
    const before = withEntry(withEntry(empty, 1, 'one'), 2, 'two');
    withoutEntry(withEntry(before, 3, 'three'), 1);
    expect([...valuesInOrder(before)]).toEqual(['one', 'two']);
  });

  test('is the same map when a key that is not there is taken out', () => {
    const map = withEntry(empty, 1, 'one');
    expect(withoutEntry(map, 2)).toBe(map);
  });

  test.each([
    ['ascending', (index: number) => index],
    ['descending', (index: number) => -index],
    ['from both ends', (index: number) => (index % 2 === 0 ? index : -index)],
  ])('stays shallow when filled %s and emptied from the front', (_name, keyOf) => {
    let map = empty;
    for (let index = 0; index < 10_000; index += 1) map = withEntry(map, keyOf(index), '');
    expect(height(map.root)).toBeLessThanOrEqual(2.5 * Math.log2(10_001));
    const keys = Array.from({ length: 10_000 }, (_, index) => keyOf(index)).sort((a, b) => a - b);
    for (const key of keys.slice(0, 9_000)) map = withoutEntry(map, key);
    expect(height(map.root)).toBeLessThanOrEqual(2.5 * Math.log2(1_001));
  });
});
