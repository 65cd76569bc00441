import { describe, expect, it } from 'vitest';
import { createMixer, MixerFullError } from '../../../src/switch/rtp/mixer.ts';

const level = (value: number): Int16Array => new Int16Array(160).fill(value);

describe('a mix', () => {
  it('gives everybody all others', () => {
    const mixer = createMixer();
    const members = [1, 20, 300].map((value) => ({ member: mixer.add(), value }));
    for (const { member, value } of members) member.input(level(value));
    mixer.mix();
    expect(members.map(({ member }) => member.output[0])).toEqual([320, 301, 21]);
  });

  it('hears nothing of the muted and lets the deaf hear nothing', () => {
    const mixer = createMixer();
    const speaker = mixer.add();
    const muted = mixer.add({ muted: true });
    const deaf = mixer.add({ deaf: true });
    speaker.input(level(5));
    muted.input(level(70));
    deaf.input(level(900));
    mixer.mix();
    expect([speaker, muted, deaf].map(({ output }) => output[0])).toEqual([900, 905, 0]);
  });

  it('keeps to 16 bits without turning over', () => {
    const mixer = createMixer();
    const listener = mixer.add();
    for (let count = 0; count < 3; count++) mixer.add().input(level(30_000));
    listener.input(level(-30_000));
    mixer.mix();
    expect(listener.output[0]).toBe(32_767);
  });

  it('forgets what was said once it is mixed, and who has left', () => {
    const mixer = createMixer();
    const listener = mixer.add();
    const speaker = mixer.add();
    speaker.input(level(9));
    mixer.mix();
    mixer.mix();
    expect(listener.output[0]).toBe(0);
    speaker.input(level(9));
    speaker.remove();
    mixer.mix();
    expect(listener.output[0]).toBe(0);
    expect(mixer.size).toBe(1);
  });

  it('has a limit', () => {
    const mixer = createMixer();
    for (let count = 0; count < 500; count++) mixer.add();
    expect(() => mixer.add()).toThrow(MixerFullError);
  });
});
