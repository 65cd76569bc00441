import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shareAt } from '../../../src/protocol/audio/spectrum.ts';
import { encodeWav } from '../../../src/protocol/audio/wav.ts';
import type { AudioSourceError } from '../../../src/switch/rtp/errors.ts';
import { createSoundStore, type SoundStore } from '../../../src/switch/rtp/sounds.ts';
import { createLocalStreams } from '../../../src/switch/rtp/sources/local-stream.ts';
import { createAudioSources } from '../../../src/switch/rtp/sources/open.ts';
import type { AudioSource, AudioSources } from '../../../src/switch/rtp/types.ts';
import { ManualClock } from './manual-clock.ts';

function tone(hz: number, samples: number, rate = 8000): Int16Array {
  return Int16Array.from({ length: samples }, (_, index) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hz * index) / rate)),
  );
}

/** Everything a source gives, as one array; at most `limit` frames. */
function drain(source: AudioSource, limit = 10_000): Int16Array {
  const samples: number[] = [];
  for (let count = 0; count < limit; count++) {
    const frame = source.next();
    if (!frame) break;
    samples.push(...frame);
  }
  return Int16Array.from(samples);
}

describe('audio sources', () => {
  let directory: string;
  let sounds: SoundStore;
  let sources: AudioSources;
  let clock: ManualClock;
  let problems: AudioSourceError[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sources-'));
    await mkdir(join(directory, 'music'));
    await mkdir(join(directory, 'empty'));
    await writeFile(join(directory, 'a.wav'), encodeWav(8000, [tone(440, 400)]));
    await writeFile(join(directory, 'b.wav'), encodeWav(16_000, [tone(880, 3200, 16_000)]));
    await writeFile(join(directory, 'broken.wav'), 'RIFF nonsense');
    await writeFile(join(directory, 'music', '1.wav'), encodeWav(8000, [tone(500, 320)]));
    await writeFile(join(directory, 'music', '2.wav'), encodeWav(8000, [tone(1500, 330)]));
    await writeFile(join(directory, 'music', '3.wav'), 'not a WAV file');
    clock = new ManualClock();
    sounds = createSoundStore();
    problems = [];
    const localStreams = createLocalStreams({
      clock,
      sounds,
      directories: { default: join(directory, 'music'), empty: join(directory, 'empty') },
      onError: (error) => problems.push(error),
    });
    sources = createAudioSources({ sounds, localStreams, soundsDirectory: directory });
  });

  afterEach(() => rm(directory, { recursive: true }));

  it.each(['a.wav', 'absolute'])(
    'plays a file named %s, its last frame filled up',
    async (name) => {
      const source = await sources.open(name === 'absolute' ? join(directory, 'a.wav') : name);
      const heard = drain(source);
      expect(heard).toHaveLength(480);
      expect(heard.subarray(0, 400)).toEqual(tone(440, 400));
      expect(heard.subarray(400).every((sample) => sample === 0)).toBe(true);
      expect(source.samplesPlayed).toBe(400);
    },
  );

  it('plays a file of another rate at its own pitch', async () => {
    const heard = drain(await sources.open('b.wav'));
    expect(heard).toHaveLength(1600);
    expect(shareAt(heard.subarray(160, 1440), [880])).toBeGreaterThan(0.98);
  });

  it('ends when it is closed', async () => {
    const source = await sources.open('a.wav');
    source.next();
    source.close();
    expect(source.next()).toBeUndefined();
  });

  it.each([
    ['missing.wav', 'not-found'],
    ['a.wav/inside.wav', 'not-found'],
    ['music', 'unreadable'],
    ['broken.wav', 'bad-format'],
    ['', 'bad-name'],
    ['a\0.wav', 'bad-name'],
    ['http://example.org/a.wav', 'bad-name'],
    ['tone_stream://%(100', 'bad-name'],
    ['silence_stream://soon', 'bad-name'],
    ['local_stream://empty', 'not-found'],
    ['file_string://', 'bad-name'],
    ['file_string://missing.wav!broken.wav', 'bad-format'],
    [`file_string://${'a.wav!'.repeat(128)}`, 'too-large'],
  ])('refuses %j with %s', async (name, code) => {
    await expect(sources.open(name)).rejects.toMatchObject({ name: 'AudioSourceError', code });
  });

  it('plays silence of a length, or without end', async () => {
    const source = await sources.open('silence_stream://50');
    expect(drain(source)).toEqual(new Int16Array(480));
    expect(source.samplesPlayed).toBe(400);
    expect(drain(await sources.open('silence_stream://-1'), 1000)).toHaveLength(160_000);
  });

  it('plays a soft hiss where silence has a divisor', async () => {
    const heard = drain(await sources.open('silence_stream://200,1400'));
    const loudest = Math.max(...heard.map(Math.abs));
    expect(loudest).toBeGreaterThan(5);
    expect(loudest).toBeLessThanOrEqual(24);
  });

  it('plays tones', async () => {
    const source = await sources.open('tone_stream://%(100,50,440,480);loops=2');
    const heard = drain(source);
    expect(source.samplesPlayed).toBe(2400);
    expect(shareAt(heard.subarray(0, 800), [440, 480])).toBeGreaterThan(0.95);
    expect(shareAt(heard.subarray(800, 1200), [440])).toBe(0);
    expect(shareAt(heard.subarray(1200, 2000), [440, 480])).toBeGreaterThan(0.95);
  });

  it.each([
    ['{loops=3}tone_stream://%(100,0,440)', 2400],
    ['{timeout=5,loops=2}tone_stream://%(100,0,440)', 1600],
    ['{loops=3}a.wav', 400],
    ['file_string://{loops=2}tone_stream://%(100,0,440)', 1600],
  ])('heeds the parameters of %j', async (name, samples) => {
    const source = await sources.open(name);
    drain(source);
    expect(source.samplesPlayed).toBe(samples);
  });

  it('plays a list in order and passes over what is missing', async () => {
    const source = await sources.open(
      'file_string://missing.wav!a.wav!missing.wav!tone_stream://%(20,0,1000)!silence_stream://20',
    );
    const heard: Int16Array[] = [];
    for (;;) {
      const frame = source.next();
      if (!frame) break;
      heard.push(frame.slice());
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(source.samplesPlayed).toBe(400 + 160 + 160);
    const spoken = heard.filter((frame) => frame.some((sample) => sample !== 0));
    expect(spoken).toHaveLength(4);
    expect(shareAt(spoken[3] ?? new Int16Array(), [1000])).toBeGreaterThan(0.99);
  });

  it('plays a stream on while nobody listens, and the same to all', async () => {
    const first = await sources.open('local_stream://default');
    const second = await sources.open('local_stream://unknown-name');
    const at = (source: AudioSource): number[] =>
      [500, 1500].map((hz) => Math.round(shareAt(source.next() ?? new Int16Array(), [hz])));
    expect(at(first)).toEqual([1, 0]);
    expect(first.next()).toBe(second.next());
    clock.advance(2);
    expect(at(second)).toEqual([0, 1]);
    clock.advance(3);
    expect(at(first)).toEqual([1, 0]);
    expect(problems.map(({ code }) => code)).toEqual(['bad-format']);
  });

  describe('the store of sounds', () => {
    it('reads a file again when it has changed', async () => {
      const path = join(directory, 'a.wav');
      const before = await sounds.load(path);
      expect(await sounds.load(path)).toBe(before);
      await writeFile(path, encodeWav(8000, [tone(440, 800)]));
      expect(await sounds.load(path)).toHaveLength(800);
    });

    it('keeps to its bound and lets the longest unused go', async () => {
      const small = createSoundStore({ maxCacheBytes: 1500 });
      const [a, one, two] = ['a.wav', 'music/1.wav', 'music/2.wav'].map((name) =>
        join(directory, name),
      ) as [string, string, string];
      const first = await small.load(a);
      await small.load(one);
      await small.load(two);
      expect(small.cachedBytes).toBeLessThanOrEqual(1500);
      expect(await small.load(a)).not.toBe(first);
    });

    it('refuses a file that is too large', async () => {
      const small = createSoundStore({ maxFileBytes: 100 });
      await expect(small.load(join(directory, 'a.wav'))).rejects.toMatchObject({
        code: 'too-large',
      });
    });
  });
});
