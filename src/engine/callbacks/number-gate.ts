import type { CallId, E164, EpochMs, TicketId } from '../../domain/ids.ts';
import {
  type Admission,
  admitDialling,
  admitRegistration,
  type Dialling,
  NO_USE,
  type Registration,
  useAt,
  withDialling,
  withRegistration,
} from '../../domain/numbering/ceilings.ts';
import { checkCallbackNumber } from '../../domain/numbering/check.ts';
import type { NumberPolicy, NumberRule } from '../../domain/numbering/policy.ts';
import { whereaboutsOf } from '../../domain/numbering/whereabouts.ts';
import type { LedgerFact, NumbersUsed } from '../ports.ts';

/** A callback that is asked for. */
export interface AskedCallback {
  /** As given: an ANI, or digits that were keyed. */
  readonly number: string;
  /** Of who asks; undefined if it was withheld or a program asks. */
  readonly ani: string | undefined;
  /** What the ledger tells a refusal of. */
  readonly about: CallId | TicketId;
}

/** A customer about to be called. */
export interface AttemptedCallback {
  readonly number: E164;
  readonly about: TicketId;
}

/** Whether a number passed; a refusal comes with what the ledger is to say of it. */
export type GateAnswer =
  | { readonly ok: true; readonly number: E164 }
  | {
      readonly ok: false;
      readonly rule: NumberRule;
      /** The ceilings' rules alone: when there may be room again. Any other refusal stands. */
      readonly notBefore: EpochMs | undefined;
      /** `numberRefused` with its rule and stage, and without the number. */
      readonly fact: LedgerFact;
    };

/**
 * Every number passes here twice: when a callback to it is asked for, and before each call, since
 * the policy may have changed meanwhile. Counts what it lets pass, in memory; after a restart what the
 * store knows of it is counted again.
 */
export class NumberGate {
  readonly #policy: () => NumberPolicy;
  readonly #keyOf: (number: string) => string;
  #use = NO_USE;

  /** `keyOf` makes of a number what it is counted under, such as a keyed hash. */
  constructor(policy: () => NumberPolicy, keyOf: (number: string) => string) {
    this.#policy = policy;
    this.#keyOf = keyOf;
  }

  /** A registration counts against the ceilings as soon as it passes. */
  atRegistration({ number: raw, ani, about }: AskedCallback, now: EpochMs): GateAnswer {
    const policy = this.#policy();
    const check = checkCallbackNumber(raw, policy);
    if (!check.ok) return refused(check.rule, undefined, 'registration', about, now);
    this.#use = useAt(this.#use, now);
    const asked = this.#registration(check.number, ani);
    const admission = admitRegistration(this.#use, asked, policy.ceilings, now);
    return this.#answer(admission, check.number, 'registration', about, now);
  }

  /** A call counts against the ceilings, and its cost, as soon as it passes. */
  beforeDialling({ number, about }: AttemptedCallback, now: EpochMs): GateAnswer {
    const policy = this.#policy();
    const check = checkCallbackNumber(number, policy);
    if (!check.ok) return refused(check.rule, undefined, 'dialling', about, now);
    this.#use = useAt(this.#use, now);
    const call = this.#dialling(number, policy);
    const admission = admitDialling(this.#use, call, policy.ceilings, now);
    return this.#answer(admission, number, 'dialling', about, now);
  }

  /** Counts what was asked for and called before a restart. */
  recall({ registrations, attempts }: NumbersUsed): void {
    const policy = this.#policy();
    for (const { number, caller, at } of registrations) {
      const asked = this.#registration(number, caller);
      this.#use = withRegistration(this.#use, asked, at);
    }
    for (const { number, at } of attempts) {
      this.#use = withDialling(this.#use, this.#dialling(number, policy), policy.ceilings, at);
    }
  }

  #registration(number: string, ani: string | undefined): Registration {
    const caller = ani === undefined ? undefined : this.#keyOf(ani);
    return { number: this.#keyOf(number), caller };
  }

  #dialling(number: E164, policy: NumberPolicy): Dialling {
    return { number: this.#keyOf(number), region: whereaboutsOf(number, policy)?.region };
  }

  #answer(
    admission: Admission,
    number: E164,
    stage: Stage,
    about: string,
    now: EpochMs,
  ): GateAnswer {
    if (!admission.ok) return refused(admission.rule, admission.notBefore, stage, about, now);
    this.#use = admission.use;
    return { ok: true, number };
  }
}

type Stage = 'registration' | 'dialling';

function refused(
  rule: NumberRule,
  notBefore: EpochMs | undefined,
  stage: Stage,
  about: string,
  at: EpochMs,
): GateAnswer {
  const fact = { at, about, what: 'numberRefused', detail: { rule, stage } };
  return { ok: false, rule, notBefore, fact };
}
