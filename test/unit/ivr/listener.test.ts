import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type DialogueEffect,
  type DialogueEvent,
  prompts,
} from '../../../src/domain/ivr/dialogue.ts';
import { KEYS, type Key } from '../../../src/domain/ivr/keys.ts';
import {
  hear,
  type Listener,
  listenerWith,
  tell,
  type UniversalKeys,
  USUAL_KEYS,
} from '../../../src/domain/ivr/listener.ts';
import type { Menu } from '../../../src/domain/ivr/menu.ts';
import { beginMenu, type MenuDialogue, stepMenu } from '../../../src/domain/ivr/menu-dialogue.ts';
import { soundsFor } from '../../../src/domain/ivr/speech.ts';
import { voiceIn } from '../../../src/domain/ivr/voice.ts';

const QUESTION: DialogueEffect = { type: 'say', turn: 7, utterances: prompts('question') };
const WAIT: DialogueEffect = { type: 'awaitKey', turn: 7, afterMs: 6_000, moreTime: true };
const SLOW = { ...voiceIn('en'), pace: 'slow' } as const;

/** Somebody who was asked a question. */
class Asked {
  listener: Listener = listenerWith(voiceIn('en'));
  keys: Partial<UniversalKeys> = USUAL_KEYS;
  wantsPerson = false;

  constructor() {
    this.tell(QUESTION);
  }

  /** What a dialogue wants done, as the telephone is told. */
  tell(...effects: readonly DialogueEffect[]): readonly DialogueEffect[] {
    const told = tell(this.listener, effects);
    this.listener = told.listener;
    return told.effects;
  }

  press(key: Key) {
    return this.#hear({ type: 'key', key });
  }

  silent(turn = 7) {
    return this.#hear({ type: 'silence', turn });
  }

  said(turn = 7) {
    return this.#hear({ type: 'said', turn });
  }

  #hear(event: Parameters<typeof hear>[1]) {
    const heard = hear(this.listener, event, this.keys);
    this.listener = heard.listener;
    this.wantsPerson ||= heard.wantsPerson;
    return { effects: heard.effects, event: heard.event };
  }
}

describe('who listens', () => {
  let caller: Asked;

  beforeEach(() => {
    caller = new Asked();
  });

  it('hears the last thing again, in the same turn', () => {
    expect(caller.press('*')).toEqual({ effects: [QUESTION], event: undefined });
    caller.tell(WAIT);
    expect(caller.press('*').effects).toEqual([QUESTION]);
    const answer: DialogueEffect = { type: 'say', turn: 8, utterances: prompts('answer') };
    caller.tell(answer);
    expect(caller.press('*').effects).toEqual([answer]);
  });

  it('hears it again more slowly, and as before after the key is pressed again', () => {
    expect(caller.press('#').effects).toEqual([{ type: 'useVoice', voice: SLOW }, QUESTION]);
    expect(caller.listener.voice).toEqual(SLOW);
    expect(caller.press('#').effects).toEqual([
      { type: 'useVoice', voice: voiceIn('en') },
      QUESTION,
    ]);
  });

  it('stays slow when another language is chosen by whoever chooses the voice', () => {
    caller.press('#');
    const voice = { ...caller.listener.voice, language: 'es' };
    caller.tell({ type: 'useVoice', voice });
    expect(caller.listener.voice).toEqual({ language: 'es', pace: 'slow' });
  });

  it('reaches a person by key, and nobody else hears of the key', () => {
    expect(caller.press('0')).toEqual({ effects: [], event: undefined });
    expect(caller.wantsPerson).toBe(true);
  });

  it.each(KEYS.filter((key) => !Object.values(USUAL_KEYS).includes(key)))(
    'leaves key %s to the dialogue',
    (key) => {
      expect(caller.press(key)).toEqual({ effects: [], event: { type: 'key', key } });
    },
  );

  it.each(KEYS)('leaves key %s to a dialogue that takes all of them', (key) => {
    caller.keys = {};
    expect(caller.press(key)).toEqual({ effects: [], event: { type: 'key', key } });
    expect(caller.wantsPerson).toBe(false);
  });

  it('can have other keys', () => {
    caller.keys = { repeat: '9', person: '*', slower: '8' };
    expect(caller.press('9').effects).toEqual([QUESTION]);
    caller.press('*');
    expect(caller.wantsPerson).toBe(true);
  });

  it('hears nothing again before anything was said', () => {
    caller.listener = listenerWith(voiceIn('en'));
    expect(caller.press('*').event).toEqual({ type: 'key', key: '*' });
  });

  it('cannot go on for ever: after 20 times the key counts as any other', () => {
    for (let time = 0; time < 20; time += 1) expect(caller.press('*').event).toBeUndefined();
    expect(caller.press('*').event).toEqual({ type: 'key', key: '*' });
    expect(caller.press('#').event).toEqual({ type: 'key', key: '#' });
    caller.tell({ ...QUESTION, turn: 8 });
    expect(caller.press('*').event).toBeUndefined();
  });
});

