import { describe, expect, it } from 'vitest';
import { SpeechMeter } from '../../../src/protocol/audio/speech-meter.ts';
import { noise, speechLike } from './sounds.ts';

const FRAME_MS = 20;
const SPEECH = speechLike(1_600).subarray(0, 160);
const VOICE = noise(160, 3_000);

/** Changes as `begins@ms` and `ends@ms`, each at the time it was, frame by frame of `loud`. */
function heard(loud: readonly (Int16Array | undefined)[]): string[] {
  const meter = new SpeechMeter(FRAME_MS);
  return loud.flatMap((frame, index) => {
    const change = meter.process(frame);
    if (change === undefined) return [];
    return [`${change.active ? 'begins' : 'ends'}@${(index + 1) * FRAME_MS - change.agoMs}`];
  });
}

const times = (ms: number, frame?: Int16Array): (Int16Array | undefined)[] =>
  Array<Int16Array | undefined>(ms / FRAME_MS).fill(frame);

describe('speech', () => {
  it('begins and ends when it did, however late that is known', () => {
    expect(heard([...times(200), ...times(600, VOICE), ...times(600)])).toEqual([
      'begins@200',
      'ends@800',
    ]);
  });

  it('goes on over the pauses between words', () => {
    const words = [...times(300, VOICE), ...times(380), ...times(300, VOICE), ...times(600)];
    expect(heard(words)).toEqual(['begins@0', 'ends@980']);
  });

  it.each<[string, (Int16Array | undefined)[]]>([
    ['a click', [...times(100), ...times(40, VOICE), ...times(100)]],
    ['noise of the line', times(2_000, noise(160, 200))],
    ['nothing at all', times(2_000)],
  ])('is not %s', (_case, frames) => {
    expect(heard(frames)).toEqual([]);
  });

  it('that does not end is not ended', () => {
    expect(heard(times(5_000, SPEECH))).toEqual(['begins@0']);
  });
});
