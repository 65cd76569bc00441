import type { EpochMs } from '../../domain/ids.ts';
import type { TicketOffice } from '../../engine/ticket-office.ts';
import { Problem } from '../problems/problem.ts';
import { granted } from '../problems/refusals.ts';
import { queueAnswer, queuesAnswer, slotsAnswer } from './answers.ts';
import { type Operation, operation } from './operation.ts';
import { queuePath, slotsQuery, switchPath, turnSwitch } from './schemas.ts';
import { queueOf, timeOf } from './ticket-view.ts';

interface Needs {
  readonly office: TicketOffice;
  readonly now: () => EpochMs;
}

/** Everything that is asked of queues. */
export function queueOperations({ office, now }: Needs): readonly Operation[] {
  return [queuesOperation(office), slotsOperation(office, now), switchOperation(office)];
}

function queuesOperation(office: TicketOffice): Operation {
  return operation({
    id: 'listQueues',
    method: 'GET',
    url: '/v1/queues',
    summary: 'Every queue as it stands.',
    scope: 'queues:read',
    answer: { status: 200, description: 'All queues.', schema: queuesAnswer },
    handle: () => ({ status: 200, body: { queues: office.queues().map(queueOf) } }),
  });
}

function slotsOperation(office: TicketOffice, now: () => EpochMs): Operation {
  return operation({
    id: 'listSlots',
    method: 'GET',
    url: '/v1/queues/{id}/slots',
    summary: 'Times that can be booked, soonest first.',
    scope: 'queues:read',
    path: queuePath,
    query: slotsQuery,
    answer: { status: 200, description: 'Free times, 200 at most.', schema: slotsAnswer },
    problems: ['unknown-queue'],
    handle({ path, query }) {
      if (!office.queues().some(({ queue }) => queue === path.id)) {
        throw new Problem('unknown-queue');
      }
      const slots = office.slots(path.id, query.from ?? now());
      const spans = slots.map(({ from, to }) => ({ from: timeOf(from), to: timeOf(to) }));
      return { status: 200, body: { slots: spans } };
    },
  });
}

function switchOperation(office: TicketOffice): Operation {
  return operation({
    id: 'turnSwitch',
    method: 'POST',
    url: '/v1/queues/{id}/switches/{which}',
    summary: 'Turn offering, registering or dialling on, off, or back to what is configured.',
    scope: 'queues:control',
    idempotency: 'optional',
    path: switchPath,
    body: turnSwitch,
    answer: { status: 200, description: 'The queue as it now stands.', schema: queueAnswer },
    problems: ['unknown-queue'],
    async handle({ path, body }) {
      const on = body.on ?? undefined;
      const view = granted(await office.turn(path.id, path.which, on, body.reason));
      return { status: 200, body: queueOf(view) };
    },
  });
}
