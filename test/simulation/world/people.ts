import { DialFailure } from '../../../src/domain/call/failure.ts';
import type { E164 } from '../../../src/domain/ids.ts';
import type { Key } from '../../../src/domain/ivr/keys.ts';
import type { Clock, IncomingCall, Leg } from '../../../src/engine/ports.ts';
import type { Random } from '../../../src/replay/random.ts';
import { type Ear, SimulatedLeg } from './simulated-leg.ts';

/** What makes people what they are in a scenario; shares are probabilities. */
export interface Temper {
  readonly patienceSeconds: number;
  readonly talkSeconds: number;
  readonly takesCallback: number;
  readonly anonymous: number;
  readonly keysAnotherNumber: number;
  readonly busy: number;
  readonly noAnswer: number;
  readonly machine: number;
  readonly choosesLater: number;
  readonly choosesCancel: number;
  readonly hangsUpAtOnce: number;
  readonly congestion: number;
  readonly agentMisses: number;
  /** Either side hangs up within moments of being joined, or just before. */
  readonly hangsUpAtJoining: number;
  readonly mediaFails: number;
}

/** Somebody whose telephones ring by a will of their own. */
export interface Subscriber {
  /** How this call to them ends; an ear if they take it. */
  answer(leg: SimulatedLeg): DialFailure | Ear;
  readonly isTty: boolean;
}

/** How long the media server takes for a command. */
const COMMAND_MS = 20;
/** A hang-up within this time of an agent's answer falls before, into or just after the joining. */
const JOINING_MS = 60;
const AREA_CODES = ['202', '212', '303', '404', '512', '617', '702', '808'];

/** Numbers of simulated people: kept for fiction, so nobody real is ever meant. */
export function fictionalNumber(index: number, areaCodes = AREA_CODES): E164 {
  return `+1${areaCodes[Math.floor(index / 100) % areaCodes.length] ?? '202'}55501${String(index % 100).padStart(2, '0')}`;
}

/** Makes callers, customers and agents who behave by chance. */
export class People {
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #temper: Temper;
  readonly #live = new Set<SimulatedLeg>();
  /** Calls going out that nobody has answered yet: what makes each fail. */
  readonly #ringing = new Set<() => void>();
  readonly #subscribers = new Map<E164, Subscriber>();

  constructor(random: Random, clock: Clock, temper: Temper) {
    this.#random = random;
    this.#clock = clock;
    this.#temper = temper;
  }

  get live(): ReadonlySet<SimulatedLeg> {
    return this.#live;
  }

