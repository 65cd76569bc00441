import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../src/engine/observer.ts';
import type { QueueView } from '../../../src/engine/ticket-office.ts';
import { type MetricSources, Metrics } from '../../../src/observe/metrics.ts';
import { aTicket, NOON } from '../http/fake-office.ts';

const QUEUE: QueueView = {
  queue: 'refunds',
  holders: 2,
  tickets: 5,
  staffed: 3,
  free: 1,
  wait: { seconds: 600, lowSeconds: 480, highSeconds: 800 },
  switches: { offering: true, registering: true, dialling: false },
};

function metricsOf(change: Partial<MetricSources> = {}): Metrics {
  return new Metrics({
    version: '1.2.3',
    queues: () => [QUEUE],
    estimates: () => [],
    webhookBacklog: () => new Map(),
    textBacklog: () => 0,
    ...change,
  });
}

async function lines(metrics: Metrics): Promise<readonly string[]> {
  return (await metrics.render()).split('\n').filter((line) => /^[^#]/u.test(line));
}

describe('metrics', () => {
  it.each<readonly [Happening, string]>([
    [{ what: 'callArrived', callId: 'call-a', dnis: '+18005550100' }, 'linekeeper_calls_total 1'],
    [
      { what: 'callbackOffered', callId: 'call-a', queue: 'refunds' },
      'linekeeper_callbacks_offered_total{queue="refunds"} 1',
    ],
    [
      { what: 'callbackDeclined', callId: 'call-a', queue: 'refunds' },
      'linekeeper_callbacks_declined_total{queue="refunds"} 1',
    ],
    [
      { what: 'callEnded', callId: 'call-a', queue: 'refunds', outcome: 'abandonedOnHold' },
      'linekeeper_calls_ended_total{queue="refunds",outcome="abandonedOnHold"} 1',
    ],
    [
      { what: 'callEnded', callId: 'call-a', queue: undefined, outcome: 'closed' },
      'linekeeper_calls_ended_total{queue="none",outcome="closed"} 1',
    ],
    [
      { what: 'agentMissed', agentId: 'alice', callId: 'call-a' },
      'linekeeper_agents_missed_total 1',
    ],
    [
      { what: 'recordingFailed', callId: 'call-a', reason: 'disk full' },
      'linekeeper_recordings_failed_total 1',
    ],
  ])('count %j', async (happening, line) => {
    const metrics = metricsOf();
    metrics.observe(happening);
    expect(await lines(metrics)).toContain(line);
  });

  it('keep waits on hold and waits for a callback apart', async () => {
    const metrics = metricsOf();
    const talking = {
      what: 'talking',
      agentId: 'alice',
      callId: 'call-a',
      queue: 'refunds',
    } as const;
    metrics.observe({ ...talking, ticketId: undefined, waitedMs: 40_000 });
    metrics.observe({ ...talking, ticketId: 'ticket-a', waitedMs: 1_900_000 });
    const found = await lines(metrics);
    expect(found).toContain('linekeeper_hold_wait_seconds_count{queue="refunds"} 1');
    expect(found).toContain('linekeeper_hold_wait_seconds_sum{queue="refunds"} 40');
    expect(found).toContain('linekeeper_callback_wait_seconds_count{queue="refunds"} 1');
    expect(found).toContain('linekeeper_callback_wait_seconds_sum{queue="refunds"} 1900');
  });

  it('tell overtakes with a reason from those without', async () => {
    const metrics = metricsOf();
    expect(await lines(metrics)).toContain(
      'linekeeper_unexplained_overtakes_total{queue="refunds"} 0',
    );
    metrics.observe({
      what: 'assigned',
      entryId: 'ticket-a',
      agentId: 'alice',
      queue: 'refunds',
      overtook: { count: 3, unexplained: 1 },
    });
    const found = await lines(metrics);
    expect(found).toContain('linekeeper_overtakes_total{queue="refunds"} 2');
    expect(found).toContain('linekeeper_unexplained_overtakes_total{queue="refunds"} 1');
  });

  it('follow a ticket from the promise to the conversation', async () => {
    const metrics = metricsOf();
    const first = aTicket();
    const agentId = 'alice';
    const dialling = aTicket({ state: { name: 'dialling', agentId, startedAt: NOON } });
    const attempt = { startedAt: NOON, endedAt: NOON + 30_000, agentId };
    const missed = aTicket({ attempts: [{ ...attempt, cause: 'noAnswer' }] });
    const reached = aTicket({
      attempts: missed.attempts,
      state: { name: 'reached', agentId, startedAt: NOON, reachedAt: NOON },
    });
    const connected = aTicket({
      attempts: [...missed.attempts, { ...attempt, cause: 'connected' }],
      state: { name: 'connected', agentId, at: NOON },
    });
    const steps = [undefined, first, dialling, missed, reached, connected];
    for (const [index, after] of steps.entries()) {
      if (after !== undefined) metrics.ticketChanged(steps[index - 1], after);
    }
    const found = await lines(metrics);
    for (const line of [
      'linekeeper_callbacks_registered_total{queue="refunds",source="ani"} 1',
      'linekeeper_callback_attempts_total{queue="refunds",cause="noAnswer"} 1',
      'linekeeper_callback_attempts_total{queue="refunds",cause="connected"} 1',
      'linekeeper_callbacks_reached_total{queue="refunds"} 1',
      'linekeeper_callbacks_ended_total{queue="refunds",state="connected"} 1',
    ]) {
      expect(found).toContain(line);
    }
  });

  it('show queues, estimates and backlogs as they are when asked', async () => {
    let queues: readonly QueueView[] = [QUEUE];
    const metrics = metricsOf({
      queues: () => queues,
      estimates: () => [
        { queue: 'refunds', count: 90, coverage: 0.81, biasSeconds: -12 },
        { queue: 'new', count: 0, coverage: 0, biasSeconds: 0 },
      ],
      webhookBacklog: () => new Map([['cases', 7]]),
      textBacklog: () => 2,
    });
    const found = await lines(metrics);
    for (const line of [
      'linekeeper_build_info{version="1.2.3"} 1',
      'linekeeper_queue_holders{queue="refunds"} 2',
      'linekeeper_queue_tickets{queue="refunds"} 5',
      'linekeeper_queue_staffed{queue="refunds"} 3',
      'linekeeper_queue_free{queue="refunds"} 1',
      'linekeeper_queue_estimated_wait_seconds{queue="refunds"} 600',
      'linekeeper_queue_switch{queue="refunds",switch="dialling"} 0',
      'linekeeper_estimate_coverage{queue="refunds"} 0.81',
      'linekeeper_estimate_bias_seconds{queue="refunds"} -12',
      'linekeeper_webhook_backlog{webhook="cases"} 7',
      'linekeeper_text_message_backlog 2',
    ]) {
      expect(found).toContain(line);
    }
    expect(found.some((line) => line.includes('queue="new"'))).toBe(false);
    queues = [
      { ...QUEUE, wait: { seconds: Infinity, lowSeconds: Infinity, highSeconds: Infinity } },
    ];
    expect(await lines(metrics)).toContain(
      'linekeeper_queue_estimated_wait_seconds{queue="refunds"} +Inf',
    );
    queues = [];
    expect((await lines(metrics)).some((line) => line.includes('queue_holders{'))).toBe(false);
  });

  it('take no names for labels but those of the configuration, and no numbers', async () => {
    const metrics = metricsOf();
    for (let index = 0; index < 1000; index += 1) {
      metrics.observe({ what: 'callbackOffered', callId: 'call-a', queue: `queue-${index}` });
    }
    metrics.ticketChanged(undefined, aTicket({ queue: 'gone' }));
    metrics.observe({ what: 'callArrived', callId: 'call-a', dnis: '+18005550100' });
    metrics.storeFailed();
    const text = await metrics.render();
    expect(text).toContain('linekeeper_callbacks_offered_total{queue="other"} 1000');
    expect(text).toContain('linekeeper_store_errors_total 1');
    expect(text).not.toMatch(/queue-\d|5550100|5550123/u);
  });
});
