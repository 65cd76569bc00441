import type { Ticket } from '../../domain/callback/ticket.ts';
import type { E164, QueueId } from '../../domain/ids.ts';
import type { MessageSettings, TextOccasion } from '../../domain/notification/settings.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import type { Fetch } from '../outgoing/post.ts';
import type { HttpStore } from '../ports.ts';
import { httpProvider } from './http-provider.ts';
import { logProvider } from './log-provider.ts';
import type { MessageProvider, TextMessage } from './provider.ts';
import { type Understood, understand } from './received.ts';
import { occasionOf, textFor } from './wording.ts';

/** Messages on their way at once; those above it are dropped. */
const MAX_WAITING = 1_000;
/** Pauses between the tries of a message that the provider did not take. */
const PAUSES_MS = [5_000, 60_000] as const;

export interface TextMessageNeeds {
  /** In force now. */
  readonly settings: () => MessageSettings;
  readonly store: HttpStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch: Fetch;
  readonly timeZoneOf: (queue: QueueId) => string;
}

/**
 * Texts to customers. A help, not a promise: a message that is on its way when the program stops is
 * lost. Nobody who answered STOP gets one; where that cannot be told, nothing is sent either.
 */
export class TextMessages {
  readonly #needs: TextMessageNeeds;
  readonly #stopping = new AbortController();
  readonly #cancels = new Set<() => void>();
  #waiting = 0;

  constructor(needs: TextMessageNeeds) {
    this.#needs = needs;
  }

  /** Texts the customer if this change of their ticket is one to be told. Never throws. */
  ticketChanged(before: Ticket | undefined, after: Ticket): void {
    const provider = this.#provider();
    const occasion = occasionOf(before, after);
    if (provider === undefined || occasion === undefined) return;
    const { settings, timeZoneOf, log } = this.#needs;
    const text = textFor(occasion, after, settings(), timeZoneOf(after.queue));
    if (text === undefined) return;
    if (this.#waiting >= MAX_WAITING) {
      log.error('text message: dropped, too many are waiting', { ticket: after.id, occasion });
      return;
    }
    this.#waiting += 1;
    void this.#send(provider, occasion, { to: after.number, text, reference: after.id });
  }

  /** Takes a text that a customer sent: STOP and START are kept. @throws StoreFailure */
  async receive(message: { readonly from: E164; readonly text: string }): Promise<Understood> {
    const understood = understand(message.text);
    if (understood === 'nothing') return understood;
    const { store, clock } = this.#needs;
    const out = understood === 'stop';
    await store.commit([{ kind: 'optOut', number: message.from, out, at: clock.now() }]);
    return understood;
  }

  /** Messages on their way. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Cuts off what is under way. */
  stop(): void {
    this.#stopping.abort();
    for (const cancel of this.#cancels) cancel();
    if (this.#waiting > 0) {
      this.#needs.log.warn('text message: some were not sent', { lost: this.#waiting });
    }
  }

  #provider(): MessageProvider | undefined {
    const { settings, log } = this.#needs;
    const { provider, http } = settings();
    if (this.#stopping.signal.aborted || provider === 'off') return undefined;
    if (provider === 'log') return logProvider(log);
    if (http === undefined) return undefined;
    return httpProvider(http, { ...this.#needs, stopping: this.#stopping.signal });
  }

  async #send(
    provider: MessageProvider,
    occasion: TextOccasion,
    message: TextMessage,
  ): Promise<void> {
    const { log } = this.#needs;
    const fields = { ticket: message.reference, occasion, provider: provider.name };
    try {
      const outcome = await this.#tryAll(provider, message);
      if (outcome === 'optedOut') log.debug('text message: the customer wants none', fields);
      else if (outcome === 'taken') log.info('text message: taken by the provider', fields);
      else log.warn('text message: not sent', fields);
    } catch (error) {
      log.error('text message: not sent', { ...fields, error: String(error) });
    } finally {
      this.#waiting -= 1;
    }
  }

  async #tryAll(
    provider: MessageProvider,
    message: TextMessage,
  ): Promise<'optedOut' | 'taken' | 'refused' | 'later'> {
    for (const pauseMs of [0, ...PAUSES_MS]) {
      if (pauseMs > 0) await this.#pause(pauseMs);
      // Asked before each try: they may have answered STOP meanwhile.
      if (await this.#needs.store.hasOptedOut(message.to)) return 'optedOut';
      const handed = await provider.send(message);
      if (handed !== 'later') return handed;
    }
    return 'later';
  }

  #pause(pauseMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#needs.clock.startTimer(pauseMs, () => {
        this.#cancels.delete(cancel);
        resolve();
      });
      this.#cancels.add(cancel);
    });
  }
}
