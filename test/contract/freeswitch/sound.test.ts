import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../../src/protocol/audio/wav.ts';
import { collect, openParty, openStage, type Party, type Stage } from './stage.ts';

let stage: Stage;
let party: Party;
let prompt: string;
beforeAll(async () => {
  stage = await openStage();
  party = await openParty(stage);
  prompt = join(stage.directory, 'prompt.wav');
  writeFileSync(prompt, encodeWav(8000, [tone(1000, 700)]));
});
afterAll(async () => {
  party.ear.close();
  await stage.close();
});

function tone(frequency: number, lengthMs: number): Int16Array {
  return Int16Array.from({ length: lengthMs * 8 }, (_, index) =>
    Math.round(8000 * Math.sin((2 * Math.PI * frequency * index) / 8000)),
  );
}

describe('play', () => {
  it('plays a tone, heard by the far end, with its events', async () => {
    const { endpoint, ear } = party;
    const starts = collect(endpoint, 'playback-start');
    const stops = collect(endpoint, 'playback-stop');
    ear.forget();
    const played = endpoint.play('tone_stream://%(500,0,440)');
    await ear.hears(440);
    expect(await played).toEqual({
      playbackSeconds: '0',
      playbackMilliseconds: '500',
      playbackLastOffsetPos: '4000',
    });
    expect(starts).toEqual([{ file: 'tone_stream://%(500,0,440)' }]);
    expect(stops).toEqual([{ file: 'tone_stream://%(500,0,440)' }]);
  });

  it('plays a WAV file', async () => {
    party.ear.forget();
    const played = party.endpoint.play(prompt);
    await party.ear.hears(1000);
    expect(await played).toMatchObject({
      playbackMilliseconds: '700',
      playbackLastOffsetPos: '5600',
    });
  });

  it('plays a list with its pauses', async () => {
    const stops = collect(party.endpoint, 'playback-stop');
    const result = await party.endpoint.play([
      'silence_stream://200',
      'tone_stream://%(200,0,440)',
    ]);
    expect(result).toMatchObject({ playbackMilliseconds: '200', playbackLastOffsetPos: '3200' });
    expect(stops).toEqual([
      { file: 'silence_stream://200' },
      { file: 'tone_stream://%(200,0,440)' },
    ]);
  });

  it('starts at an offset', async () => {
    const { playbackLastOffsetPos } = await party.endpoint.play({ file: prompt, seekOffset: 4000 });
    expect(Number(playbackLastOffsetPos)).toBe(5600);
  });

  it('rejects a file that is not there', async () => {
    await expect(party.endpoint.play('/nonexistent.wav')).rejects.toThrow('File Not Found');
  });

  it('ends at a timeout of two seconds', async () => {
    const result = await party.endpoint.play({
      file: 'tone_stream://%(5000,0,440)',
      timeoutSecs: 2,
    });
    expect(result).toEqual({
      playbackSeconds: '2',
      playbackMilliseconds: '2048',
      playbackLastOffsetPos: '16000',
    });
    await party.endpoint.set({ playback_timeout_sec: '' });
  });

  it('ends by uuid_break', async () => {
    party.ear.forget();
    const played = party.endpoint.play('tone_stream://%(10000,0,600)');
    await party.ear.hears(600);
    expect(await stage.esl.api(`uuid_break ${party.endpoint.uuid}`)).toBe('+OK\n');
    await played;
    party.ear.forget();
  });

  it('plays music on hold until it is broken off', async () => {
    await stage.esl.ask('event json PLAYBACK_START PLAYBACK_STOP');
    const before = party.ear.packets;
    const played = party.endpoint.play('local_stream://music');
    const started = await stage.esl.events.take('the start');
    expect(started).toMatchObject({
      'Playback-File-Type': 'local_stream',
      'Playback-File-Path': 'local_stream://music',
    });
    await expect.poll(() => party.ear.packets - before).toBeGreaterThan(25);
    expect(await stage.esl.api(`uuid_break ${party.endpoint.uuid}`)).toBe('+OK\n');
    await played;
    expect(await stage.esl.events.take('the stop')).toMatchObject({ 'Playback-Status': 'break' });
    await stage.esl.ask('noevents');
  });

  it('ends by a terminator key only', async () => {
    const played = party.endpoint.play('tone_stream://%(10000,0,600)');
    const digits = collect<{ dtmf: string }>(party.endpoint, 'dtmf');
    await party.ear.hears(600);
    party.ear.key('5');
    await expect.poll(() => digits.map(({ dtmf }) => dtmf)).toEqual(['5']);
    party.ear.key('*');
    await played;
    expect(digits.map(({ dtmf }) => dtmf)).toEqual(['5', '*']);
  });

  it('answers speak of an unknown engine by doing nothing', async () => {
    await party.endpoint.speak({ ttsEngine: 'nope', voice: 'x', text: 'hello' });
  });
});

describe('playCollect', () => {
  it('gives the digits up to the terminator', async () => {
    const { endpoint, ear } = party;
    const starts = collect(endpoint, 'playback-start');
    const collected = endpoint.playCollect({
      file: 'tone_stream://%(300,0,500)',
      min: 1,
      max: 8,
      tries: 1,
      timeout: 8000,
      digitTimeout: 3000,
    });
    await expect.poll(() => starts.length).toBe(1);
    await ear.hears(500);
    for (const digit of '1234#') await press(digit);
    expect(await collected).toMatchObject({
      digits: '1234',
      invalidDigits: null,
      terminatorUsed: '#',
    });
  });

  it('is done at the greatest number of digits', async () => {
    const begun = once(party.endpoint, 'playback-start');
    const collected = party.endpoint.playCollect({
      file: 'silence_stream://100',
      min: 2,
      max: 2,
      timeout: 6000,
    });
    await begun;
    for (const digit of '56') await press(digit);
    expect((await collected).digits).toBe('56');
  });

  it('gives null after the time without a key', async () => {
    const result = await party.endpoint.playCollect({
      file: 'silence_stream://100',
      min: 1,
      max: 1,
      timeout: 700,
    });
    expect(result).toMatchObject({
      digits: null,
      invalidDigits: null,
      playbackMilliseconds: '250',
    });
  });

  it('gives digits of another pattern as invalid', async () => {
    const begun = once(party.endpoint, 'playback-start');
    const collected = party.endpoint.playCollect({
      file: 'silence_stream://100',
      min: 2,
      max: 2,
      timeout: 6000,
      regexp: '^[1-4]+$',
    });
    await begun;
    for (const digit of '98') await press(digit);
    expect(await collected).toMatchObject({ digits: null, invalidDigits: '98' });
  });

  async function press(digit: string): Promise<void> {
    const heard = new Promise((resolve) => {
      party.endpoint.once('dtmf', resolve);
    });
    party.ear.key(digit);
    expect(await heard).toMatchObject({ dtmf: digit, source: 'RTP' });
  }
});
