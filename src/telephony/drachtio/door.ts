import type { ShortCodes } from '../../domain/agent/settings.ts';
import type { AgentId, E164 } from '../../domain/ids.ts';
import { isInRange } from '../../domain/trunk/address-range.ts';
import type { Trunk, TrunkInbound } from '../../domain/trunk/trunk.ts';
import type { Authentication } from '../../engine/phones.ts';
import { toE164, userOf } from '../numbers.ts';
import type { TelephonyRoutes } from '../settings.ts';
import type { InviteFacts } from './reading.ts';

/** What becomes of a new call. */
export type Admission =
  | { readonly verdict: 'trunk'; readonly trunk: Trunk; readonly dnis: E164 }
  | { readonly verdict: 'agent'; readonly agentId: AgentId; readonly shortCode: string }
  /** 407 with this Proxy-Authenticate. */
  | { readonly verdict: 'challenge'; readonly challenge: string }
  | { readonly verdict: 'refuse'; readonly status: 403 | 404 };

/**
 * Who may call what. A trunk is known by its source address or by digest, an agent's phone always
 * proves itself by digest, and nobody else gets further than this.
 * A caller from a trunk's address that claims to be an agent and dials a short code is taken for a
 * phone: on one machine both come from the same address.
 */
export function admit(
  facts: InviteFacts,
  routes: TelephonyRoutes,
  authenticate: () => Authentication,
): Admission {
  const trunk = trunkOf(facts, routes);
  const dialled = userOf(facts.requestUri);
  const claimed = userOf(facts.fromUri);
  const shortCode = isShortCode(dialled, routes.shortCodes) ? dialled : undefined;
  if (claimed !== undefined && routes.agents.has(claimed)) {
    if (trunk === undefined || shortCode !== undefined) {
      return admitAgent(claimed, shortCode, authenticate);
    }
  }
  if (trunk !== undefined) return admitTrunk(trunk, dialled, routes);
  const byDigest = [...routes.trunks.values()].filter(({ inbound }) => inbound?.digest);
  if (byDigest.length === 0) return { verdict: 'refuse', status: 403 };
  const proof = authenticate();
  if (proof.result === 'challenge') return { verdict: 'challenge', challenge: proof.challenge };
  const proven =
    proof.result === 'trunk' ? byDigest.find(({ id }) => id === proof.trunk) : undefined;
  if (proven?.inbound === undefined || !carries(proven.inbound, facts.source.protocol)) {
    return { verdict: 'refuse', status: 403 };
  }
  return admitTrunk(proven, dialled, routes);
}

function trunkOf(facts: InviteFacts, routes: TelephonyRoutes): Trunk | undefined {
  const { address, protocol } = facts.source;
  for (const trunk of routes.trunks.values()) {
    const { inbound } = trunk;
    if (inbound === undefined || !carries(inbound, protocol)) continue;
    if (inbound.sources.some((range) => isInRange(range, address))) return trunk;
  }
  return undefined;
}

function carries(inbound: TrunkInbound, protocol: string): boolean {
  return inbound.transports.some((transport) => transport === protocol.toLowerCase());
}

function admitTrunk(trunk: Trunk, dialled: string | undefined, routes: TelephonyRoutes): Admission {
  const dnis = toE164(dialled ?? '');
  if (dnis === undefined || !routes.entryPoints.has(dnis)) {
    return { verdict: 'refuse', status: 404 };
  }
  return { verdict: 'trunk', trunk, dnis };
}

function admitAgent(
  claimed: AgentId,
  shortCode: string | undefined,
  authenticate: () => Authentication,
): Admission {
  const proof = authenticate();
  if (proof.result === 'challenge') return { verdict: 'challenge', challenge: proof.challenge };
  if (proof.result !== 'agent' || proof.agentId !== claimed) {
    return { verdict: 'refuse', status: 403 };
  }
  if (shortCode === undefined) return { verdict: 'refuse', status: 404 };
  return { verdict: 'agent', agentId: claimed, shortCode };
}

function isShortCode(dialled: string | undefined, codes: ShortCodes): boolean {
  return dialled !== undefined && Object.values(codes).includes(dialled);
}
