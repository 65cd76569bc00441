import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommand } from '../../../src/protocol/esl/command.ts';

const read = (...lines: string[]): unknown => readCommand({ lines, body: '' });

describe('readCommand', () => {
  const table: ReadonlyArray<
    readonly [lines: readonly string[], command: Record<string, unknown>]
  > = [
    [['auth secret word'], { kind: 'auth', password: 'secret word' }],
    [['exit'], { kind: 'exit' }],
    [['EXIT now'], { kind: 'exit' }],
    [
      ['api uuid_kill abc NORMAL_CLEARING'],
      { kind: 'api', name: 'uuid_kill', argument: 'abc NORMAL_CLEARING' },
    ],
    [
      ['api conference  room recording start /x.wav'],
      { kind: 'api', name: 'conference', argument: ' room recording start /x.wav' },
    ],
    [
      ['bgapi show channels as json', 'Job-UUID: 42'],
      { kind: 'bgapi', name: 'show', argument: 'channels as json', jobUuid: '42' },
    ],
    [['filter Unique-ID abc'], { kind: 'filter-add', header: 'Unique-ID', value: 'abc' }],
    [['filter add Unique-ID abc'], { kind: 'filter-add', header: 'Unique-ID', value: 'abc' }],
    [['filter delete Unique-ID'], { kind: 'filter-delete', header: 'Unique-ID', value: undefined }],
    [['filter Unique-ID'], { kind: 'filter-invalid' }],
    [['myevents json'], { kind: 'myevents', uuid: undefined, format: 'json' }],
    [['linger 30'], { kind: 'linger', seconds: 30 }],
    [['linger'], { kind: 'linger', seconds: undefined }],
    [['noevents'], { kind: 'noevents' }],
    [['constellation'], { kind: 'unknown', text: 'constellation' }],
    [[], { kind: 'unknown', text: '' }],
  ];
  it.each(table)('%j', (lines, command) => {
    expect(read(...lines)).toEqual(command);
  });

  it('takes names with and without SWITCH_EVENT_, and everything behind CUSTOM as subclasses', () => {
    expect(
      read(
        'event json SWITCH_EVENT_PLAYBACK_START dtmf NONSENSE CUSTOM conference::maintenance BACKGROUND_JOB',
      ),
    ).toEqual({
      kind: 'event',
      selection: {
        format: 'json',
        all: false,
        names: ['PLAYBACK_START', 'DTMF', 'CUSTOM'],
        subclasses: ['conference::maintenance', 'BACKGROUND_JOB'],
      },
    });
    expect(read('event plain ALL')).toMatchObject({ selection: { format: 'plain', all: true } });
  });

  it('reads the headers of sendmsg in any case', () => {
    expect(
      read(
        'sendmsg abc',
        'Call-Command: execute',
        'execute-app-name: playback',
        'execute-app-arg: a: b',
        'no colon',
      ),
    ).toEqual({
      kind: 'sendmsg',
      uuid: 'abc',
      headers: new Map([
        ['call-command', 'execute'],
        ['execute-app-name', 'playback'],
        ['execute-app-arg', 'a: b'],
      ]),
      body: '',
    });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), (lines, body) => {
        expect(readCommand({ lines, body })).toHaveProperty('kind');
      }),
    );
  });
});
