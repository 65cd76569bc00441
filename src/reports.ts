import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Configuration } from './config/configuration.ts';
import { timeZonesOf } from './config/time-zones.ts';
import { compileReport, type ReportRecords } from './domain/report/compile.ts';
import { csvOf, objectOf } from './domain/report/text.ts';
import type { Clock } from './engine/ports.ts';
import type { Reports } from './http/ports.ts';

/** The only report that there is; `docs/reports.md` defines its figures. */
const CALLBACKS = 'callbacks';

/** Reports as the API gives them: the same rows and numbers as `linekeeper report`. */
export function createReports(
  records: ReportRecords,
  clock: Clock,
  configuration: () => Pick<Configuration, 'queues' | 'hours'>,
): Reports {
  return async ({ report, queue, from, to, per, format }) => {
    if (report !== CALLBACKS) return undefined;
    const zones = timeZonesOf(configuration());
    const [usual = 'UTC'] = zones.values();
    const compiled = await compileReport(
      records,
      { queue, spanIn: () => ({ from, to }), by: per === 'total' ? 'queue' : per },
      {
        breathe: nextTurn,
        now: clock.now(),
        timeZoneOf: (id) => zones.get(id) ?? usual,
        timeZones: [usual, ...zones.values()],
      },
    );
    return format === 'csv' ? csvOf(compiled) : JSON.stringify(objectOf(compiled));
  };
}
