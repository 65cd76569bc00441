import type { QueueId } from '../domain/ids.ts';
import type { Configuration } from './configuration.ts';

/** The time zone of each queue: that of its hours. */
export function timeZonesOf({
  queues,
  hours,
}: Pick<Configuration, 'queues' | 'hours'>): ReadonlyMap<QueueId, string> {
  return new Map(
    [...queues.values()].map(
      (queue) => [queue.id, hours.get(queue.hours)?.timeZone ?? 'UTC'] as const,
    ),
  );
}
