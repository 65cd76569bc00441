import { describe, expect, it } from 'vitest';
import type { TrunkOutbound } from '../../../src/domain/trunk/trunk.ts';
import { callerIdHeaders } from '../../../src/telephony/caller-id.ts';

const TRUNK: TrunkOutbound = {
  host: 'sip.carrier.example',
  port: 5060,
  transport: 'udp',
  credentials: undefined,
  callerId: 'dialled',
  numberFormat: 'e164',
  callerIdFormat: 'e164',
  callerIdHost: undefined,
  assertIdentity: true,
  privacy: 'none',
  maxCalls: 10,
};

describe('who calls a customer', () => {
  it.each<[string, Partial<TrunkOutbound>, Readonly<Record<string, string>>]>([
    [
      'the number dialled',
      {},
      {
        From: '<sip:+12025550100@localhost>',
        'P-Asserted-Identity': '<sip:+12025550100@192.0.2.1:5060>',
      },
    ],
    [
      'one number of ours, as the carrier writes it, at its domain',
      { callerId: '+12025550190', callerIdFormat: 'national', callerIdHost: 'voice.example' },
      {
        From: '<sip:2025550190@voice.example>',
        'P-Asserted-Identity': '<sip:2025550190@voice.example>',
      },
    ],
    ['nothing asserted', { assertIdentity: false }, { From: '<sip:+12025550100@localhost>' }],
    [
      'known to the carrier alone',
      { privacy: 'id', callerIdHost: 'voice.example' },
      {
        From: '"Anonymous" <sip:anonymous@anonymous.invalid>',
        'P-Asserted-Identity': '<sip:+12025550100@voice.example>',
        Privacy: 'id',
      },
    ],
  ])('%s', (_case, changes, headers) => {
    const found = callerIdHeaders({ ...TRUNK, ...changes }, '+12025550100', '192.0.2.1:5060');
    expect(found).toEqual(headers);
  });
});