  /** Every leg at once, those that still ring too, as when the media server dies. */
  loseAllLegs(): void {
    for (const fail of this.#ringing) fail();
    for (const leg of this.#live) leg.end('failure');
  }

  /** Calls to the number are theirs from now on. */
  subscribe(number: E164, subscriber: Subscriber): void {
    this.#subscribers.set(number, subscriber);
  }

  /** Somebody with an ear of their own calls in. */
  callerWith(
    ear: (leg: SimulatedLeg) => Ear,
    { isTty }: Pick<Subscriber, 'isTty'>,
    ani: E164,
    dialled: E164,
  ): IncomingCall {
    const leg = this.#leg('caller', false, isTty);
    leg.ear = ear(leg);
    return this.#incoming(leg, { kind: 'trunk', trunk: 'simulated' }, dialled, ani);
  }

  /** A new caller. */
  caller(index: number, dialled: string): IncomingCall {
    const leg = this.#leg('caller', false);
    this.#beCaller(leg, index);
    const anonymous = this.#random.chance(this.#temper.anonymous);
    const ani = anonymous ? undefined : fictionalNumber(index);
    return this.#incoming(leg, { kind: 'trunk', trunk: 'simulated' }, dialled, ani);
  }

  #incoming(
    leg: SimulatedLeg,
    origin: IncomingCall['origin'],
    dialled: string,
    ani: string | undefined,
  ): IncomingCall {
    return {
      origin,
      dialled,
      ani,
      cancelled: new AbortController().signal,
      answer: () => Promise.resolve(leg),
      reject: () => {
        leg.end('us');
        return Promise.resolve();
      },
    };
  }

  /** A customer called back; resolves or rejects after ringing. */
  customer(number: E164, signal: AbortSignal, ringSeconds: number): Promise<Leg> {
    const subscriber = this.#subscribers.get(number);
    if (subscriber !== undefined) return this.#subscriber(subscriber, signal, ringSeconds);
    const temper = this.#temper;
    const dice = this.#random.unit();
    if (dice < temper.busy) return this.#after(2, new DialFailure('busy', 486), signal);
    if (dice < temper.busy + temper.noAnswer) {
      return this.#after(ringSeconds, new DialFailure('noAnswer'), signal);
    }
    if (dice < temper.busy + temper.noAnswer + temper.congestion) {
      return this.#after(1, new DialFailure('congestion', 503), signal);
    }
    const leg = this.#leg('customer', this.#random.chance(temper.machine));
    this.#beCustomer(leg);
    return this.#after(this.#random.between(3, ringSeconds), leg, signal);
  }

  #subscriber(subscriber: Subscriber, signal: AbortSignal, ringSeconds: number): Promise<Leg> {
    const leg = this.#leg('customer', false, subscriber.isTty);
    const answer = subscriber.answer(leg);
    if (answer instanceof DialFailure) {
      this.#live.delete(leg);
      const seconds = answer.dialCause === 'noAnswer' ? ringSeconds : 2;
      return this.#after(seconds, answer, signal);
    }
    leg.ear = answer;
    return this.#after(this.#random.between(3, ringSeconds), leg, signal);
  }

