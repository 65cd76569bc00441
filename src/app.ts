import { createHmac, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Ageing } from './ageing.ts';
import type { Configuration } from './config/configuration.ts';
import { Engine, type EngineState } from './engine/engine.ts';
import type { Observer } from './engine/observer.ts';
import type { Clock, Ids, Log, Telephony } from './engine/ports.ts';
import { HttpService } from './http-service.ts';
import { callLog } from './observe/call-log.ts';
import { createRegistrar, type Registrar } from './registrar/registrar.ts';
import { createStore, type LinekeeperStore } from './store/store.ts';
import { launchSwitch, type RunningSwitch } from './switch-process.ts';
import type { TelephonyAdapter, TelephonyState } from './telephony/telephony.ts';
import { createTelephony } from './telephony/telephony.ts';
import { repairWav } from './vault/wav-repair.ts';
import { VERSION } from './version.ts';
import { estimatesOf, healthOf, telephonySettings } from './wiring.ts';

/** What the application is made of from outside. */
export interface AppDependencies {
  /** The configuration in force now. */
  readonly configuration: () => Configuration;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly observe?: Observer;
}

/** How the application stands. */
interface AppState {
  readonly engine: EngineState;
  readonly telephony: TelephonyState;
}

/** A running Linekeeper. */
export interface App {
  /** Where SIP is spoken, with the port really taken. */
  readonly sip: { readonly address: string; readonly port: number };
  /** Where the API is; undefined if it is off. */
  readonly api: { readonly address: string; readonly port: number } | undefined;
  readonly store: LinekeeperStore;
  state(): AppState;
  /** Takes up a changed configuration; calls under way keep theirs. */
  configurationChanged(): void;
  /** Takes no new calls; resolves when the last has ended, or after `limitMs`. */
  drain(limitMs: number): Promise<void>;
  /** Ends every call and closes everything. Tickets stay in the store. */
  stop(): Promise<void>;
}

/** How often a drain looks whether the last call has ended. */
const DRAIN_LOOK_MS = 200;
/** At a stop calls that do not end when they are hung up are left. */
const STOP_LIMIT_MS = 2_000;

/**
 * Starts Linekeeper: store, switch (if embedded), registrar, engine, telephony, in this order.
 * What was opened is closed again if a later part fails.
 * @throws StoreFailure, SwitchFailure, TelephonyStartError, TelephonySettingsError
 */
export async function startApp(needs: AppDependencies): Promise<App> {
  const opened: (() => Promise<void> | void)[] = [];
  try {
    return await assemble(needs, opened);
  } catch (error) {
    await closeAll(opened, needs.log);
    throw error;
  }
}

async function assemble(
  needs: AppDependencies,
  opened: (() => Promise<void> | void)[],
): Promise<App> {
  const { configuration, clock, log } = needs;
  const { system } = configuration();
  await mkdir(system.folders.data, { recursive: true, mode: 0o700 });
  await mkdir(system.folders.recordings, { recursive: true, mode: 0o700 });
  const store = await createStore({ file: join(system.folders.data, 'linekeeper.db') });
  opened.push(() => store.close());
  const http = await HttpService.load({ ...needs, store, version: VERSION });
  opened.push(() => http.stop());
  const switching = await startSwitch(needs, opened);
  const registrar = await createRegistrar({
    realm: system.sip.realm,
    findAccount: (user) => findAccount(configuration(), user),
    store,
    clock,
    log,
  });
  opened.push(() => {
    registrar.close();
  });
  const network: { adapter?: TelephonyAdapter } = {};
  const engine = createEngine(needs, store, network, http);
  await engine.start();
  const telephony = await createTelephony({
    settings: telephonySettings(system, switching?.ports),
    directory: registrar,
    routes: configuration,
    user: engine,
    clock,
    log,
  });
  network.adapter = telephony;
  opened.push(() => telephony.close());
  opened.push(() => {
    engine.stop();
    // What the end of each call says is kept before the store closes.
    return untilQuiet(engine, clock, STOP_LIMIT_MS);
  });
  connectPhones(registrar, engine);
  const ageing = new Ageing({ store, clock, log, policy: () => configuration().system.retention });
  ageing.start();
  opened.push(() => {
    ageing.stop();
  });
  const api = await http.listen({
    office: engine.office,
    estimates: () => estimatesOf(engine, configuration()),
    health: () => healthOf(engine.state, telephony.state()),
  });
  const sip = { address: system.sip.address, port: switching?.ports.sip ?? system.sip.port };
  return runningApp({ needs, engine, store, telephony, sip, api, http, opened });
}

