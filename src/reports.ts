import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Configuration } from './config/configuration.ts';
import { timeZonesOf } from './config/time-zones.ts';
import {
  compileReport,
  type Report,
  type ReportRecords,
  type ReportRequest,
} from './domain/report/compile.ts';
import type { Clock } from './engine/ports.ts';

/** Reports out of a running server: the same rows and numbers as `linekeeper report`. */
export function createReports(
  records: ReportRecords,
  clock: Pick<Clock, 'now'>,
  configuration: () => Pick<Configuration, 'queues' | 'hours'>,
): (request: ReportRequest) => Promise<Report> {
  return (request) =>
    compileReport(records, request, {
      now: clock.now(),
      breathe: nextTurn,
      timeZones: timeZonesOf(configuration()),
    });
}
