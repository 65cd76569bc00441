import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Waits of callers and customers: from seconds to a working day. */
const WAIT_BUCKETS_SECONDS = [5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800];
const TALK_BUCKETS_SECONDS = [15, 30, 60, 120, 180, 300, 450, 600, 900, 1800, 3600];

/** What is counted and measured while it happens, in a registry of its own. */
export function eventFamilies(registry: Registry) {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `linekeeper_${name}_total`, help, labelNames, registers: [registry] });
  const seconds = (name: string, help: string, buckets: number[]) =>
    new Histogram({
      name: `linekeeper_${name}_seconds`,
      help,
      buckets,
      labelNames: ['queue'] as const,
      registers: [registry],
    });
  return {
    calls: counter('calls', 'Calls that came in.'),
    callsEnded: counter('calls_ended', 'Calls that ended, by how.', ['queue', 'outcome']),
    offered: counter('callbacks_offered', 'Callers who were offered a callback.', ['queue']),
    declined: counter('callbacks_declined', 'Callers who declined it.', ['queue']),
    registered: counter('callbacks_registered', 'Callbacks promised.', ['queue', 'source']),
    attempts: counter('callback_attempts', 'Attempts that ended, by how.', ['queue', 'cause']),
    reached: counter('callbacks_reached', 'Customers who answered.', ['queue']),
    ended: counter('callbacks_ended', 'Callbacks that ended, by how.', ['queue', 'state']),
    assigned: counter('assigned', 'Times an agent was kept for somebody.', ['queue']),
    overtaken: counter('overtakes', 'Those passed over who stood before, for a reason.', ['queue']),
    unexplained: counter(
      'unexplained_overtakes',
      'Those passed over for no reason. Anything but 0 is a fault.',
      ['queue'],
    ),
    agentsMissed: counter('agents_missed', "Times an agent's phone rang unanswered."),
    recordingsFailed: counter('recordings_failed', 'Recordings that did not start, or stopped.'),
    storeErrors: counter('store_errors', 'Operations of the store that failed.'),
    holdWait: seconds(
      'hold_wait',
      'Wait on the line until an agent answered (ASA). No callback is in it.',
      WAIT_BUCKETS_SECONDS,
    ),
    callbackWait: seconds(
      'callback_wait',
      'From joining the line to the agent, for those called back.',
      WAIT_BUCKETS_SECONDS,
    ),
    talk: seconds('talk', 'Length of conversations.', TALK_BUCKETS_SECONDS),
  };
}

export type EventFamilies = ReturnType<typeof eventFamilies>;

/** What is looked up at the moment when Prometheus asks. */
export function stateFamilies(registry: Registry) {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `linekeeper_${name}`, help, labelNames, registers: [registry] });
  return {
    build: gauge('build_info', 'Always 1.', ['version']),
    holders: gauge('queue_holders', 'Callers on hold.', ['queue']),
    tickets: gauge('queue_tickets', 'Callbacks promised and open.', ['queue']),
    staffed: gauge('queue_staffed', 'Agents at work.', ['queue']),
    free: gauge('queue_free', 'Agents who could take somebody now.', ['queue']),
    wait: gauge('queue_estimated_wait_seconds', 'Wait of who joins now; +Inf if nobody works.', [
      'queue',
    ]),
    switches: gauge('queue_switch', '1: on. 0: off.', ['queue', 'switch']),
    coverage: gauge('estimate_coverage', 'Share of waits within the 80 % band.', ['queue']),
    bias: gauge('estimate_bias_seconds', 'Mean of estimate minus wait.', ['queue']),
    webhooks: gauge('webhook_backlog', 'Events that wait for a receiver.', ['webhook']),
    texts: gauge('text_message_backlog', 'Text messages on their way.', []),
  };
}
