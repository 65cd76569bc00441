import type { AgentSettings } from '../../../src/domain/agent/settings.ts';
import { USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import { USUAL_KEYS } from '../../../src/domain/ivr/listener.ts';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import { numberPolicy } from '../../support/number-policy.ts';

/** A help line with one number, one menu, two queues. */
export function samplePlan(agents: number, queue: Partial<QueueSettings>): Plan {
  const queues = ['refunds', 'general'].map(
    (id) => [id, { ...SAMPLE_QUEUE, id, ...queue }] as const,
  );
  const ids = Array.from({ length: agents }, (_, index) => `agent${index}`);
  return {
    language: 'en',
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
          language: 'en',
          person: 'general',
          accessible: undefined,
        },
      ],
    ]),
    menus: new Map([
      [
        'main',
        {
          id: 'main',
          prompts: ['main-menu'],
          universalKeys: USUAL_KEYS,
          person: undefined,
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
    agents: new Map(ids.map((id, index) => [id, agentOf(id, servedBy(index))])),
    noticeVersions: new Map([['en', 'sample']]),
    shortCodes: { ready: '*70', break: '*71', logOut: '*72', openLine: '*73' },
    numbers: numberPolicy({ ownNumbers: new Set(['+18005550100'] as const) }),
  };
}

function agentOf(id: string, queues: readonly string[]): AgentSettings {
  return { id, name: id, queues, levels: new Map(), skills: [] };
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
  skills: [],
  expectedHandleSeconds: 300,
  agentRingSeconds: 15,
  wrapUpSeconds: 20,
  hold: { announceEverySeconds: 60, maxWaiting: 5000, fullPrompts: ['queue-full'] },
  whisper: false,
  callback: {
    ...USUAL_CALLBACKS,
    offer: {
      ...USUAL_CALLBACKS.offer,
      aboveSeconds: 120,
      belowSeconds: 80,
      maxOpenTickets: 5000,
    },
  },
};
