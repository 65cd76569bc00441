import { describe, expect, test } from 'vitest';
import {
  type Attempt,
  type AttemptEffect,
  type AttemptEvent,
} from '../../../src/domain/callback/attempt.ts';
import { beginAttempt, stepAttempt } from '../../../src/domain/callback/attempt-step.ts';
import { samplePlan } from '../../simulation/world/sample-plan.ts';

const settings = samplePlan(1, {}).queues.get('refunds')?.callback;

/** A customer being called back. */
class CalledBack {
  attempt: Attempt = beginAttempt('alice', true, 'customerFirst', 'en').attempt;
  readonly effects: AttemptEffect[] = [];
  now = 1_000;
  readonly #code: string | undefined;
  readonly #isTty: boolean;

  constructor(code?: string, isTty = false) {
    this.#code = code;
    this.#isTty = isTty;
  }

  tell(...events: AttemptEvent[]): this {
    if (settings === undefined) throw new Error('the sample has no such queue');
    for (const event of events) {
      const customer = { language: 'en', code: this.#code, isTty: this.#isTty };
      const context = { settings, namePrompt: 'name-tax-help', ...customer };
      const step = stepAttempt(this.attempt, event, context, this.now);
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

function heard(kind: 'speechBegan' | 'speechEnded' | 'beep', at: number): AttemptEvent {
  return { type: 'heard', sign: { kind, at } };
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
    const say = new CalledBack().answers().effects.find(({ type }) => type === 'say');
    expect(say).toMatchObject({
      type: 'say',
      utterances: [
        { prompt: 'callback-intro' },
        { prompt: 'name-tax-help' },
        { prompt: 'callback-intro-2' },
        { prompt: 'notice-on-callback' },
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

  test('who types on a text telephone proves a person as the key does', () => {
    const typed = new CalledBack(undefined, true).answers().tell({ type: 'ttyHeard' });
    expect(typed.kinds()).toContain('ringAgent');
    const other = new CalledBack().answers().tell({ type: 'ttyHeard' });
    expect(other.kinds()).not.toContain('ringAgent');
  });

  test('key 3 cancels, and that is said before the hang-up', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '3' });
    expect(called.effects.at(-1)).toEqual({ type: 'settle', choice: { choice: 'cancel' } });
    called.tell({ type: 'settled', kept: true, onTime: true });
    expect(called.cause).toBeUndefined();
    expect(called.hearsAll().cause).toBe('choseCancel');
  });

  test.each([
    ['1', 10],
    ['4', 40],
    ['9', 90],
  ] as const)('key 2, then %s: called again in %i minutes', (key, minutes) => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '2' }, { type: 'key', key });
    const choice = { choice: 'later', minutes } as const;
    expect(called.effects.at(-1)).toEqual({ type: 'settle', choice });
    called.tell({ type: 'settled', kept: true, onTime: true });
    expect(called.effects.at(-1)).toMatchObject({
      utterances: [{ prompt: 'callback-later-intro' }, { say: 'minutes', value: minutes }],
    });
    expect(called.hearsAll().cause).toBe('choseLater');
  });

  test('a time at which they can not be called is not promised', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '2' });
    called.tell({ type: 'key', key: '9' }, { type: 'settled', kept: true, onTime: false });
    expect(called.effects.at(-1)).toMatchObject({ utterances: [{ prompt: 'callback-later' }] });
    expect(called.hearsAll().cause).toBe('choseLater');
  });

  test('who says twice nothing to "when" is called in half an hour', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '2' });
    called.hearsAll().silent();
    // "Take your time", and twice nothing all the same.
    called.hearsAll().silent().hearsAll().silent();
    const choice = { choice: 'later', minutes: 30 };
    expect(called.effects.at(-1)).toEqual({ type: 'settle', choice });
  });

  test('hears the code that they chose', () => {
    const called = new CalledBack('47').answers();
    const say = called.effects.find(({ type }) => type === 'say');
    expect(say).toMatchObject({
      utterances: expect.arrayContaining([{ say: 'digits', digits: '47' }]),
    });
  });

  test('a beep alone ends nothing: the key that does not come does, without a second greeting', () => {
    const called = new CalledBack().answers().tell(heard('beep', 2_000)).hearsAll();
    called.now = 12_000;
    expect(called.cause).toBeUndefined();
    expect(called.silent().hearsAll().cause).toBe('machine');
    expect(called.kinds()).not.toContain('ringAgent');
  });

  test('a long greeting is not greeted twice, but a key still counts', () => {
    const long = [heard('speechBegan', 1_500), heard('speechEnded', 9_000)];
    const called = new CalledBack()
      .answers()
      .tell(...long)
      .hearsAll();
    called.now = 20_000;
    expect(called.silent().hearsAll().cause).toBe('machine');
    const person = new CalledBack().answers().tell(...long, { type: 'key', key: '1' });
    expect(person.kinds()).toContain('ringAgent');
  });

  test.each([
    [{ type: 'settled', kept: true, onTime: true }, 'callback-cancelled'],
    [{ type: 'settled', kept: false }, 'service-error'],
  ] as const)('a cancellation is said as it was kept (%o)', (settled, prompt) => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '3' });
    called.tell(settled);
    expect(called.effects.at(-1)).toMatchObject({ utterances: [{ prompt }] });
    expect(called.hearsAll().cause).toBe('choseCancel');
  });

  test.each<AttemptEvent>([{ type: 'mediaFailed' }, { type: 'hungUp', by: 'failure' }])(
    'a wish to cancel stands when the sound is lost: %o',
    (event) => {
      const called = new CalledBack().answers().tell({ type: 'key', key: '3' });
      expect(called.tell({ type: 'settled', kept: true, onTime: true }, event).cause).toBe(
        'choseCancel',
      );
    },
  );

  test('sound that fails late does not cut a conversation', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '1' }, { type: 'talking' });
    expect(called.tell({ type: 'mediaFailed' }).attempt.state.phase).toBe('talking');
  });

  test.each([['greeting'], ['later']])('zero leads to a person, at the %s', (phase) => {
    const called = new CalledBack().answers();
    if (phase === 'later') called.tell({ type: 'key', key: '2' });
    expect(called.attempt.state.phase).toBe(phase);
    called.tell({ type: 'key', key: '0' });
    expect(called.kinds()).toContain('confirmed');
    expect(called.kinds()).toContain('ringAgent');
  });

  test('keys without meaning end the question when; then it is half an hour', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '2' });
    for (let nth = 0; nth < 200; nth += 1) called.tell({ type: 'key', key: '*' });
    expect(called.effects.at(-1)).toEqual({
      type: 'settle',
      choice: { choice: 'later', minutes: 30 },
    });
  });

  test.each([
    ['for the first agent', [], 'hungUp'],
    ['after an apology', [{ type: 'agentMissed' }], 'ourFailure'],
    [
      'for the second agent',
      [{ type: 'agentMissed' }, { type: 'assigned', agentId: 'bob', ready: true }],
      'ourFailure',
    ],
  ] as const)('who gives up waiting %s: %s', (_name, events, cause) => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '1' }, ...events);
    expect(called.tell({ type: 'hungUp', by: 'party' }).cause).toBe(cause);
  });

  test('other keys are ignored', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '7' });
    expect(called.attempt.state.phase).toBe('greeting');
  });

  test('goes to the next agent when the first does not answer', () => {
    const called = new CalledBack().answers().tell({ type: 'key', key: '1' });
    called.tell({ type: 'agentMissed' }, { type: 'assigned', agentId: 'bob', ready: true });
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

describe('an agent who is still in wrap-up', () => {
  const ahead = () => beginAttempt('alice', false, 'customerFirst', 'en').attempt;

  test('rings only once it is over; the customer waits, with an apology if it takes long', () => {
    const called = new CalledBack();
    called.attempt = ahead();
    called.answers().tell({ type: 'key', key: '1' });
    expect(called.kinds()).toContain('confirmed');
    expect(called.kinds()).not.toContain('ringAgent');
    called.hearsAll();
    expect(called.effects.at(-1)).toMatchObject({ utterances: [{ prompt: 'callback-apology' }] });
    called.tell({ type: 'agentReady', agentId: 'alice' });
    expect(called.effects.at(-1)).toEqual({ type: 'ringAgent', agentId: 'alice' });
  });

  test('rings at once if it was over before the key', () => {
    const called = new CalledBack();
    called.attempt = ahead();
    called.answers().tell({ type: 'agentReady', agentId: 'alice' }, { type: 'key', key: '1' });
    expect(called.kinds()).toContain('ringAgent');
  });
});

describe('agent first', () => {
  function summoned(): CalledBack {
    const called = new CalledBack();
    const begun = beginAttempt('alice', true, 'agentFirst', 'en');
    called.attempt = begun.attempt;
    called.effects.push(...begun.effects);
    return called;
  }

  test('the customer is called once the agent is on the line, and joined after 1', () => {
    const called = summoned();
    expect(called.kinds()).toEqual(['summonAgent']);
    called.tell({ type: 'agentAnswered' });
    expect(called.kinds()).toEqual(['summonAgent', 'dial']);
    called.answers().tell({ type: 'key', key: '1' });
    expect(called.effects).toContainEqual({ type: 'ringAgent', agentId: 'alice' });
  });

  test("ends, at nobody's cost, when the agent does not answer, or leaves while it rings", () => {
    expect(summoned().tell({ type: 'agentGone' }).cause).toBe('withdrawn');
    const left = summoned().tell({ type: 'agentAnswered' }, { type: 'agentGone' });
    expect(left.kinds()).toEqual(['summonAgent', 'dial', 'hangUp', 'ended']);
  });

  test('ends when its beginning could not be kept', () => {
    expect(summoned().tell({ type: 'dialFailed', cause: 'ourFailure' }).cause).toBe('ourFailure');
  });

  test('a customer who answered after the agent left waits for another', () => {
    const called = summoned().tell({ type: 'agentAnswered' }).answers().tell({ type: 'agentGone' });
    called.tell({ type: 'key', key: '1' });
    expect(called.kinds()).not.toContain('ringAgent');
    called.tell({ type: 'assigned', agentId: 'bob', ready: true });
    expect(called.effects.at(-1)).toEqual({ type: 'ringAgent', agentId: 'bob' });
  });
});
