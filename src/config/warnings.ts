import type { Configuration } from './configuration.ts';
import { neverCalled } from './numbering-warnings.ts';

/** What the secrets of the sample configuration begin with. */
const SAMPLE_PREFIX = 'sample-';
/** Defaults that every attacker tries first. */
const WELL_KNOWN = new Set(['cymru', 'ClueCon']);

/** Least session of RFC 4028 section 5. */
const LEAST_SESSION_SECONDS = 90;

/** What is allowed but should not stay, one sentence each. */
export function warningsOf(configuration: Configuration): readonly string[] {
  return [
    ...sampleSecrets(configuration),
    ...wellKnownSecrets(configuration),
    ...fictionalNumbers(configuration),
    ...calledAtAnyHour(configuration),
    ...neverCalled(configuration.numbers),
    ...shortSessions(configuration),
    ...idleQueues(configuration),
    ...noWayOut(configuration),
    ...noSlots(configuration),
    ...apiInTheOpen(configuration),
  ];
}

function sampleSecrets({ system, agents, trunks }: Configuration): readonly string[] {
  if (isLoopback(system.sip.address)) return [];
  const users = [...agents.values()].filter((agent) => isSample(agent.secret)).map(({ id }) => id);
  for (const { id, inbound, outbound } of trunks.values()) {
    const secrets = [inbound?.digest?.secret, outbound?.credentials?.secret];
    if (secrets.some((secret) => secret !== undefined && isSample(secret))) users.push(id);
  }
  if (users.length === 0) return [];
  return [
    `${users.join(', ')}: the sample's secrets are in use and phones reach us from outside ` +
      `(${system.sip.address}). Everybody knows these secrets: choose others in agents.yaml and trunks.yaml.`,
  ];
}

function wellKnownSecrets({ system }: Configuration): readonly string[] {
  return (['drachtio', 'freeswitch'] as const)
    .filter((name) => WELL_KNOWN.has(system[name].secret) && !isLoopback(system[name].host))
    .map(
      (name) =>
        `${name}: its well-known default secret is in use on ${system[name].host}. ` +
        'Whoever reaches it commands every call: choose another.',
    );
}

function fictionalNumbers({ system, numbers }: Configuration): readonly string[] {
  if (!numbers.allowFictional || isLoopback(system.sip.address)) return [];
  return ['numbers.yaml: allowFictional is true; set it to false before real callers come.'];
}

function calledAtAnyHour({ system, numbers }: Configuration): readonly string[] {
  if (numbers.callingHours !== undefined || isLoopback(system.sip.address)) return [];
  return ['numbers.yaml: callingHours is always: people are called in the middle of their night.'];
}

function shortSessions({ system }: Configuration): readonly string[] {
  if (system.sip.minSessionExpiresSeconds >= LEAST_SESSION_SECONDS) return [];
  return [
    `system.yaml: sip.minSessionExpiresSeconds is below ${LEAST_SESSION_SECONDS}, which RFC 4028 does not allow.`,
  ];
}

function idleQueues({ queues, agents }: Configuration): readonly string[] {
  const served = new Set([...agents.values()].flatMap((agent) => agent.queues));
  return [...queues.keys()]
    .filter((queue) => !served.has(queue))
    .map((queue) => `queues.yaml: no agent serves the queue ${queue}.`);
}

function noWayOut({ queues, trunks }: Configuration): readonly string[] {
  const offered = [...queues.values()].some((queue) => queue.callback.offering);
  const leaves = [...trunks.values()].some((trunk) => trunk.outbound !== undefined);
  if (!offered || leaves) return [];
  return ['trunks.yaml: callbacks are offered, but no trunk has outbound: none could be made.'];
}

function noSlots({ queues }: Configuration): readonly string[] {
  return [...queues.values()]
    .filter(({ callback }) => callback.offering && callback.slots === undefined)
    .map(
      ({ id, callback }) =>
        `queues.yaml: ${id} offers callbacks without slots: with ${callback.offer.maxOpenTickets} of them ` +
        'open (maxOpenTickets) callers are offered nothing and have to hold. Write a forecast under slots.',
    );
}

function apiInTheOpen({ api }: Configuration): readonly string[] {
  const { enabled, address, tls } = api.server;
  if (!enabled || tls !== undefined || isLoopback(address)) return [];
  return [
    `api.yaml: keys and telephone numbers go over the network unencrypted (${address}, no tls). ` +
      'Give tls, or let a proxy with TLS reach us at 127.0.0.1.',
  ];
}

function isSample(secret: string): boolean {
  return secret.startsWith(SAMPLE_PREFIX);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
