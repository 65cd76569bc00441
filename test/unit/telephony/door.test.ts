import { describe, expect, it } from 'vitest';
import { parseAddressRange } from '../../../src/domain/trunk/address-range.ts';
import type { Trunk, TrunkInbound } from '../../../src/domain/trunk/trunk.ts';
import type { Authentication } from '../../../src/engine/phones.ts';
import { admit } from '../../../src/telephony/drachtio/door.ts';
import type { InviteFacts } from '../../../src/telephony/drachtio/reading.ts';

const DNIS = '+12025550100';

function trunk(id: string, inbound: Partial<TrunkInbound>): Trunk {
  return {
    id,
    country: 'US',
    inbound: {
      sources: [],
      digest: undefined,
      transports: ['udp'],
      trustAssertedIdentity: false,
      ...inbound,
    },
    outbound: undefined,
  };
}

const range = (text: string) => {
  const parsed = parseAddressRange(text);
  if (parsed === undefined) throw new Error(text);
  return [parsed];
};

const byAddress = trunk('a', { sources: range('192.0.2.0/24') });
const byDigest = trunk('d', { digest: { user: 'd', secret: 's' } });

function decide(
  given: { from?: string; to?: string; address?: string; protocol?: string },
  proof: Authentication = { result: 'challenge', challenge: 'c' },
  trunks: readonly Trunk[] = [byAddress],
): string {
  const {
    from = 'sip:caller@x',
    to = `sip:${DNIS}@y`,
    address = '192.0.2.7',
    protocol = 'udp',
  } = given;
  const facts: InviteFacts = {
    source: { address, port: 5060, protocol },
    requestUri: to,
    from: `<${from}>;tag=1`,
    fromUri: from,
    assertedIdentity: undefined,
    privacy: undefined,
    authorization: undefined,
    offer: undefined,
    timer: { sessionExpires: undefined, minSe: undefined, supported: undefined },
  };
  const routes = {
    trunks: new Map(trunks.map((each) => [each.id, each])),
    entryPoints: new Map([[DNIS, 1] as const]),
    agents: new Map([['alice', 1]]),
    shortCodes: { ready: '*71', break: '*72', logOut: '*73', openLine: '*74' },
  };
  const admission = admit(facts, routes, () => proof);
  switch (admission.verdict) {
    case 'trunk':
      return `trunk ${admission.trunk.id} ${admission.dnis}`;
    case 'agent':
      return `agent ${admission.agentId} ${admission.shortCode}`;
    case 'challenge':
      return '407';
    case 'refuse':
      return `${admission.status}`;
  }
}

const alice: Authentication = { result: 'agent', agentId: 'alice' };
const away = { address: '203.0.113.9' };

describe('admit', () => {
  it.each<[string, Parameters<typeof decide>, string]>([
    ['a trunk by its address', [{}], `trunk a ${DNIS}`],
    ['its number without plus', [{ to: 'sip:2025550100@y;user=phone' }], `trunk a ${DNIS}`],
    ['a TEL URI', [{ to: 'tel:+1-202-555-0100' }], `trunk a ${DNIS}`],
    ['a number that is not ours', [{ to: 'sip:+12025550199@y' }], '404'],
    ['a transport that the trunk does not use', [{ protocol: 'tcp' }], '403'],
    ['IPv4 mapped in IPv6', [{ address: '::ffff:192.0.2.7' }], `trunk a ${DNIS}`],
    ['a stranger', [away], '403'],
    ['a stranger, when a trunk may prove itself', [away, undefined, [byDigest]], '407'],
    ['a trunk by digest', [away, { result: 'trunk', trunk: 'd' }, [byDigest]], `trunk d ${DNIS}`],
    ['another trunk than proven', [away, { result: 'trunk', trunk: 'a' }, [byDigest]], '403'],
    ['an agent where a trunk should be', [away, alice, [byDigest]], '403'],
    ['a wrong digest', [away, { result: 'refused' }, [byDigest]], '403'],
    ['an agent, first', [{ ...away, from: 'sip:alice@y', to: 'sip:*71@y' }], '407'],
    [
      'an agent, proven',
      [{ ...away, from: 'sip:alice@y', to: 'sip:*71@y' }, alice],
      'agent alice *71',
    ],
    ['an agent who calls a number', [{ ...away, from: 'sip:alice@y' }, alice], '404'],
    [
      'somebody else in the name of an agent',
      [
        { ...away, from: 'sip:alice@y', to: 'sip:*71@y' },
        { result: 'agent', agentId: 'bob' },
      ],
      '403',
    ],
    ['an agent beside the trunk', [{ from: 'sip:alice@y', to: 'sip:*71@y' }], '407'],
    ['a caller of the trunk named like an agent', [{ from: 'sip:alice@y' }], `trunk a ${DNIS}`],
    ['a short code from the trunk', [{ to: 'sip:*71@y' }], '404'],
    ['nobody dialled', [{ to: 'sip:y' }], '404'],
  ])('%s', (_case, given, verdict) => {
    expect(decide(...given)).toBe(verdict);
  });
});
