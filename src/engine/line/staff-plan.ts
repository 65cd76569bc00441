import {
  type StaffChange,
  type StaffForecasts,
  staffChanges,
} from '../../domain/callback/staff-forecast.ts';
import type { EpochMs, QueueId } from '../../domain/ids.ts';
import type { PlannedStaff } from '../../domain/wait/wait-estimate.ts';

/** How long what was looked up is used: a wait is estimated many times a second. */
const KEPT_MS = 60_000;

interface LookedUp {
  readonly forecast: StaffForecasts;
  readonly at: EpochMs;
  readonly changes: readonly StaffChange[];
}

/** How the staff of queues is expected to change, for their waits. */
export class StaffPlan {
  readonly #lookedUp = new Map<QueueId, LookedUp>();

  /** What lies ahead of those `staffed` now; nothing where no forecast says so. */
  ahead(
    queue: QueueId,
    { forecast, timeZone, staffed }: Staffing,
    now: EpochMs,
  ): readonly PlannedStaff[] {
    return this.#changes(queue, forecast, timeZone, now).flatMap(({ at, share }) =>
      at > now
        ? [{ afterSeconds: (at - now) / 1000, staffed: Math.max(1, Math.round(staffed * share)) }]
        : [],
    );
  }

  #changes(
    queue: QueueId,
    forecast: StaffForecasts,
    timeZone: string,
    now: EpochMs,
  ): readonly StaffChange[] {
    const known = this.#lookedUp.get(queue);
    const isFresh = known?.forecast === forecast && Math.abs(now - known.at) < KEPT_MS;
    if (known !== undefined && isFresh) return known.changes;
    const changes = staffChanges(forecast, timeZone, now);
    this.#lookedUp.set(queue, { forecast, at: now, changes });
    return changes;
  }
}

/** Who works for a queue now, and what an operator expects. */
interface Staffing {
  readonly forecast: StaffForecasts;
  readonly timeZone: string;
  readonly staffed: number;
}
