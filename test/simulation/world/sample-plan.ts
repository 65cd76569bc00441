import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import type { Plan } from '../../../src/engine/plan.ts';

/** A help line with one number, one menu, two queues. */
export function samplePlan(agents: number, queue: Partial<QueueSettings>): Plan {
  const queues = ['refunds', 'general'].map(
    (id) => [id, { ...SAMPLE_QUEUE, id, ...queue }] as const,
  );
  const ids = Array.from({ length: agents }, (_, index) => `agent${index}`);
  return {
    entryPoints: new Map([
      [
        '+18005550100',
        {
          dnis: '+18005550100',
          namePrompt: 'name-tax-help',
          greeting: ['greeting'],
          menu: 'main',
          hours: 'always',
          closedPrompts: ['closed'],
        },
      ],
    ]),
    menus: new Map([
      [
        'main',
        {
          id: 'main',
          prompts: ['main-menu'],
          keys: { '1': { to: 'queue', queue: 'refunds' }, '2': { to: 'queue', queue: 'general' } },
          timeoutSeconds: 5,
          timeoutPrompt: 'timeout',
          invalidPrompt: 'invalid-key',
          maxTries: 3,
          exhausted: { to: 'hangUp', prompts: ['goodbye'] },
        },
      ],
    ]),
    hours: new Map(),
    queues: new Map(queues),
    agents: new Map(ids.map((id, index) => [id, { id, name: id, queues: servedBy(index) }])),
    shortCodes: { ready: '*70', break: '*71', logOut: '*72', openLine: '*73' },
    numbers: { allowFictional: true, ownNumbers: new Set(['+18005550100'] as const) },
  };
}

/** Some serve one queue, some both. */
function servedBy(index: number): readonly string[] {
  if (index % 3 === 0) return ['refunds'];
  return index % 3 === 1 ? ['general'] : ['refunds', 'general'];
}

const SAMPLE_QUEUE: QueueSettings = {
  id: '',
  namePrompt: 'queue-general',
  hours: 'always',
  expectedHandleSeconds: 300,
  agentRingSeconds: 15,
  wrapUpSeconds: 20,
  hold: { announceEverySeconds: 60, maxWaiting: 5000, fullPrompts: ['queue-full'] },
  callback: {
    offered: true,
    offerAboveSeconds: 120,
    maxOpenTickets: 5000,
    ringSeconds: 30,
    confirmSeconds: 8,
    confirmTries: 2,
    maxAttempts: 3,
    retryMinutes: 10,
    laterMinutes: 30,
  },
};
