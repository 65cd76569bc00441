import { CallFailure, type DialCause, DialFailure, dialCauseOf } from '../domain/call/failure.ts';
import type { PhoneContact, PhoneDirectory } from '../engine/phones.ts';
import type { DialTarget, Leg } from '../engine/ports.ts';
import { quote } from '../protocol/sip/text.ts';
import { parseSipUri } from '../protocol/sip/uri.ts';
import { screenHeaders } from './agent-screen.ts';
import { callerIdHeaders } from './caller-id.ts';
import type { TelephonyCore } from './core.ts';
import { asError } from './deadline.ts';
import { ABILITIES } from './drachtio/replies.ts';
import { type SrfDialog, statusOf } from './drachtio/srf.ts';
import { NoResponse, type OutgoingInvite, placeCall, Withdrawn } from './drachtio/uac.ts';
import type { MediaEndpoint } from './freeswitch/endpoint.ts';
import { formatNumber } from './numbers.ts';
import { onlyG711 } from './sdp.ts';
import { intervalAfter422, requestTimer } from './session-timer.ts';
import type { TelephonyRoutes } from './settings.ts';
import { type OutgoingTrunk, outgoingTrunks } from './trunk-places.ts';

/** Where one INVITE goes; what it says is the same for all. */
type Destination = Pick<OutgoingInvite, 'uri' | 'proxy' | 'credentials' | 'silentMs'> & {
  readonly headers: Readonly<Record<string, string>>;
};

export interface DialingDependencies {
  readonly core: TelephonyCore;
  readonly directory: PhoneDirectory;
  readonly routes: () => TelephonyRoutes;
}

/** Phones of one agent that ring at once, at most. */
const MAX_PHONES = 10;
const MAX_NAME_CHARACTERS = 60;

/**
 * A trunk that neither rings nor answers for so long is taken for dead; its 100 Trying is not told to us.
 * Longer than it takes to reach a mobile phone.
 */
const SILENT_TRUNK_MS = 10_000;

/** Calls a customer through a trunk, or an agent on all their phones at once. @throws DialFailure */
export async function dial(
  needs: DialingDependencies,
  target: DialTarget,
  ringSeconds: number,
  signal: AbortSignal,
): Promise<Leg> {
  const { core } = needs;
  if (signal.aborted) throw new DialFailure('withdrawn');
  if (!core.ready || core.full) throw new DialFailure('ourFailure');
  const ringMs = ringSeconds * 1000;
  return core.settingUp(() =>
    target.kind === 'agent'
      ? dialAgent(needs, target, ringMs, signal)
      : dialCustomer(needs, target, ringMs, signal),
  );
}

/** Calls to customers that could be placed now. */
export function outgoingCapacity({ core, routes }: DialingDependencies): number {
  if (!core.ready) return 0;
  const ours = Math.max(0, core.settings.maxCalls - core.calls);
  return Math.min(ours, core.places.free(outgoingTrunks(routes().trunks)));
}

async function dialAgent(
  { core, directory }: DialingDependencies,
  target: DialTarget & { readonly kind: 'agent' },
  ringMs: number,
  signal: AbortSignal,
): Promise<Leg> {
  const headers = target.screen === undefined ? {} : screenHeaders(target.screen);
  const destinations = directory
    .contacts(target.agentId)
    .slice(0, MAX_PHONES)
    .flatMap((contact) => phone(contact, target.callerName, headers));
  if (destinations.length === 0) throw new DialFailure('unreachable');
  return call(core, target, destinations, ringMs, signal);
}

/** By the first trunk that has a free place and does not refuse. All full is congestion, which costs nobody an attempt. */
async function dialCustomer(
  { core, routes }: DialingDependencies,
  target: DialTarget & { readonly kind: 'customer' },
  ringMs: number,
  signal: AbortSignal,
): Promise<Leg> {
  const trunks = core.places.inTurn(outgoingTrunks(routes().trunks), core.clock.now());
  let failure = new DialFailure(trunks.length === 0 ? 'carrierFailure' : 'congestion');
  for (const trunk of trunks) {
    const giveBack = core.places.take(trunk);
    if (giveBack === undefined) continue;
    try {
      const leg = await call(core, target, [viaTrunk(core, trunk, target)], ringMs, signal);
      leg.listen({ key: () => undefined, ended: giveBack });
      return leg;
    } catch (error) {
      giveBack();
      failure = asDialFailure(error, target.kind);
      if (!isTrunksOwn(failure) || signal.aborted) throw failure;
      if (failure.cause instanceof NoResponse) core.places.wasSilent(trunk, core.clock.now());
      core.log.warn('a trunk took no call', { trunk: trunk.id, status: failure.status });
    }
  }
  throw failure;
}

/** Another trunk may do better: this one is overloaded (503), or is not there (RFC 3263 section 4.3). */
function isTrunksOwn({ status, cause }: DialFailure): boolean {
  return status === 503 || cause instanceof NoResponse;
}

async function call(
  core: TelephonyCore,
  target: DialTarget,
  destinations: readonly Destination[],
  ringMs: number,
  signal: AbortSignal,
): Promise<Leg> {
  let endpoint: MediaEndpoint | undefined;
  try {
    endpoint = await core.endpointToOffer();
    const sdp = onlyG711(endpoint.localSdp);
    if (sdp === undefined) throw new CallFailure('freeswitch', 'FreeSWITCH offers no G.711');
    const { dialog, askedSeconds } = await ring(core, destinations, sdp, ringMs, signal);
    return await join(core, dialog, askedSeconds, endpoint);
  } catch (error) {
    await endpoint?.destroy();
    throw asDialFailure(error, target.kind);
  }
}