async function startSwitch(
  { configuration, log }: AppDependencies,
  opened: (() => Promise<void> | void)[],
): Promise<RunningSwitch | undefined> {
  const { system } = configuration();
  if (system.switch === 'external') return undefined;
  const running = await launchSwitch(system, log);
  opened.push(() => running.stop());
  return running;
}

function createEngine(
  { configuration, clock, ids, log, observe }: AppDependencies,
  store: LinekeeperStore,
  network: { readonly adapter?: TelephonyAdapter },
  http: HttpService,
): Engine {
  const telephony: Telephony = {
    dial: (target, ringSeconds, signal) => {
      if (network.adapter === undefined) throw new Error('telephony is not connected yet');
      return network.adapter.dial(target, ringSeconds, signal);
    },
    outgoingCapacity: () => network.adapter?.outgoingCapacity() ?? 0,
  };
  const logCall = callLog(log);
  return new Engine({
    clock,
    ids,
    log,
    store: { ...store, commit: (changes) => http.commit(changes) },
    telephony,
    observe: (happening, at) => {
      http.observe(happening, at);
      logCall(happening, at);
      observe?.(happening, at);
    },
    repairRecording: async (file) => {
      const repaired = await repairWav(configuration().system.folders.recordings, file);
      log.info('an interrupted recording was checked', { file, repaired });
    },
    keyOfNumber: keyedHash(),
    plan: configuration,
  });
}

/** Under what numbers are counted in memory: told apart, but not told. The key ends with the process. */
function keyedHash(): (number: string) => string {
  const key = randomBytes(32);
  return (number) => createHmac('sha256', key).update(number).digest('base64url');
}

/** Phones known from before the start are told here too. */
function connectPhones(registrar: Registrar, engine: Engine): void {
  registrar.onReachability((agentId, reachable) => {
    engine.agentReachable(agentId, reachable);
  });
}

function findAccount(configuration: Configuration, user: string) {
  const agent = configuration.agents.get(user);
  if (agent !== undefined)
    return { kind: 'agent', agentId: agent.id, secret: agent.secret } as const;
  for (const trunk of configuration.trunks.values()) {
    const digest = trunk.inbound?.digest;
    if (digest?.user === user) {
      return { kind: 'trunk', trunk: trunk.id, secret: digest.secret } as const;
    }
  }
  return undefined;
}

interface Parts {
  readonly needs: AppDependencies;
  readonly engine: Engine;
  readonly store: LinekeeperStore;
  readonly telephony: TelephonyAdapter;
  readonly sip: App['sip'];
  readonly api: App['api'];
  readonly http: HttpService;
  readonly opened: (() => Promise<void> | void)[];
}

function runningApp({ needs, engine, store, telephony, sip, api, http, opened }: Parts): App {
  return {
    sip,
    api,
    store,
    state: () => ({ engine: engine.state, telephony: telephony.state() }),
    configurationChanged: () => {
      engine.planChanged();
      http.configurationChanged();
    },
    drain: (limitMs) => {
      engine.drain();
      return untilQuiet(engine, needs.clock, limitMs);
    },
    stop: () => closeAll(opened, needs.log),
  };
}

function untilQuiet(engine: Engine, clock: Clock, limitMs: number): Promise<void> {
  const endsAt = clock.now() + limitMs;
  return new Promise((resolve) => {
    const look = () => {
      const { calls, callbacks } = engine.state;
      if (calls + callbacks === 0 || clock.now() >= endsAt) resolve();
      else clock.startTimer(DRAIN_LOOK_MS, look);
    };
    look();
  });
}

/** Closes in the opposite order of opening; one failure does not keep the others open. */
async function closeAll(opened: (() => Promise<void> | void)[], log: Log): Promise<void> {
  for (const close of opened.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      log.warn('closing failed', { error: String(error) });
    }
  }
}
