import type { TrunkId } from '../domain/ids.ts';
import type { Trunk, TrunkOutbound } from '../domain/trunk/trunk.ts';

/** A trunk by which a call can leave. */
export type OutgoingTrunk = Trunk & { readonly outbound: TrunkOutbound };

/** Counts the calls that we have placed on each trunk, from the INVITE to the end. */
export class TrunkPlaces {
  readonly #taken = new Map<TrunkId, number>();

  /** Takes a place. @returns what gives it back, safe to repeat; undefined if the trunk is full */
  take({ id, outbound }: OutgoingTrunk): (() => void) | undefined {
    const taken = this.#taken.get(id) ?? 0;
    if (taken >= outbound.maxCalls) return undefined;
    this.#taken.set(id, taken + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const left = (this.#taken.get(id) ?? 1) - 1;
      if (left > 0) this.#taken.set(id, left);
      else this.#taken.delete(id);
    };
  }

  /** Places that are free on all of `trunks`. A reload may have left fewer than are taken. */
  free(trunks: readonly OutgoingTrunk[]): number {
    return trunks.reduce(
      (sum, { id, outbound }) => sum + Math.max(0, outbound.maxCalls - (this.#taken.get(id) ?? 0)),
      0,
    );
  }
}

/** The trunks by which calls can leave, in the order of the file. */
export function outgoingTrunks(trunks: ReadonlyMap<TrunkId, Trunk>): readonly OutgoingTrunk[] {
  return [...trunks.values()].filter(
    (trunk): trunk is OutgoingTrunk => trunk.outbound !== undefined,
  );
}
