import type { E164 } from '../ids.ts';

/** What an operator allows for callbacks. */
export interface NumberPolicy {
  /** 555-0100 to 555-0199, kept for fiction and tests. */
  readonly allowFictional: boolean;
  /** Our own numbers, which must never be called back. */
  readonly ownNumbers: ReadonlySet<E164>;
}

/** Why a number cannot be called back. Kept with the refusal in the ledger. */
export type NumberRule =
  | 'anonymous'
  | 'notNanp'
  | 'invalid'
  | 'serviceCode'
  | 'premium'
  | 'tollFree'
  | 'personal'
  | 'fictional'
  | 'own';

export type NumberCheck =
  | { readonly ok: true; readonly number: E164 }
  | { readonly ok: false; readonly rule: NumberRule };
