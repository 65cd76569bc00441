import { describe, expect, it } from 'vitest';
import { readCommand } from '../../../src/protocol/esl/command.ts';
import type { EslEvent } from '../../../src/protocol/esl/event.ts';
import type { EventName } from '../../../src/protocol/esl/event-names.ts';
import { Subscription } from '../../../src/switch/media/event-socket/subscription.ts';

function subscribed(...commands: string[]): Subscription {
  const subscription = new Subscription();
  for (const line of commands) {
    const command = readCommand({ lines: [line], body: '' });
    if (command.kind === 'event') subscription.add(command.selection);
    else if (command.kind === 'nixevent') subscription.remove(command.selection);
    else if (command.kind === 'filter-add') subscription.addFilter(command.header, command.value);
    else if (command.kind === 'filter-delete')
      subscription.removeFilter(command.header, command.value);
    else throw new Error(`not for this test: ${line}`);
  }
  return subscription;
}

function event(name: EventName, headers: Readonly<Record<string, string>> = {}): EslEvent {
  return { name, subclass: undefined, headers: new Map(Object.entries(headers)), body: undefined };
}

describe('kinds of events', () => {
  it.each([
    [['event json DTMF'], 'DTMF', undefined, true],
    [['event json DTMF'], 'HEARTBEAT', undefined, false],
    [['event plain ALL'], 'HEARTBEAT', undefined, true],
    [['event plain ALL'], 'CUSTOM', 'a::b', true],
    [['event json CUSTOM a::b'], 'CUSTOM', 'a::b', true],
    [['event json CUSTOM a::b'], 'CUSTOM', 'a::c', false],
    [['event json DTMF', 'event json HEARTBEAT'], 'DTMF', undefined, true],
    [['event plain ALL', 'nixevent DTMF'], 'DTMF', undefined, false],
    [['event plain ALL', 'nixevent DTMF'], 'HEARTBEAT', undefined, true],
    [['event json CUSTOM a::b', 'nixevent CUSTOM a::b'], 'CUSTOM', 'a::b', false],
  ] as const)('%j: %s %s', (commands, name, subclass, wanted) => {
    expect(subscribed(...commands).wants(name, subclass)).toBe(wanted);
  });
});

describe('filters', () => {
  const abc = event('DTMF', { 'Unique-ID': 'ABC', 'DTMF-Digit': '5' });
  it.each([
    [[], true],
    [['filter Unique-ID abc'], true],
    [['filter Unique-ID other'], false],
    [['filter Unique-ID other', 'filter DTMF-Digit 5'], true],
    [['filter Unique-ID /^A/'], true],
    [['filter Unique-ID -abc'], false],
    [['filter DTMF-Digit 5', 'filter Unique-ID - abc'], false],
    [['filter Unique-ID other', 'filter delete Unique-ID'], true],
    [['filter Unique-ID other', 'filter delete all'], true],
  ] as const)('%j', (commands, passes) => {
    expect(subscribed('event plain ALL', ...commands).passes(abc)).toBe(passes);
  });

  it('do not let another call’s events through myevents', () => {
    const subscription = new Subscription();
    subscription.followChannel('ABC');
    expect(subscription.wants('DTMF', undefined)).toBe(true);
    expect(subscription.passes(abc)).toBe(true);
    expect(subscription.passes(event('DTMF', { 'Unique-ID': 'other' }))).toBe(false);
    expect(subscription.passes(event('BACKGROUND_JOB', { 'Job-Owner-UUID': 'ABC' }))).toBe(true);
  });

  it('are limited in number', () => {
    const subscription = new Subscription();
    for (let i = 0; i < 1000; i++) expect(subscription.addFilter('X', String(i))).toBe(true);
    expect(subscription.addFilter('X', 'more')).toBe(false);
  });
});
