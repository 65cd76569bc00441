import type { EpochMs, TrunkId } from '../domain/ids.ts';
import type { Trunk, TrunkOutbound } from '../domain/trunk/trunk.ts';

/** A trunk by which a call can leave. */
export type OutgoingTrunk = Trunk & { readonly outbound: TrunkOutbound };

/** A trunk that said nothing is the last to be tried for so long. */
const REST_MS = 60_000;

/** Counts the calls that we have placed on each trunk, from the INVITE to the end. */
export class TrunkPlaces {
  readonly #taken = new Map<TrunkId, number>();
  readonly #restsUntil = new Map<TrunkId, EpochMs>();

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

  /** Notes that a trunk said nothing at all. */
  wasSilent({ id }: OutgoingTrunk, now: EpochMs): void {
    this.#restsUntil.set(id, now + REST_MS);
  }

  /** In the order of the file, those that said nothing lately behind the others. */
  inTurn(trunks: readonly OutgoingTrunk[], now: EpochMs): readonly OutgoingTrunk[] {
    for (const [id, until] of this.#restsUntil) if (until <= now) this.#restsUntil.delete(id);
    const rests = ({ id }: OutgoingTrunk): boolean => this.#restsUntil.has(id);
    return [...trunks.filter((trunk) => !rests(trunk)), ...trunks.filter(rests)];
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
