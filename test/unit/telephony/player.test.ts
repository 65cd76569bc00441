import { beforeEach, describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/domain/call/failure.ts';
import { Player } from '../../../src/telephony/freeswitch/player.ts';
import { ManualClock, settled } from '../../support/manual-clock.ts';

/** A channel that does what a test tells it, and notes what it was told. */
class Channel {
  readonly clock = new ManualClock();
  readonly #over = new AbortController();
  readonly told: string[] = [];
  #starts: (() => void)[] = [];
  #end: (response: string) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  get over(): AbortSignal {
    return this.#over.signal;
  }

  playback(argument: string): Promise<string> {
    this.told.push(`play ${argument}`);
    return new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
  }

  onceStarted(listener: () => void): () => void {
    this.#starts.push(listener);
    return () => {
      this.#starts = this.#starts.filter((other) => other !== listener);
    };
  }

  breakPlayback(): Promise<void> {
    this.told.push('break');
    return Promise.resolve();
  }

  async starts(): Promise<void> {
    await settled();
    for (const listener of this.#starts) listener();
    await settled();
  }

  async ends(response = 'FILE PLAYED'): Promise<void> {
    this.#end(response);
    await settled();
  }

  async hangsUp(): Promise<void> {
    this.#over.abort();
    this.#fail(new CallFailure('freeswitch', 'ended'));
    await settled();
  }
}

describe('Player', () => {
  let channel: Channel;
  let player: Player;

  beforeEach(() => {
    channel = new Channel();
    player = new Player(channel);
  });

  it('plays to the end', async () => {
    const played = player.play('a');
    await channel.starts();
    await channel.ends();
    expect(await played).toBe('finished');
    expect(channel.told).toEqual(['play a']);
  });

  it('breaks one for the next, but not before it has started', async () => {
    const first = player.play('a');
    await settled();
    const second = player.play('b');
    await settled();
    expect(channel.told).toEqual(['play a']);
    await channel.starts();
    expect(channel.told).toEqual(['play a', 'break']);
    await channel.ends();
    expect(await first).toBe('stopped');
    expect(channel.told).toEqual(['play a', 'break', 'play b']);
    await channel.starts();
    await channel.ends();
    expect(await second).toBe('finished');
  });

  it('plays only the newest of several asked for meanwhile', async () => {
    const first = player.play('a');
    await channel.starts();
    const second = player.play('b');
    const third = player.play('c');
    await settled();
    await channel.ends();
    expect(await Promise.all([first, second])).toEqual(['stopped', 'stopped']);
    await channel.starts();
    await channel.ends();
    expect(await third).toBe('finished');
    expect(channel.told.filter((text) => text.startsWith('play'))).toEqual(['play a', 'play c']);
  });

  it('breaks again when the break was lost, and gives up in the end', async () => {
    void player.play('a').catch(() => undefined);
    await channel.starts();
    const stopped = expect(player.stop()).rejects.toThrow(/could not be stopped/u);
    await channel.clock.pass(60_000);
    await stopped;
    expect(channel.told).toEqual(['play a', 'break', 'break', 'break']);
  });

  it('stops what never said that it had started', async () => {
    const played = player.play('a');
    const stopped = player.stop();
    await channel.clock.pass(2_000);
    await channel.ends();
    await stopped;
    expect(await played).toBe('stopped');
  });

  it.each([
    ['FILE NOT FOUND', /missing/u],
    ['PLAYBACK ERROR', /could not be played/u],
  ])('%s is a failure, and the next one plays', async (response, message) => {
    const played = expect(player.play('a')).rejects.toThrow(message);
    await settled();
    await channel.ends(response);
    await played;
    const next = player.play('b');
    await settled();
    await channel.starts();
    await channel.ends();
    expect(await next).toBe('finished');
  });

  it('music resolves once it plays, and rejects if it can not', async () => {
    const music = player.playOn('m');
    await channel.starts();
    await music;
    await channel.ends();
    const missing = expect(player.playOn('n')).rejects.toThrow(/missing/u);
    await settled();
    await channel.ends('FILE NOT FOUND');
    await missing;
  });

  it('is stopped when the channel ends', async () => {
    const played = player.play('a');
    await channel.starts();
    const waiting = player.play('b');
    await channel.hangsUp();
    expect(await Promise.all([played, waiting])).toEqual(['stopped', 'stopped']);
    expect(await player.play('c')).toBe('stopped');
    await player.stop();
  });
});
