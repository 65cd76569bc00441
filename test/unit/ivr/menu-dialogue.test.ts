import { describe, expect, it } from 'vitest';
import type { DialogueEvent } from '../../../src/domain/ivr/dialogue.ts';
import { USUAL_KEYS } from '../../../src/domain/ivr/listener.ts';
import { type EntryPoint, type Menu, personQueue } from '../../../src/domain/ivr/menu.ts';
import {
  beginMenu,
  leaving,
  type MenuStep,
  stepMenu,
} from '../../../src/domain/ivr/menu-dialogue.ts';

const MENU: Menu = {
  id: 'main',
  prompts: ['main-menu'],
  keys: {
    '1': { to: 'queue', queue: 'refunds' },
    '8': { to: 'menu', menu: 'main', language: 'es' },
    '9': { to: 'repeat' },
  },
  universalKeys: USUAL_KEYS,
  person: undefined,
  timeoutSeconds: 6,
  timeoutPrompt: 'timeout',
  invalidPrompt: 'invalid-key',
  maxTries: 2,
  exhausted: { to: 'queue', queue: 'general' },
};

const ENTRY_POINT: EntryPoint = {
  dnis: '+18005550100',
  namePrompt: 'name-tax-help',
  greeting: ['greeting'],
  menu: 'main',
  hours: 'always',
  closedPrompts: ['closed'],
  language: 'en',
  person: undefined,
  accessible: undefined,
};

function after(step: MenuStep, ...events: readonly DialogueEvent[]): MenuStep {
  return events.reduce((now, event) => stepMenu(now.dialogue, event), step);
}

describe('a menu', () => {
  const begun = beginMenu(MENU, ['greeting'], 1, ['language 2']);

  it('waits for a key with patience', () => {
    expect(after(begun, { type: 'said', turn: 1 }).effects).toEqual([
      { type: 'awaitKey', turn: 1, afterMs: 6_000, moreTime: true },
    ]);
  });

  it('tells the way that led on', () => {
    const chosen = after(begun, { type: 'key', key: '1' });
    expect(chosen.action).toEqual({ to: 'queue', queue: 'refunds' });
    expect(chosen.dialogue.path).toEqual(['language 2', 'main 1']);
  });

  it('tells its own name alone when the tries were used up', () => {
    const given = after(begun, { type: 'silence', turn: 1 }, { type: 'key', key: '5' });
    expect(given.action).toEqual(MENU.exhausted);
    expect(given.dialogue.path).toEqual(['language 2', 'main']);
  });

  it('keeps a key that leads to a person in the path as well', () => {
    expect(leaving(begun.dialogue, '0').path).toEqual(['language 2', 'main 0']);
  });

  it('forgets the oldest of a long way', () => {
    let step = begun;
    for (let round = 0; round < 30; round += 1) {
      step = after(step, { type: 'key', key: '8' });
      step = beginMenu(MENU, [], step.dialogue.turn + 1, step.dialogue.path);
    }
    expect(step.dialogue.path).toEqual(Array.from({ length: 20 }, () => 'main 8'));
  });

  it('is no further way while it is said again', () => {
    expect(after(begun, { type: 'key', key: '9' }).dialogue.path).toEqual(['language 2']);
  });
});

describe('the queue of a person', () => {
  it.each<[string, Partial<Menu>, string | undefined, string | undefined]>([
    ["the menu's", { person: 'specialists' }, 'general', 'specialists'],
    ["the number's", {}, 'helpers', 'helpers'],
    ['where silence leads', {}, undefined, 'general'],
    ['nowhere', { exhausted: { to: 'hangUp', prompts: ['goodbye'] } }, undefined, undefined],
  ])('is %s', (_case, menu, person, queue) => {
    expect(personQueue({ ...MENU, ...menu }, { ...ENTRY_POINT, person })).toBe(queue);
  });
});