describe('who needs more time', () => {
  let caller: Asked;

  beforeEach(() => {
    caller = new Asked();
    expect(caller.tell(WAIT)).toEqual([WAIT]);
  });

  it('is told so at the first silence, and waited for twice as long', () => {
    const encouragement = { type: 'say', turn: 7, utterances: prompts('take-your-time') };
    expect(caller.silent()).toEqual({ effects: [encouragement], event: undefined });
    expect(caller.said()).toEqual({ effects: [{ ...WAIT, afterMs: 12_000 }], event: undefined });
    expect(caller.silent().event).toEqual({ type: 'silence', turn: 7 });
  });

  it('is not told again in the same call, but every wait is longer', () => {
    caller.silent();
    caller.said();
    caller.tell({ ...QUESTION, turn: 8 });
    expect(caller.said(8).event).toEqual({ type: 'said', turn: 8 });
    expect(caller.tell({ ...WAIT, turn: 8 })).toEqual([{ ...WAIT, turn: 8, afterMs: 12_000 }]);
    expect(caller.silent(8).event).toEqual({ type: 'silence', turn: 8 });
  });

  it('has it also after asking for slower speech', () => {
    caller.press('#');
    expect(caller.tell(WAIT)).toEqual([{ ...WAIT, afterMs: 12_000 }]);
  });

  it('can press a key meanwhile, as ever', () => {
    caller.silent();
    expect(caller.press('1').event).toEqual({ type: 'key', key: '1' });
  });

  it('can hear the question again meanwhile, and the dialogue waits anew', () => {
    caller.silent();
    expect(caller.press('*').effects).toEqual([QUESTION]);
    expect(caller.said().event).toEqual({ type: 'said', turn: 7 });
  });

  it('is not asked for a key where silence is an answer', () => {
    const offer: DialogueEffect = { type: 'awaitKey', turn: 7, afterMs: 6_000 };
    caller.tell(offer);
    expect(caller.silent().event).toEqual({ type: 'silence', turn: 7 });
  });

  it('is not reached by a silence that came too late', () => {
    expect(caller.silent(6).event).toEqual({ type: 'silence', turn: 6 });
    caller.tell({ ...QUESTION, turn: 8 });
    expect(caller.silent(7).event).toEqual({ type: 'silence', turn: 7 });
    expect(caller.listener.unhurried).toBe(false);
  });
});

describe('telling', () => {
  it('lets effects of other kinds pass', () => {
    const effects = [{ type: 'joinLine', queue: 'refunds' } as const, WAIT];
    expect(tell(listenerWith(voiceIn('en')), effects).effects).toEqual(effects);
  });
});

/** A menu on a telephone, as a call has it. */
class MenuOnThePhone {
  readonly spoken: string[] = [];
  readonly waits: number[] = [];
  keysPressed = 0;
  outcome: string | undefined;
  #listener = listenerWith(voiceIn('en'));
  #dialogue: MenuDialogue;

  constructor() {
    const begun = beginMenu(MENU, [], 1, []);
    this.#dialogue = begun.dialogue;
    this.#run(begun.effects);
  }

  /** Everything is heard to its end, and nothing pressed. */
  silent(): void {
    const { turn } = this.#dialogue;
    this.#take({ type: 'said', turn });
    if (this.outcome === undefined) this.#take({ type: 'silence', turn });
  }

  press(key: Key): void {
    this.keysPressed += 1;
    this.#take({ type: 'key', key });
  }

  #take(event: DialogueEvent): void {
    const heard = hear(this.#listener, event, MENU.universalKeys);
    this.#listener = heard.listener;
    this.#run(heard.effects, false);
    if (heard.wantsPerson) this.outcome = 'person';
    if (heard.event === undefined) return;
    const step = stepMenu(this.#dialogue, heard.event);
    this.#dialogue = step.dialogue;
    this.#run(step.effects);
    if (step.action !== undefined) this.outcome = step.action.to;
  }

  #run(effects: readonly DialogueEffect[], isNew = true): void {
    const told = isNew ? tell(this.#listener, effects) : { listener: this.#listener, effects };
    this.#listener = told.listener;
    for (const effect of told.effects) {
      if (effect.type === 'awaitKey') this.waits.push(effect.afterMs / 1000);
      if (effect.type !== 'say') continue;
      this.spoken.push(soundsFor(effect.utterances, 'en').join(' ').replaceAll('prompts/', ''));
    }
  }
}

describe('in a menu', () => {
  it('who presses nothing has more time, and is served in the end', () => {
    const phone = new MenuOnThePhone();
    while (phone.outcome === undefined) phone.silent();
    expect(phone.spoken).toEqual(['menu', 'take-your-time', 'timeout menu']);
    expect(phone.waits).toEqual([6, 12, 12]);
    expect(phone.outcome).toBe('queue');
  });

  it('who presses one key for ever is not heard for ever', () => {
    for (const key of KEYS) {
      const phone = new MenuOnThePhone();
      while (phone.outcome === undefined && phone.keysPressed < 1000) phone.press(key);
      expect(phone.outcome).toBeDefined();
      expect(phone.keysPressed).toBeLessThanOrEqual(2 * 21);
    }
  });

  it('whatever is pressed and left out, everybody leaves it', () => {
    const acts = fc.array(fc.constantFrom(...KEYS, 'silent' as const), {
      minLength: 200,
      maxLength: 200,
    });
    fc.assert(
      fc.property(acts, (all) => {
        const phone = new MenuOnThePhone();
        for (const act of all) {
          if (phone.outcome !== undefined) break;
          if (act === 'silent') phone.silent();
          else phone.press(act);
        }
        expect(['queue', 'person']).toContain(phone.outcome);
      }),
    );
  });
});

const MENU: Menu = {
  id: 'main',
  prompts: ['menu'],
  keys: { '1': { to: 'queue', queue: 'refunds' } },
  universalKeys: USUAL_KEYS,
  person: undefined,
  timeoutSeconds: 6,
  timeoutPrompt: 'timeout',
  invalidPrompt: 'invalid-key',
  maxTries: 2,
  exhausted: { to: 'queue', queue: 'general' },
};
