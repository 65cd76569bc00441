import type { AgentId } from '../../../src/domain/ids.ts';
import type { PhoneStore, RegisteredPhone, Registration } from '../../../src/engine/phones.ts';
import type { Clock, Log } from '../../../src/engine/ports.ts';
import { parseChallenge } from '../../../src/protocol/digest/challenge.ts';
import { answerChallenge, formatCredentials } from '../../../src/protocol/digest/credentials.ts';
import type { Account } from '../../../src/registrar/authenticator.ts';

export const REALM = 'linekeeper.example';
export const REQUEST_URI = `sip:${REALM}`;
const SECRET = 'correct horse';

/** Time that passes when a test says so; timers fire on the way, in order. */
export class ManualClock implements Clock {
  #now = 1_764_000_000_000;
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();

  now(): number {
    return this.#now;
  }

  startTimer(afterMs: number, action: () => void): () => void {
    const timer = { at: this.#now + afterMs, action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = due.at;
      due.action();
    }
    this.#now = end;
  }
}

/** Keeps phones in memory; can be told to fail. */
export class MemoryPhoneStore implements PhoneStore {
  readonly kept = new Map<AgentId, readonly RegisteredPhone[]>();
  failing = false;

  async phones(): Promise<ReadonlyMap<AgentId, readonly RegisteredPhone[]>> {
    return new Map(this.kept);
  }

  async replacePhones(agentId: AgentId, phones: readonly RegisteredPhone[]): Promise<void> {
    if (this.failing) throw new Error('the disk is full');
    if (phones.length === 0) this.kept.delete(agentId);
    else this.kept.set(agentId, phones);
  }
}

export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export function findAccount(user: string): Account | undefined {
  if (user === 'anna' || user === 'ben') return { kind: 'agent', agentId: user, secret: SECRET };
  if (user === 'carrier') return { kind: 'trunk', trunk: 'main', secret: SECRET };
  return undefined;
}

export interface Answer {
  readonly user?: string;
  readonly password?: string;
  readonly method?: string;
  readonly uri?: string;
  readonly count?: number;
}

/** What a phone sends in Authorization after a challenge. */
export function answerTo(challenge: string, answer: Answer = {}): string {
  const { user = 'anna', password = SECRET, method = 'REGISTER' } = answer;
  const { uri = REQUEST_URI, count = 1 } = answer;
  return formatCredentials(
    answerChallenge(
      parseChallenge(challenge),
      { username: user, password },
      { method, uri },
      { clientNonce: 'c1', count },
    ),
  );
}

/** A REGISTER with one contact, with what a test wants different. */
export function registrationOf(changes: Partial<Registration> = {}): Registration {
  return {
    contacts: ['<sip:anna@127.0.0.1:5070>'],
    expiresSeconds: 600,
    callId: 'register-1',
    cseq: 1,
    source: { protocol: 'udp', address: '127.0.0.1', port: 5070 },
    ...changes,
  };
}
