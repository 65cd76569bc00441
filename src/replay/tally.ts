import type { Ticket } from '../domain/callback/ticket.ts';
import type { EpochMs } from '../domain/ids.ts';
import { Waits } from './waits.ts';

/** What is counted in one run. Times in milliseconds. */
export class Tally {
  /** Calls that came in, redials included. */
  calls = 0;
  closed = 0;
  turnedAway = 0;
  /** Came in while the trunk or the process was down, or was cut off by it. */
  lost = 0;
  joined = 0;
  abandoned = 0;
  offered = 0;
  accepted = 0;
  registered = 0;
  numbersRefused = 0;
  attempts = 0;
  reached = 0;
  connected = 0;
  cancelled = 0;
  exhausted = 0;
  expired = 0;
  /** On the line or with a ticket when the run ended. */
  leftOver = 0;
  talkMs = 0;
  wrapUpMs = 0;
  /** Hold that callbacks took off the line: from the ticket to the talk. */
  savedMs = 0;
  /** Of holders who were answered, from joining the line to the talk. */
  readonly holdWaits = new Waits();
  /** Of customers who were called back, from joining the line to the talk. */
  readonly callbackWaits = new Waits();
  /** Of customers who pressed 1, until an agent's phone rings for them. */
  readonly agentWaits = new Waits();

  answered(waitMs: number): void {
    this.holdWaits.add(waitMs);
  }

  customerWaited(waitMs: number): void {
    this.agentWaits.add(waitMs);
  }

  ticketEnded({ state, registeredAt, origin }: Ticket, now: EpochMs): void {
    switch (state.name) {
      case 'connected':
        this.connected += 1;
        this.callbackWaits.add(now - origin.waitingSince);
        this.savedMs += now - registeredAt;
        return;
      case 'cancelled':
      case 'exhausted':
      case 'expired':
        this[state.name] += 1;
        return;
      case 'waiting':
      case 'dialling':
      case 'reached':
        return;
    }
  }
}
