import { expect, test } from 'vitest';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import { whisperOf } from '../../../src/engine/agents/whisper.ts';
import { samplePlan } from '../../simulation/world/sample-plan.ts';

function queueThat(whisper: boolean): QueueSettings {
  const queue = samplePlan(0, { whisper, namePrompt: 'queue-refunds' }).queues.get('refunds');
  if (queue === undefined) throw new Error('the sample has no such queue');
  return queue;
}

test.each([
  ['a callback', 'callback', 32 * 60, 'whisper-callback queue-refunds whisper-waited 32'],
  ['a caller', 'call', 150, 'whisper-caller queue-refunds whisper-waited 3'],
  ['the shortest wait that is told', 'call', 60, 'whisper-caller queue-refunds whisper-waited 1'],
  ['one who hardly waited', 'call', 59, 'whisper-caller queue-refunds'],
] as const)('an agent hears of %s', (_name, kind, seconds, said) => {
  const words = whisperOf(queueThat(true), kind, seconds).map((each) => {
    if (each.say === 'prompt') return each.prompt;
    return 'value' in each ? each.value : each.say;
  });
  expect(words.join(' ')).toBe(said);
});

test('or nothing, if the operator wants none', () => {
  expect(whisperOf(queueThat(false), 'callback', 3_600)).toEqual([]);
});
