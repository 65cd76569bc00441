import { beforeEach, describe, expect, it } from 'vitest';
import { type DialogueEffect, prompts } from '../../../src/domain/ivr/dialogue.ts';
import { KEYS, type Key } from '../../../src/domain/ivr/keys.ts';
import {
  hear,
  type Listener,
  listenerWith,
  tell,
  type UniversalKeys,
  USUAL_KEYS,
} from '../../../src/domain/ivr/listener.ts';
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
