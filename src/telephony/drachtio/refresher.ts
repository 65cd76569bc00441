import type { Clock } from '../../engine/ports.ts';
import { giveUpAfterMs, refreshAfterMs, type SessionTimer } from '../session-timer.ts';

/** What came of a refresh. */
export type Refreshed =
  | { readonly result: 'refreshed'; readonly timer: SessionTimer }
  /** Not now; once more after a pause, perhaps with another interval. */
  | { readonly result: 'later'; readonly afterMs: number; readonly intervalSeconds?: number }
  | { readonly result: 'gone' };

/** More tries in a row than a party with good intentions needs. */
const MAX_TRIES = 10;

/**
 * The clockwork of a session timer: sends the refreshes if they are ours, and reports a session
 * that nobody refreshed.
 */
export class Refresher {
  readonly #clock: Clock;
  readonly #send: (intervalSeconds: number) => Promise<Refreshed>;
  readonly #expired: () => void;
  #cancel = (): void => undefined;
  /** Changes with each start and stop, so that a refresh under way knows it was overtaken. */
  #turn = 0;

  constructor(
    clock: Clock,
    send: (intervalSeconds: number) => Promise<Refreshed>,
    expired: () => void,
  ) {
    this.#clock = clock;
    this.#send = send;
    this.#expired = expired;
  }

  /** Counts from now on by `timer`, in place of what was agreed before. */
  start(timer: SessionTimer): void {
    this.stop();
    const turn = this.#turn;
    if (!timer.weRefresh) {
      this.#cancel = this.#clock.startTimer(giveUpAfterMs(timer), () => this.#expired());
      return;
    }
    this.#schedule(turn, refreshAfterMs(timer), timer.intervalSeconds, 1);
  }

  stop(): void {
    this.#turn += 1;
    this.#cancel();
  }

  #schedule(turn: number, afterMs: number, intervalSeconds: number, tries: number): void {
    this.#cancel = this.#clock.startTimer(afterMs, () => {
      void this.#refresh(turn, intervalSeconds, tries);
    });
  }

  async #refresh(turn: number, intervalSeconds: number, tries: number): Promise<void> {
    const outcome = await this.#send(intervalSeconds);
    if (turn !== this.#turn) return;
    if (outcome.result === 'refreshed') this.start(outcome.timer);
    else if (outcome.result === 'gone' || tries >= MAX_TRIES) this.#expired();
    else {
      const seconds = outcome.intervalSeconds ?? intervalSeconds;
      this.#schedule(turn, outcome.afterMs, seconds, tries + 1);
    }
  }
}
