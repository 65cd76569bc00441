import { describe, expect, it } from 'vitest';
import { readSwitchOptions, SwitchOptionsError } from '../../../src/switch/options.ts';

const SECRETS = { LINEKEEPER_DRACHTIO_SECRET: 'd', LINEKEEPER_FREESWITCH_SECRET: 'f' };

describe('readSwitchOptions', () => {
  it('has everything on loopback and the usual ports, secrets from the environment', () => {
    expect(readSwitchOptions(undefined, SECRETS)).toEqual({
      signalling: {
        control: { address: '127.0.0.1', port: 9022, secret: 'd' },
        sip: [{ protocol: 'udp', address: '127.0.0.1', port: 5060 }],
      },
      media: {
        eventSocket: { address: '127.0.0.1', port: 8021, secret: 'f' },
        sip: { address: '127.0.0.1', port: 5080 },
        rtp: { address: '127.0.0.1', minPort: 20_000, maxPort: 21_999 },
        musicDirectories: {},
      },
    });
  });

  it('takes what is given', () => {
    const options = readSwitchOptions(
      JSON.stringify({
        drachtio: { port: 0 },
        sip: [{ protocol: 'tcp', port: 5070, advertise: '192.0.2.1' }],
        soundsDirectory: '/sounds',
        musicDirectories: { moh: '/music' },
      }),
      SECRETS,
    );
    expect(options.signalling.control.port).toBe(0);
    expect(options.signalling.sip).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 5070, advertise: '192.0.2.1' },
    ]);
    expect(options.media).toMatchObject({
      soundsDirectory: '/sounds',
      musicDirectories: { moh: '/music' },
    });
  });

  it.each([
    ['', '{'],
    ['', '[]'],
    ['drachtio', '{"drachtio":1}'],
    ['drachtio.port', '{"drachtio":{"port":70000}}'],
    ['freeswitch.address', '{"freeswitch":{"address":"here"}}'],
    ['sip', '{"sip":[]}'],
    ['sip.0.protocol', '{"sip":[{"protocol":"tls"}]}'],
    ['soundsDirectory', '{"soundsDirectory":7}'],
  ])('names %j in %s', (path, json) => {
    const read = (): unknown => readSwitchOptions(json, SECRETS);
    expect(read).toThrow(SwitchOptionsError);
    expect(read).toThrow(expect.objectContaining({ path }) as Error);
  });

  it('wants its secrets', () => {
    expect(() => readSwitchOptions('{}', {})).toThrow('drachtio.secret: expected a secret');
  });
});
