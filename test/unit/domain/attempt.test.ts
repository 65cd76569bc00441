import { describe, expect, test } from 'vitest';
import {
  type Attempt,
  type AttemptEffect,
  type AttemptEvent,
  beginAttempt,
  stepAttempt,
} from '../../../src/domain/callback/attempt.ts';
import { samplePlan } from '../../simulation/world/sample-plan.ts';

const settings = samplePlan(1, {}).queues.get('refunds')?.callback;

/** A customer being called back. */
class CalledBack {
  attempt: Attempt = beginAttempt('alice');
  readonly effects: AttemptEffect[] = [];

  tell(...events: AttemptEvent[]): this {
    if (settings === undefined) throw new Error('the sample has no such queue');
    for (const event of events) {
      const context = { settings, namePrompt: 'name-tax-help' };
      const step = stepAttempt(this.attempt, event, context);
      this.attempt = step.attempt;
      this.effects.push(...step.effects);
    }
    return this;
  }

  answers(): this {
    return this.tell({ type: 'answered' });
  }

  hearsAll(): this {
    return this.tell({ type: 'said', turn: this.attempt.turn });
  }

  silent(): this {
    return this.tell({ type: 'silence', turn: this.attempt.turn });
  }

  kinds(): readonly string[] {
    return this.effects.map(({ type }) => type);
  }

  get cause(): string | undefined {
    const ended = this.effects.findLast((effect) => effect.type === 'ended');
    return ended?.cause;
  }
}

describe('a callback attempt', () => {
  test('rings the agent only after the customer pressed 1', () => {
    const called = new CalledBack().answers().hearsAll();
    expect(called.kinds()).not.toContain('ringAgent');
    called.tell({ type: 'key', key: '1' });
    expect(called.effects.slice(-3)).toMatchObject([
      { type: 'confirmed' },
      { type: 'ringAgent', agentId: 'alice' },
      { type: 'say' },
    ]);
  });

  test('says who calls, from the number that was dialled', () => {
    const say = new CalledBack().answers().effects[0];
    expect(say).toMatchObject({
      type: 'say',
      utterances: [
        { prompt: 'callback-intro' },
        { prompt: 'name-tax-help' },
        { prompt: 'callback-intro-2' },
        { prompt: 'callback-keys' },
      ],
    });
  });

  test('a machine that presses nothing is hung up after the last greeting', () => {
    const called = new CalledBack().answers().hearsAll().silent();
    expect(called.attempt.state.phase).toBe('greeting');
    called.hearsAll().silent().hearsAll();
    expect(called.cause).toBe('noKey');
    expect(called.kinds()).toContain('hangUp');
    expect(called.kinds()).not.toContain('ringAgent');
  });

  test.each([
    ['2', 'choseLater'],
    ['3', 'choseCancel'],
  ] as const)('key %s is %s, said before the hang-up', (key, cause) => {
    const called = new CalledBack().answers().tell({ type: 'key', key });
    expect(called.effects.at(-1)).toEqual({ type: 'settle', cause });
    called.tell({ type: 'settled', kept: true });
    expect(called.cause).toBeUndefined();
    expect(called.hearsAll().cause).toBe(cause);
  });

  test.each([
    [true, 'callback-cancelled'],
    [false, 'service-error'],
  ])('a cancellation that is kept (%s) is said as it is', (kept, prompt) => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '3' });
    called.tell({ type: 'settled', kept });
    expect(called.effects.at(-1)).toMatchObject({ utterances: [{ prompt }] });
    expect(called.hearsAll().cause).toBe('choseCancel');
  });

  test.each<AttemptEvent>([{ type: 'mediaFailed' }, { type: 'hungUp', by: 'failure' }])(
    'a wish to cancel stands when the sound is lost: %o',
    (event) => {
      const called = new CalledBack().answers().tell({ type: 'key', key: '3' });
      expect(called.tell({ type: 'settled', kept: true }, event).cause).toBe('choseCancel');
    },
  );

  test('sound that fails late does not cut a conversation', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '1' }, { type: 'talking' });
    expect(called.tell({ type: 'mediaFailed' }).attempt.state.phase).toBe('talking');
  });

  test('other keys are ignored', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '7' });
    expect(called.attempt.state.phase).toBe('greeting');
  });

  test('goes to the next agent when the first does not answer', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '1' });
    called.tell({ type: 'agentMissed' }, { type: 'assigned', agentId: 'bob' });
    expect(called.effects.at(-1)).toEqual({ type: 'ringAgent', agentId: 'bob' });
    called.tell({ type: 'talking' }, { type: 'conversationEnded' });
    expect(called.cause).toBe('connected');
  });

  test.each<[string, (called: CalledBack) => CalledBack, string, readonly string[]]>([
    ['at the greeting', (called) => called.answers(), 'hungUp', ['ended']],
    [
      'while the agent rings',
      (called) => called.answers().tell({ type: 'key', key: '1' }),
      'hungUp',
      ['stopRinging', 'ended'],
    ],
    [
      'in talk',
      (called) => called.answers().tell({ type: 'key', key: '1' }, { type: 'talking' }),
      'connected',
      ['endConversation', 'ended'],
    ],
  ])('a hang-up %s ends it', (_name, act, cause, undone) => {
    const called = act(new CalledBack());
    const before = called.effects.length;
    called.tell({ type: 'hungUp', by: 'party' });
    expect(called.cause).toBe(cause);
    expect(called.kinds().slice(before)).toEqual(undone);
  });

  test('a loss on our side is not the customer hanging up', () => {
    expect(new CalledBack().answers().tell({ type: 'hungUp', by: 'failure' }).cause).toBe(
      'ourFailure',
    );
  });

  test.each(['busy', 'noAnswer', 'congestion'] as const)('ends with %s', (cause) => {
    expect(new CalledBack().tell({ type: 'dialFailed', cause }).cause).toBe(cause);
  });
});
