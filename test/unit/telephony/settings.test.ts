import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/domain/call/failure.ts';
import type { SoundName } from '../../../src/domain/ivr/sound-name.ts';
import { voiceIn } from '../../../src/domain/ivr/voice.ts';
import {
  checkSettings,
  type TelephonySettings,
  TelephonySettingsError,
} from '../../../src/telephony/settings.ts';
import { playlist, recordingPath } from '../../../src/telephony/sounds.ts';

const good: TelephonySettings = {
  drachtio: { host: '127.0.0.1', port: 9022, secret: 'a' },
  freeswitch: {
    host: '127.0.0.1',
    port: 8021,
    secret: 'b',
    listenAddress: '127.0.0.1',
    listenPort: 0,
    advertisedAddress: '127.0.0.1',
    soundsFolder: '/usr/share/linekeeper/sounds',
    recordingsFolder: 'C:\\recordings',
  },
  recordingsFolder: '/recordings',
  sessionExpiresSeconds: 1800,
  minSessionExpiresSeconds: 90,
  maxCalls: 100,
  warmEndpoints: 0,
  startSeconds: 10,
};

describe('checkSettings', () => {
  it('takes good ones', () => {
    expect(() => checkSettings(good)).not.toThrow();
  });

  it.each<[string, Partial<TelephonySettings>]>([
    ['freeswitch.soundsFolder', { freeswitch: { ...good.freeswitch, soundsFolder: '/a b' } }],
    ['freeswitch.soundsFolder', { freeswitch: { ...good.freeswitch, soundsFolder: '/a!b' } }],
    [
      'freeswitch.recordingsFolder',
      { freeswitch: { ...good.freeswitch, recordingsFolder: '${x}' } },
    ],
    ['freeswitch.secret', { freeswitch: { ...good.freeswitch, secret: 'a\napi reload' } }],
    ['drachtio.secret', { drachtio: { ...good.drachtio, secret: 'a|b' } }],
    ['maxCalls', { maxCalls: 0 }],
    ['warmEndpoints', { warmEndpoints: 1.5 }],
    ['sessionExpiresSeconds', { sessionExpiresSeconds: 60 }],
  ])('names %s', (name, wrong) => {
    const check = (): void => checkSettings({ ...good, ...wrong });
    expect(check).toThrow(TelephonySettingsError);
    expect(check).toThrow(name);
  });
});

describe('playlist', () => {
  it('is one file, or a list in one string', () => {
    expect(playlist('/s', ['prompts/a'], voiceIn('en'))).toBe('/s/en/prompts/a.wav');
    expect(playlist('/s', ['prompts/a', 'digits/7'], { language: 'es', pace: 'slow' })).toBe(
      'file_string:///s/es-slow/prompts/a.wav!/s/es-slow/digits/7.wav',
    );
  });

  it.each<[string, readonly SoundName[]]>([
    ['nothing', []],
    ['too much', Array.from({ length: 101 }, () => 'digits/1' as const)],
    ['a path', ['prompts/../x']],
    ['a list in a name', ['prompts/a!b']],
    ['a line feed', ['prompts/a\nb']],
  ])('refuses %s', (_case, sounds) => {
    expect(() => playlist('/s', sounds, voiceIn('en'))).toThrow(CallFailure);
  });

  it.each(['', '..', 'en!x', 'en/x', 'e'])('refuses the language %j', (language) => {
    expect(() => playlist('/s', ['prompts/a'], voiceIn(language))).toThrow(CallFailure);
  });
});

describe('recordingPath', () => {
  it('joins folder and file', () => {
    expect(recordingPath('/r', '2026/rec-1.wav')).toBe('/r/2026/rec-1.wav');
  });

  it.each(['../x.wav', '/x.wav', 'a b.wav', 'a\n.wav', '', 'x/../y', '.hidden', 'x'.repeat(300)])(
    'refuses %j',
    (file) => {
      expect(() => recordingPath('/r', file)).toThrow(CallFailure);
    },
  );
});
