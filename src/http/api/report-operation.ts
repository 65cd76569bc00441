import { csvOf, objectOf } from '../../domain/report/text.ts';
import type { Reports } from '../ports.ts';
import { Problem } from '../problems/problem.ts';
import { type Answer, type Operation, operation } from './operation.ts';
import { reportQuery } from './schemas.ts';

const RETRY_AFTER_SECONDS = 5;

/** What becomes of callers and callbacks; a report reads much, so one is compiled at a time. */
export function reportOperation(reports: Reports): Operation {
  let isUnderWay = false;
  return operation({
    id: 'readReport',
    method: 'GET',
    url: '/v1/reports/callbacks',
    summary: 'Figures of callers and callbacks by queue and time, as JSON or CSV.',
    scope: 'reports:read',
    query: reportQuery,
    answer: {
      status: 200,
      description: 'The report; a queue that nobody knows has no rows.',
      schema: undefined,
      mediaTypes: ['application/json', 'text/csv'],
    },
    problems: ['report-under-way'],
    async handle({ query }): Promise<Answer> {
      if (isUnderWay) {
        const wait = { 'retry-after': String(RETRY_AFTER_SECONDS) };
        throw new Problem('report-under-way', {}, wait);
      }
      isUnderWay = true;
      try {
        const { from: fromDay, to: toDay, by, queue, format } = query;
        const report = await reports({ fromDay, toDay, by, queue });
        if (format === 'json') return { status: 200, body: objectOf(report) };
        return { status: 200, body: csvOf(report), mediaType: 'text/csv; charset=utf-8' };
      } finally {
        isUnderWay = false;
      }
    },
  });
}
