import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYS } from '../../../src/domain/ivr/keys.ts';
import { KeyMerger, keyOfInfo, SAME_PRESS_MS } from '../../../src/telephony/keys.ts';

describe('KeyMerger', () => {
  it('makes one press of the same key by RFC 4733 and by INFO', () => {
    const merger = new KeyMerger();
    expect(merger.isNew('5', 'rtp', 0)).toBe(true);
    expect(merger.isNew('5', 'info', 180)).toBe(false);
  });

  it('keeps two quick presses apart, though each comes twice', () => {
    const merger = new KeyMerger();
    const reports = [
      ['rtp', 0],
      ['info', 60],
      ['rtp', 200],
      ['info', 260],
    ] as const;
    expect(reports.map(([source, at]) => merger.isNew('1', source, at))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('takes the same key from another source as a press of its own once the window is over', () => {
    const merger = new KeyMerger();
    expect(merger.isNew('1', 'rtp', 0)).toBe(true);
    expect(merger.isNew('1', 'info', SAME_PRESS_MS + 1)).toBe(true);
  });

  it('counts the presses of one source exactly, whatever a second source repeats', () => {
    const press = fc.record({
      key: fc.constantFrom(...KEYS),
      gapMs: fc.integer({ min: 80, max: 900 }),
    });
    fc.assert(
      fc.property(
        fc.array(press, { maxLength: 40 }),
        fc.integer({ min: 0, max: 70 }),
        (presses, lagMs) => {
          const merger = new KeyMerger();
          let now = 0;
          let counted = 0;
          for (const { key, gapMs } of presses) {
            now += gapMs;
            if (merger.isNew(key, 'rtp', now)) counted += 1;
            if (merger.isNew(key, 'info', now + lagMs)) counted += 1;
          }
          expect(counted).toBe(presses.length);
        },
      ),
    );
  });
});

describe('keyOfInfo', () => {
  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
    ['application/dtmf-relay', 'Signal= *\nDuration= 250', '*'],
    ['Application/DTMF-Relay; charset=utf-8', 'Duration=1\r\nsignal = #', '#'],
    ['application/dtmf-relay', 'Signal=11', '#'],
    ['application/dtmf', '9', '9'],
    ['application/dtmf', ' 10\r\n', '*'],
    ['application/dtmf', '16', undefined],
    ['application/dtmf-relay', 'Signal=A', undefined],
    ['application/dtmf-relay', '', undefined],
    ['application/media_control+xml', '<x/>', 'other'],
    [undefined, '', 'other'],
  ])('%s %j is %s', (type, body, key) => {
    expect(keyOfInfo(type, body)).toBe(key);
  });
});
