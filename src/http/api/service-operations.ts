import type { Health, MetricsPage, ReceiveMessage } from '../ports.ts';
import { PROBLEM_NAMES, PROBLEMS, problemType } from '../problems/catalogue.ts';
import { Problem } from '../problems/problem.ts';
import { healthAnswer, kindAnswer, receivedAnswer } from './answers.ts';
import { type Operation, operation } from './operation.ts';
import { namePath, receivedMessage } from './schemas.ts';

interface Needs {
  readonly health: () => Health;
  readonly metrics: MetricsPage;
  readonly receiveMessage: ReceiveMessage;
}

/** What watches and serves the whole rather than one ticket or queue. */
export function serviceOperations(needs: Needs): readonly Operation[] {
  return [
    receiveOperation(needs.receiveMessage),
    healthOperation(needs.health),
    metricsOperation(needs.metrics),
    problemOperation(),
  ];
}

function receiveOperation(receive: ReceiveMessage): Operation {
  return operation({
    id: 'receiveMessage',
    method: 'POST',
    url: '/v1/messages/received',
    summary: 'Hand in a text message that a customer sent; STOP ends all texts to them.',
    scope: 'messages:receive',
    body: receivedMessage,
    answer: { status: 200, description: 'How it was understood.', schema: receivedAnswer },
    async handle({ body }) {
      return { status: 200, body: { understood: await receive(body) } };
    },
  });
}

function healthOperation(health: () => Health): Operation {
  return operation({
    id: 'readHealth',
    method: 'GET',
    url: '/health',
    summary: 'Whether the server can serve: 200 if so, otherwise 503.',
    scope: undefined,
    answer: { status: 200, otherStatus: 503, description: 'How it stands.', schema: healthAnswer },
    handle() {
      const { status, parts } = health();
      return { status: status === 'ok' ? 200 : 503, body: { status, parts: { ...parts } } };
    },
  });
}

function metricsOperation(metrics: MetricsPage): Operation {
  return operation({
    id: 'readMetrics',
    method: 'GET',
    url: '/metrics',
    summary: 'Figures for Prometheus.',
    scope: 'metrics:read',
    answer: {
      status: 200,
      description: "Prometheus' text format.",
      schema: undefined,
      mediaTypes: ['text/plain'],
    },
    async handle() {
      return { status: 200, body: await metrics.render(), mediaType: metrics.contentType };
    },
  });
}

function problemOperation(): Operation {
  return operation({
    id: 'readProblem',
    method: 'GET',
    url: '/v1/problems/{name}',
    summary: 'What a type of problem means.',
    scope: undefined,
    path: namePath,
    answer: { status: 200, description: 'The type of problem.', schema: kindAnswer },
    problems: ['not-found'],
    handle({ path }) {
      const name = PROBLEM_NAMES.find((known) => known === path.name);
      if (name === undefined) throw new Problem('not-found');
      const { title, status, advice } = PROBLEMS[name];
      return { status: 200, body: { type: problemType(name), title, status, detail: advice } };
    },
  });
}
