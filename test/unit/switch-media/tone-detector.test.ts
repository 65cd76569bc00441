import { describe, expect, it } from 'vitest';
import {
  type ToneDetectorOptions,
  ToneDetectors,
} from '../../../src/switch/media/channel/sound/tone-detector.ts';

const FRAME = 160;

/** Frames of a tone, its phase going on. */
function frames(hz: number, count: number, amplitude = 8_000): Int16Array[] {
  return Array.from({ length: count }, (_, frame) =>
    Int16Array.from({ length: FRAME }, (_sample, index) =>
      Math.round(amplitude * Math.sin((2 * Math.PI * hz * (frame * FRAME + index)) / 8000)),
    ),
  );
}

const silence = (count: number): undefined[] => Array<undefined>(count).fill(undefined);

/** How often a tone of 1,000 Hz is told. */
function told(
  received: readonly (Int16Array | undefined)[],
  changes: Partial<ToneDetectorOptions> = {},
): number {
  const detectors = new ToneDetectors();
  let heard = 0;
  detectors.add(
    { key: 'tone', frequenciesHz: [1000], side: 'received', hits: 1, timeoutMs: 0, ...changes },
    () => {
      heard += 1;
    },
  );
  for (const frame of received) detectors.hear(frame, undefined);
  return heard;
}

describe('a tone', () => {
  it.each<[string, (Int16Array | undefined)[], Partial<ToneDetectorOptions>, number]>([
    ['is told once, however long it lasts', frames(1000, 30), {}, 1],
    ['is told of one of several pitches', frames(1000, 6), { frequenciesHz: [700, 1000] }, 1],
    ['of another pitch is not told', frames(1200, 30), {}, 0],
    ['that can hardly be heard is not told', frames(1000, 30, 50), {}, 0],
    ['is told after as many hits as asked for', frames(1000, 9), { hits: 3 }, 1],
    ['is not told before that', frames(1000, 8), { hits: 3 }, 0],
    [
      'with a pause does not add up',
      [...frames(1000, 6), ...silence(3), ...frames(1000, 6)],
      { hits: 3 },
      0,
    ],
    [
      'after the time is over is not told',
      [...silence(51), ...frames(1000, 30)],
      { timeoutMs: 1_000 },
      0,
    ],
    [
      'before the time is over is told',
      [...silence(30), ...frames(1000, 6)],
      { timeoutMs: 1_000 },
      1,
    ],
    ['of the other side is not told', frames(1000, 30), { side: 'sent' }, 0],
  ])('%s', (_case, received, changes, times) => {
    expect(told(received, changes)).toBe(times);
  });

  it('is told of what is sent', () => {
    const detectors = new ToneDetectors();
    let heard = 0;
    const options = {
      key: 'tone',
      frequenciesHz: [1000],
      side: 'sent',
      hits: 1,
      timeoutMs: 0,
    } as const;
    detectors.add(options, () => {
      heard += 1;
    });
    for (const frame of frames(1000, 6)) detectors.hear(undefined, frame);
    expect(heard).toBe(1);
    expect(detectors.size).toBe(0);
  });

  it('is not told once detection was stopped', () => {
    const detectors = new ToneDetectors();
    const options = {
      key: 'tone',
      frequenciesHz: [1000],
      side: 'sent',
      hits: 1,
      timeoutMs: 0,
    } as const;
    detectors.add(options, () => expect.fail('told'));
    detectors.clear();
    for (const frame of frames(1000, 6)) detectors.hear(undefined, frame);
  });
});