  /** An agent's phone. */
  agent(signal: AbortSignal, ringSeconds: number): Promise<Leg> {
    if (this.#random.chance(this.#temper.agentMisses)) {
      return this.#after(ringSeconds, new DialFailure('noAnswer'), signal);
    }
    const leg = this.#leg('agent', false);
    this.#beAgent(leg, 0.5);
    const answered = this.#after(this.#random.between(1, 6), leg, signal);
    if (this.#random.chance(this.#temper.hangsUpAtJoining)) {
      answered.then(() => this.#hangUpSoon(leg)).catch(() => undefined);
    }
    return answered;
  }

  /** An agent's phone dials a short code. */
  shortCode(agentId: string, dialled: string): IncomingCall {
    const leg = this.#leg('agent', false);
    this.#beAgent(leg, 0.1);
    return this.#incoming(leg, { kind: 'agent', agentId }, dialled, undefined);
  }

  /** Talks for a while; `hangsUp` is the chance that it is the agent who ends it. */
  #beAgent(leg: SimulatedLeg, hangsUp: number): void {
    leg.ear = {
      heard: () => undefined,
      ended: () => undefined,
      bridged: (other) => {
        const talkMs = this.#random.exponential(this.#temper.talkSeconds) * 1000;
        this.#clock.startTimer(talkMs, () => {
          if (leg.peer === other) (this.#random.chance(hangsUp) ? leg : other).end('party');
        });
      },
    };
  }

  /** About when the agent answers. */
  #hangUpAfterRinging(leg: SimulatedLeg): void {
    this.#hangUpAfter(leg, this.#random.between(1_000, 6_000));
  }

  #hangUpAfter(leg: SimulatedLeg, afterMs: number): void {
    this.#clock.startTimer(afterMs, () => {
      this.#hangUpSoon(leg);
    });
  }

  #hangUpSoon(leg: SimulatedLeg): void {
    this.#clock.startTimer(this.#random.between(0, JOINING_MS), () => {
      leg.end('party');
    });
  }

  #leg(kind: SimulatedLeg['who']['kind'], isMachine: boolean, isTty = false): SimulatedLeg {
    const fails = () => this.#random.chance(this.#temper.mediaFails);
    const leg = new SimulatedLeg({ kind, isMachine, isTty }, this.#clock, fails, COMMAND_MS);
    this.#live.add(leg);
    leg.listen({ key: () => undefined, ended: () => this.#live.delete(leg) });
    return leg;
  }

  #after(seconds: number, outcome: SimulatedLeg | DialFailure, signal: AbortSignal): Promise<Leg> {
    return new Promise((resolve, reject) => {
      const over = (): void => {
        cancel();
        this.#ringing.delete(lose);
        signal.removeEventListener('abort', withdraw);
      };
      const fail = (failure: DialFailure): void => {
        over();
        if (outcome instanceof SimulatedLeg) this.#live.delete(outcome);
        reject(failure);
      };
      const lose = (): void => fail(new DialFailure('ourFailure'));
      const withdraw = (): void => fail(new DialFailure('withdrawn'));
      const cancel = this.#clock.startTimer(seconds * 1000, () => {
        if (!(outcome instanceof SimulatedLeg)) return fail(outcome);
        over();
        resolve(outcome);
      });
      this.#ringing.add(lose);
      signal.addEventListener('abort', withdraw, { once: true });
      if (signal.aborted) withdraw();
    });
  }

  #beCaller(leg: SimulatedLeg, index: number): void {
    const random = this.#random;
    const takes = random.chance(this.#temper.takesCallback);
    const another = random.chance(this.#temper.keysAnotherNumber);
    const patienceMs = random.exponential(this.#temper.patienceSeconds) * 1000;
    this.#clock.startTimer(patienceMs, () => {
      if (leg.peer === undefined) leg.end('party');
    });
    const press = (...keys: Key[]) => {
      this.#press(leg, keys);
    };
    leg.ear = {
      bridged: () => undefined,
      ended: () => undefined,
      heard: (sound) => {
        if (sound === 'prompts/main-menu') press(random.chance(0.5) ? '1' : '2');
        if (sound === 'prompts/offer-use-ani-keys' && takes) {
          press(another ? '2' : '1');
          if (random.chance(this.#temper.hangsUpAtJoining)) this.#hangUpAfter(leg, 1_000);
        }
        if ((sound === 'prompts/key-number' || sound === 'prompts/offer-no-ani') && takes) {
          const digits = fictionalNumber(index + 7).slice(2);
          const wrong = random.chance(0.2);
          // A whole number is judged at its last digit: a pound sign after it would be an answer.
          press(...((wrong ? `${digits.slice(3)}#` : digits).split('') as Key[]));
        }
        if (sound === 'prompts/connecting' && random.chance(this.#temper.hangsUpAtJoining)) {
          this.#hangUpAfterRinging(leg);
        }
        if (sound === 'prompts/confirm-number-keys') press(random.chance(0.9) ? '1' : '2');
      },
    };
  }

  #beCustomer(leg: SimulatedLeg): void {
    const { choosesCancel, choosesLater, hangsUpAtOnce } = this.#temper;
    const dice = this.#random.unit();
    leg.ear = {
      bridged: () => undefined,
      ended: () => undefined,
      heard: (sound) => {
        if (sound === 'prompts/callback-wait') {
          if (this.#random.chance(this.#temper.hangsUpAtJoining)) this.#hangUpAfterRinging(leg);
        }
        if (sound !== 'prompts/callback-keys') return;
        if (leg.who.isMachine) {
          this.#clock.startTimer(60_000, () => {
            leg.end('party');
          });
        } else if (dice < hangsUpAtOnce) leg.end('party');
        else if (dice < hangsUpAtOnce + choosesLater) this.#press(leg, ['2']);
        else if (dice < hangsUpAtOnce + choosesLater + choosesCancel) this.#press(leg, ['3']);
        else this.#press(leg, ['1']);
      },
    };
  }

  #press(leg: SimulatedLeg, keys: readonly Key[]): void {
    keys.forEach((key, index) => {
      this.#clock.startTimer(1_000 + 300 * index, () => {
        leg.press(key);
      });
    });
  }
}
