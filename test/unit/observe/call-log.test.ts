import { expect, test } from 'vitest';
import { callLog } from '../../../src/observe/call-log.ts';
import { createLog } from '../../../src/observe/log.ts';

test('a call leaves a line when it begins and one when it ends, without numbers', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const observe = callLog(createLog({ level: 'info', pretty: false, destination }));
  observe({ what: 'callArrived', callId: 'call-a', dnis: '+18005550100' }, 0);
  observe({ what: 'callbackOffered', callId: 'call-a', queue: 'refunds' }, 1);
  observe({ what: 'callEnded', callId: 'call-a', queue: 'refunds', outcome: 'ticketTaken' }, 2);
  observe({ what: 'callEnded', callId: 'call-b', queue: undefined, outcome: 'abandonedInMenu' }, 3);
  const told = lines.map((line) => {
    const { time: _, ...rest } = JSON.parse(line) as Record<string, unknown>;
    return rest;
  });
  expect(told).toEqual([
    { level: 'info', message: 'call began', callId: 'call-a' },
    {
      level: 'info',
      message: 'call ended',
      callId: 'call-a',
      queue: 'refunds',
      outcome: 'ticketTaken',
    },
    { level: 'info', message: 'call ended', callId: 'call-b', outcome: 'abandonedInMenu' },
  ]);
  expect(lines.join('')).not.toContain('555');
});
