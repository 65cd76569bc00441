import type { AgentId } from '../domain/ids.ts';
import type {
  PhoneDirectory,
  PhoneStore,
  RegisteredPhone,
  Registration,
  RegistrationResult,
} from '../engine/phones.ts';
import type { Clock, Log } from '../engine/ports.ts';
import type { DigestAlgorithm } from '../protocol/digest/challenge.ts';
import { type Account, Authenticator } from './authenticator.ts';
import { applyRegistration, type BindingLimits, formatContact } from './bindings.ts';
import { type FailureLimitOptions } from './failure-limits.ts';

export interface RegistrarOptions {
  readonly realm: string;
  /** From the configuration as it is now. */
  readonly findAccount: (user: string) => Account | undefined;
  readonly store: PhoneStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Default `MD5`: many phones answer nothing else. */
  readonly algorithm?: DigestAlgorithm | undefined;
  readonly nonceLifetimeMs?: number | undefined;
  readonly failureLimits?: Partial<FailureLimitOptions> | undefined;
  readonly bindingLimits?: Partial<BindingLimits> | undefined;
}

/** Called when an agent's first phone appears, and when the last one goes. */
type ReachabilityListener = (agentId: AgentId, reachable: boolean) => void;

/** Where agents' phones are, kept over a restart. */
export interface Registrar extends PhoneDirectory {
  /** The listener is told at once of agents that are reachable already. */
  onReachability(listener: ReachabilityListener): void;
  /** Ends its timers. */
  close(): void;
}

const NONCE_LIFETIME_MS = 5 * 60_000;
const FAILURE_LIMITS: FailureLimitOptions = {
  windowMs: 60_000,
  perSource: 30,
  perUser: 30,
  perPair: 10,
  maxEntries: 10_000,
};
const BINDING_LIMITS: BindingLimits = {
  minExpiresSeconds: 30,
  maxExpiresSeconds: 3_600,
  maxPhones: 10,
};
/** REGISTERs of one agent that may wait for the store. */
const MAX_WAITING = 20;

/** Starts with the phones that are stored. @throws StoreFailure */
export async function createRegistrar(options: RegistrarOptions): Promise<Registrar> {
  const registrar = new StoredRegistrar(options);
  await registrar.load();
  return registrar;
}

class StoredRegistrar implements Registrar {
  readonly #options: RegistrarOptions;
  readonly #limits: BindingLimits;
  readonly #authenticator: Authenticator;
  readonly #phones = new Map<AgentId, readonly RegisteredPhone[]>();
  readonly #cancelExpiry = new Map<AgentId, () => void>();
  readonly #listeners: ReachabilityListener[] = [];
  /** What is being done for each agent, one after another. */
  readonly #work = new Map<AgentId, { last: Promise<unknown>; waiting: number }>();

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#limits = { ...BINDING_LIMITS, ...options.bindingLimits };
    this.#authenticator = new Authenticator({
      realm: options.realm,
      findAccount: options.findAccount,
      algorithm: options.algorithm ?? 'MD5',
      nonceLifetimeMs: options.nonceLifetimeMs ?? NONCE_LIFETIME_MS,
      failureLimits: { ...FAILURE_LIMITS, ...options.failureLimits },
      now: () => options.clock.now(),
      log: options.log,
    });
  }

  async load(): Promise<void> {
    for (const [agentId, phones] of await this.#options.store.phones()) {
      this.#replace(agentId, phones.filter(this.#isCurrent));
    }
  }

  authenticate(...[request]: Parameters<PhoneDirectory['authenticate']>) {
    return this.#authenticator.authenticate(request);
  }

  register(agentId: AgentId, registration: Registration): Promise<RegistrationResult> {
    const waiting = this.#work.get(agentId)?.waiting ?? 0;
    if (waiting >= MAX_WAITING) return Promise.resolve({ status: 500 });
    return this.#oneByOne(agentId, () => this.#register(agentId, registration));
  }

  contacts(agentId: AgentId): readonly RegisteredPhone[] {
    return (this.#phones.get(agentId) ?? []).filter(this.#isCurrent);
  }

  onReachability(listener: ReachabilityListener): void {
    this.#listeners.push(listener);
    for (const agentId of this.#phones.keys()) listener(agentId, true);
  }

  close(): void {
    for (const cancel of this.#cancelExpiry.values()) cancel();
    this.#cancelExpiry.clear();
  }

  async #register(agentId: AgentId, registration: Registration): Promise<RegistrationResult> {
    const now = this.#options.clock.now();
    const update = applyRegistration(this.contacts(agentId), registration, this.#limits, now);
    if (update.status === 423) {
      return { status: 423, minExpiresSeconds: this.#limits.minExpiresSeconds };
    }
    if (update.status !== 200) return { status: update.status };
    if (update.changed) {
      if (!(await this.#keep(agentId, update.phones))) return { status: 500 };
      this.#replace(agentId, update.phones);
    }
    return { status: 200, contacts: update.phones.map((phone) => formatContact(phone, now)) };
  }

  /** Whether the store has them now. */
  async #keep(agentId: AgentId, phones: readonly RegisteredPhone[]): Promise<boolean> {
    try {
      await this.#options.store.replacePhones(agentId, phones);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.error('phones could not be stored', { agentId, reason });
      return false;
    }
  }

  /** Takes over an agent's phones, waits for the first to expire, and tells what changed. */
  #replace(agentId: AgentId, phones: readonly RegisteredPhone[]): void {
    const before = this.#phones.has(agentId);
    const after = phones.length > 0;
    this.#cancelExpiry.get(agentId)?.();
    this.#cancelExpiry.delete(agentId);
    if (after) {
      this.#phones.set(agentId, phones);
      const next = Math.min(...phones.map(({ expiresAt }) => expiresAt));
      const afterMs = Math.max(0, next - this.#options.clock.now());
      const cancel = this.#options.clock.startTimer(afterMs, () => this.#expire(agentId));
      this.#cancelExpiry.set(agentId, cancel);
    } else {
      this.#phones.delete(agentId);
    }
    if (before !== after) for (const listener of this.#listeners) listener(agentId, after);
  }

  #expire(agentId: AgentId): void {
    const done = this.#oneByOne(agentId, async () => {
      const phones = this.contacts(agentId);
      const changed = phones.length !== this.#phones.get(agentId)?.length;
      this.#replace(agentId, phones);
      if (changed) await this.#keep(agentId, phones);
    });
    done.catch((error: unknown) => {
      this.#options.log.error('a phone could not be expired', { agentId, reason: String(error) });
    });
  }

  /** Does one thing for an agent at a time. */
  async #oneByOne<T>(agentId: AgentId, action: () => Promise<T>): Promise<T> {
    const work = this.#work.get(agentId) ?? { last: Promise.resolve(), waiting: 0 };
    this.#work.set(agentId, work);
    work.waiting += 1;
    const mine = work.last.then(action);
    work.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      work.waiting -= 1;
      if (work.waiting === 0) this.#work.delete(agentId);
    }
  }

  readonly #isCurrent = (phone: RegisteredPhone): boolean =>
    phone.expiresAt > this.#options.clock.now();
}
