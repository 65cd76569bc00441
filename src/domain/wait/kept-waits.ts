import type { QueueId } from '../ids.ts';
import { type QueueWait, unmeasuredQueue } from './queue-wait.ts';

/** What was measured of each queue; plain, so that it can be kept as JSON over a restart. */
export type KeptWaits = Readonly<Record<QueueId, QueueWait>>;

/** What could be read again, and which queues have to be measured anew. */
export interface ReadWaits {
  readonly waits: KeptWaits;
  /** Queues whose record is damaged, or of another version. */
  readonly damaged: readonly QueueId[];
}

/** More digits than these are not known of any measure. */
const DIGITS = 6;

/** As it is kept: about 5 kB as JSON. */
export function asKept(queue: QueueWait): QueueWait {
  const kept: QueueWait = JSON.parse(JSON.stringify(queue, cutOff));
  return kept;
}

function cutOff(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value;
}

const SHAPE = unmeasuredQueue(1);

/** Longest list in a record whose length may differ. */
const MOST_IN_LIST = 1000;

/** Reads what was kept; whatever does not have the shape of a record of a queue is left out. */
export function readWaits(kept: unknown): ReadWaits {
  if (!isRecord(kept)) return { waits: {}, damaged: [] };
  const waits: Record<QueueId, QueueWait> = {};
  const damaged: QueueId[] = [];
  for (const [queueId, value] of Object.entries(kept)) {
    if (isQueueWait(value)) waits[queueId] = value;
    else damaged.push(queueId);
  }
  return { waits, damaged };
}

function isQueueWait(value: unknown): value is QueueWait {
  if (!hasShape(value, SHAPE)) return false;
  const { handleTimes } = value;
  return handleTimes.mean.mean > 0 && handleTimes.highSeconds > 0;
}

/** Numbers where numbers are, lists as long, objects with the same names; an empty list may grow. */
function hasShape<Shape>(value: unknown, shape: Shape): value is Shape {
  if (typeof shape === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return false;
    if (shape.length > 0 && value.length !== shape.length) return false;
    return (
      value.length <= MOST_IN_LIST && value.every((item, at) => hasShape(item, shape[at] ?? 0))
    );
  }
  if (!isRecord(shape) || !isRecord(value)) return false;
  return Object.entries(shape).every(([name, part]) => hasShape(value[name], part));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
