import { DialFailure } from '../../../src/domain/call/failure.ts';
import type { E164 } from '../../../src/domain/ids.ts';
import type { Key } from '../../../src/domain/ivr/keys.ts';
import type { Clock, IncomingCall } from '../../../src/engine/ports.ts';
import { Random, seedOf } from '../../../src/replay/random.ts';
import { fictionalNumber, type People, type Subscriber } from './people.ts';
import type { Ear, SimulatedLeg } from './simulated-leg.ts';

/** Where a regular lives. */
export interface Town {
  readonly clock: Clock;
  readonly people: People;
  incoming(call: IncomingCall): void;
}

const MINUTE_MS = 60_000;
const DNIS = '+18005550100';
/** Of no other simulated people: 3,200 numbers, two for each regular. */
const AREA_CODES =
  '203 205 206 207 208 209 210 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254 256 260 262 267 269'.split(
    ' ',
  );
/** Ours, a premium number, one abroad that costs much, and none at all. */
const REFUSED = ['8005550100', '9005550123', '8765550123', '1115550123'];
const MOST_CALLS = 6;
const PATIENCE_SECONDS = 500;

/** Chances of the keys at a question; what is left to 1 is silence. */
type Keys = readonly (readonly [Key, number])[];
const AT_REPEAT: Keys = [
  ['1', 0.15],
  ['2', 0.2],
  ['3', 0.12],
  ['4', 0.13],
  ['5', 0.14],
  ['6', 0.14],
  ['7', 0.03],
];
const AT: Readonly<Record<string, Keys>> = {
  'prompts/main-menu': [
    ['1', 0.5],
    ['2', 0.5],
  ],
  'prompts/offer-use-ani-keys': [
    ['1', 0.65],
    ['2', 0.2],
  ],
  'prompts/slot-keys': [
    ['1', 0.6],
    ['2', 0.35],
  ],
  'prompts/confirm-number-keys': [
    ['1', 0.85],
    ['2', 0.1],
  ],
  'prompts/repeat-keys': AT_REPEAT,
};
const AT_CALLBACK: Keys = [
  ['1', 0.8],
  ['2', 0.06],
  ['3', 0.05],
];
const OFFER_KEY: Key = '2';

/**
 * Somebody with two telephones who calls again and again: on hold they press the key of the offer; with a
 * ticket they keep, change and cancel it; after a missed callback they call at once, or too late.
 */
export class Regular implements Subscriber {
  readonly home: E164;
  readonly away: E164;
  readonly isTty: boolean;
  readonly #random: Random;
  readonly #town: Town;
  /** Chance of a second call at once, from another telephone of the same number. */
  readonly #twinCalls: number;
  #callsLeft: number;

  constructor(town: Town, seed: number, index: number, twinCalls: number) {
    this.#twinCalls = twinCalls;
    this.home = fictionalNumber(2 * index, AREA_CODES);
    this.away = fictionalNumber(2 * index + 1, AREA_CODES);
    this.#random = new Random(seedOf(seed, index));
    this.isTty = this.#random.chance(0.04);
    this.#callsLeft = 1 + this.#random.below(MOST_CALLS);
    this.#town = town;
    for (const number of [this.home, this.away]) town.people.subscribe(number, this);
  }

  /** Dials after a while; sometimes from both of two telephones with one number. */
  callLater(afterMs: number): void {
    if (this.#callsLeft <= 0) return;
    this.#callsLeft -= 1;
    this.#town.clock.startTimer(afterMs, () => {
      const from = this.#random.chance(0.85) ? this.home : this.away;
      this.#call(from);
      if (this.#random.chance(this.#twinCalls)) this.#call(from);
    });
  }

  #call(from: E164): void {
    const { people } = this.#town;
    this.#town.incoming(people.callerWith((leg) => this.#callerEar(leg), this, from, DNIS));
  }

  #callerEar(leg: SimulatedLeg): Ear {
    let wantsOffer = this.#random.chance(0.6);
    const patienceMs = this.#random.exponential(PATIENCE_SECONDS) * 1000;
    this.#after(patienceMs, () => {
      if (leg.peer === undefined) leg.end('party');
    });
    leg.listen({
      key: () => undefined,
      ended: () => {
        this.callLater(this.#random.exponential(6) * MINUTE_MS);
      },
    });
    return {
      bridged: () => undefined,
      ended: () => undefined,
      heard: (sound) => {
        if (sound === 'music' && wantsOffer) {
          wantsOffer = this.#random.chance(0.2);
          this.#after(this.#random.exponential(20) * 1000, () => {
            leg.press(OFFER_KEY);
          });
        } else if (sound === 'prompts/key-number' || sound === 'prompts/offer-no-ani') {
          this.#press(leg, this.#number());
        } else this.#choose(leg, AT[sound] ?? []);
      },
    };
  }

  /** A telephone of theirs, or one that may not be called, or too few digits. */
  #number(): string {
    const dice = this.#random.unit();
    if (dice < 0.4) return this.away.slice(2);
    if (dice < 0.6) return this.home.slice(2);
    if (dice < 0.9) return REFUSED[this.#random.below(REFUSED.length)] ?? '';
    return '555#';
  }

  answer(leg: SimulatedLeg): DialFailure | Ear {
    const dice = this.#random.unit();
    if (dice < 0.3) {
      // Who comes home and sees that somebody called calls back; some do after the grace.
      this.#callsLeft += 1;
      this.callLater(this.#random.exponential(15) * MINUTE_MS);
      return dice < 0.22 ? new DialFailure('noAnswer') : new DialFailure('busy', 486);
    }
    if (dice < 0.33) return new DialFailure('congestion', 503);
    return {
      bridged: () => undefined,
      ended: () => undefined,
      heard: (sound) => {
        if (sound === 'prompts/callback-keys') this.#choose(leg, AT_CALLBACK);
        if (sound === 'prompts/callback-later-ask') this.#choose(leg, [['1', 0.8]]);
      },
    };
  }

  #choose(leg: SimulatedLeg, keys: Keys): void {
    if (keys.length === 0) return;
    let dice = this.#random.unit();
    const chosen = keys.find(([, chance]) => {
      dice -= chance;
      return dice < 0;
    });
    if (chosen !== undefined) this.#press(leg, chosen[0]);
  }

  #press(leg: SimulatedLeg, keys: string): void {
    keys.split('').forEach((key, index) => {
      this.#after(1_000 + 300 * index, () => {
        leg.press(key as Key);
      });
    });
  }

  #after(afterMs: number, action: () => void): void {
    this.#town.clock.startTimer(afterMs, action);
  }
}