/** Gives FreeSWITCH the answer. One that it can not use ends the call. */
async function join(
  core: TelephonyCore,
  dialog: SrfDialog,
  askedSeconds: number,
  endpoint: MediaEndpoint,
): Promise<Leg> {
  const party = core.partyCalled(dialog, askedSeconds);
  try {
    const answer = onlyG711(dialog.remote.sdp ?? '');
    if (answer === undefined) throw new DialFailure('carrierFailure', 488);
    await endpoint.renegotiate(answer);
    return core.makeLeg(party, endpoint, answer);
  } catch (error) {
    await party.hangUp();
    throw error;
  }
}

interface Answered {
  readonly dialog: SrfDialog;
  readonly askedSeconds: number;
}

/** All destinations ring at once; the first answer wins and the others are withdrawn. */
function ring(
  core: TelephonyCore,
  destinations: readonly Destination[],
  sdp: string,
  ringMs: number,
  signal: AbortSignal,
): Promise<Answered> {
  const decided = new AbortController();
  const stop = AbortSignal.any([signal, decided.signal]);
  return new Promise<Answered>((resolve, reject) => {
    const failures: Error[] = [];
    let settled = false;
    const fail = (error: Error): void => {
      settled = true;
      decided.abort();
      reject(error);
    };
    for (const destination of destinations) {
      invite(core, destination, sdp, ringMs, stop).then(
        (answered) => {
          if (settled) {
            void core.partyCalled(answered.dialog, answered.askedSeconds).hangUp();
            return;
          }
          settled = true;
          decided.abort();
          resolve(answered);
        },
        (thrown: unknown) => {
          const error = asError(thrown);
          failures.push(error);
          if (settled) return;
          // A 6xx speaks for all (RFC 3261 section 16.7 step 5).
          if ((statusOf(error) ?? 0) >= 600) fail(error);
          else if (failures.length === destinations.length) fail(mostTelling(failures));
        },
      );
    }
  });
}

/** One INVITE, and a second if the session interval is too short for the other side. */
async function invite(
  core: TelephonyCore,
  destination: Destination,
  sdp: string,
  ringMs: number,
  stop: AbortSignal,
): Promise<Answered> {
  const { wantedSeconds, leastSeconds } = core.party.timerPolicy;
  const place = async (askedSeconds: number): Promise<Answered> => {
    const headers = {
      ...ABILITIES,
      ...requestTimer(askedSeconds, leastSeconds),
      ...destination.headers,
    };
    const dialog = await placeCall(core.party, { ...destination, headers, sdp }, ringMs, stop);
    return { dialog, askedSeconds };
  };
  try {
    return await place(wantedSeconds);
  } catch (error) {
    const longer = statusOf(error) === 422 ? intervalAfter422(minSeOf(error)) : undefined;
    if (longer === undefined || stop.aborted) throw error;
    return place(longer);
  }
}

/** The library hangs the response on its error. */
function minSeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('res' in error)) return undefined;
  const response: unknown = error.res;
  if (typeof response !== 'object' || response === null || !('get' in response)) return undefined;
  const value: unknown = typeof response.get === 'function' ? response.get('min-se') : undefined;
  return typeof value === 'string' ? value : undefined;
}

function viaTrunk(
  core: TelephonyCore,
  { outbound }: OutgoingTrunk,
  target: DialTarget & { readonly kind: 'customer' },
): Destination {
  const number = formatNumber(target.number, outbound.numberFormat);
  const transport = outbound.transport === 'udp' ? '' : `;transport=${outbound.transport}`;
  return {
    uri: `sip:${number}@${outbound.host}:${outbound.port}${transport}`,
    proxy: undefined,
    credentials: outbound.credentials,
    headers: callerIdHeaders(outbound, target.callerId, core.link.sipAddress),
    silentMs: SILENT_TRUNK_MS,
  };
}

/** A phone is called where its REGISTER came from, whatever its Contact says: it may be behind NAT. */
function phone(
  contact: PhoneContact,
  callerName: string,
  screen: Readonly<Record<string, string>>,
): Destination[] {
  try {
    parseSipUri(contact.uri);
  } catch {
    return [];
  }
  const { address, port, protocol } = contact.source;
  const host = address.includes(':') ? `[${address}]` : address;
  const name = callerName.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').slice(0, MAX_NAME_CHARACTERS);
  return [
    {
      uri: contact.uri,
      proxy: `sip:${host}:${port};transport=${protocol}`,
      credentials: undefined,
      headers: { From: `${quote(name)} <sip:linekeeper@localhost>`, ...screen },
    },
  ];
}

/** Causes of several phones, the one that says most about the agent first. */
const TELLING: readonly DialCause[] = ['busy', 'declined', 'noAnswer', 'withdrawn'];

function mostTelling(failures: readonly Error[]): Error {
  const rank = (error: Error): number => {
    const index = TELLING.indexOf(asDialFailure(error, 'agent').dialCause);
    return index < 0 ? TELLING.length : index;
  };
  const [first, ...others] = failures;
  return others.reduce(
    (best, error) => (rank(error) < rank(best) ? error : best),
    first ?? new DialFailure('ourFailure'),
  );
}

function asDialFailure(error: unknown, kind: DialTarget['kind']): DialFailure {
  if (error instanceof DialFailure) return error;
  const options = { cause: error };
  if (error instanceof Withdrawn) {
    const cause = error.because === 'rangTooLong' ? 'noAnswer' : 'withdrawn';
    return new DialFailure(cause, undefined, options);
  }
  if (error instanceof NoResponse) {
    return new DialFailure(kind === 'agent' ? 'unreachable' : 'carrierFailure', 408, options);
  }
  const status = statusOf(error);
  if (status === undefined) return new DialFailure('ourFailure', undefined, options);
  return new DialFailure(dialCauseOf(status), status, options);
}
