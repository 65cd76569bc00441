import type { Leg, Log } from './ports.ts';

type EndedBy = 'party' | 'us' | 'failure';

/** An agent's side of one conversation. */
export interface AgentLine {
  /** Tells once that the agent's side has ended; at once if it already has. */
  whenEnded(told: (by: EndedBy) => void): void;
  /** Joins customer and agent for talk. @throws CallFailure */
  join(customer: Leg): Promise<void>;
  /** The conversation is over, or does not come about. */
  letGo(): void;
}

/** A phone that was rung: hung up with the call. */
export class RungPhone implements AgentLine {
  readonly #leg: Leg;

  constructor(leg: Leg) {
    this.#leg = leg;
  }

  whenEnded(told: (by: EndedBy) => void): void {
    this.#leg.listen({ key: () => undefined, ended: told });
  }

  join(customer: Leg): Promise<void> {
    return customer.bridge(this.#leg);
  }

  letGo(): void {
    void this.#leg.hangUp();
  }
}

/** A line that an agent keeps open from call to call; listened to once for all of them. */
export class OpenLine {
  readonly leg: Leg;
  readonly #log: Log;
  #endedBy: EndedBy | undefined;
  #tellCall: (by: EndedBy) => void = () => undefined;
  #parted: Promise<void> = Promise.resolve();

  /** `closed` is told before the call that the line carries. */
  constructor(leg: Leg, log: Log, closed: (by: EndedBy) => void) {
    this.leg = leg;
    this.#log = log;
    leg.listen({
      key: () => undefined,
      ended: (by) => {
        this.#endedBy = by;
        closed(by);
        this.#tellCall(by);
      },
    });
  }

  /** A beep, and the line is there for a call. @throws CallFailure */
  async take(): Promise<AgentLine> {
    await this.#parted;
    await this.leg.play(['words/beep']);
    let joined = false;
    return {
      whenEnded: (told) => {
        if (this.#endedBy === undefined) this.#tellCall = told;
        else told(this.#endedBy);
      },
      join: (customer) => {
        joined = true;
        return customer.bridge(this.leg);
      },
      letGo: () => {
        if (joined && this.#endedBy === undefined) this.#part();
      },
    };
  }

  #part(): void {
    this.#parted = this.leg.unbridge().catch((error: unknown) => {
      this.#log.warn('open line was not parted', { error: String(error) });
    });
  }
}
