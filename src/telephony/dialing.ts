import { CallFailure, DialFailure } from '../domain/call/failure.ts';
import type { PhoneDirectory } from '../engine/phones.ts';
import type { DialTarget, Leg } from '../engine/ports.ts';
import { screenHeaders } from './agent-screen.ts';
import type { TelephonyCore } from './core.ts';
import { asError } from './deadline.ts';
import { type Destination, phoneDestination, trunkDestination } from './destinations.ts';
import { asDialFailure, isTrunksOwn, mostTelling } from './dial-failures.ts';
import { ABILITIES } from './drachtio/replies.ts';
import { type SrfDialog, statusOf } from './drachtio/srf.ts';
import { NoResponse, placeCall } from './drachtio/uac.ts';
import type { MediaEndpoint } from './freeswitch/endpoint.ts';
import { onlyG711 } from './sdp.ts';
import { intervalAfter422, requestTimer } from './session-timer.ts';
import type { TelephonyRoutes } from './settings.ts';
import { outgoingTrunks } from './trunk-places.ts';

export interface DialingDependencies {
  readonly core: TelephonyCore;
  readonly directory: PhoneDirectory;
  readonly routes: () => TelephonyRoutes;
}

/** Phones of one agent that ring at once, at most. */
const MAX_PHONES = 10;

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
    .flatMap((contact) => phoneDestination(contact, target.callerName, headers));
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
      const destination = trunkDestination(trunk, target, core.link.sipAddress);
      const leg = await call(core, target, [destination], ringMs, signal);
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
