import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentScreen } from '../../../src/engine/ports.ts';
import { screenHeaders } from '../../../src/telephony/agent-screen.ts';

const SCREEN: AgentScreen = {
  reason: 'callback',
  queue: 'refunds',
  path: ['main', 'refunds'],
  waitSeconds: 1920.4,
  attempts: 1,
  ticket: 'ticket-1f2e',
};

describe('the headers of an agent’s INVITE', () => {
  it('say who is coming', () => {
    expect(screenHeaders(SCREEN)).toEqual({
      'X-Linekeeper-Reason': 'callback',
      'X-Linekeeper-Queue': 'refunds',
      'X-Linekeeper-Path': 'main/refunds',
      'X-Linekeeper-Wait': '1920',
      'X-Linekeeper-Attempts': '1',
      'X-Linekeeper-Ticket': 'ticket-1f2e',
    });
  });

  it.each<[string, Partial<AgentScreen>, Readonly<Record<string, string | undefined>>]>([
    ['no ticket', { ticket: undefined }, { Ticket: undefined }],
    ['no path', { path: [] }, { Path: '-' }],
    ['no queue', { queue: '' }, { Queue: '-' }],
    ['what is no ASCII', { queue: 'Rückruf' }, { Queue: 'R%C3%BCckruf' }],
    ['what would end the header', { queue: 'a\r\nVia: x' }, { Queue: 'a%0D%0AVia%3A%20x' }],
    ['a slash in a part', { path: ['a/b', 'c'] }, { Path: 'a%2Fb/c' }],
    ['half a character', { queue: '\ud83d' }, { Queue: '%3F' }],
    ['no wait', { waitSeconds: -5 }, { Wait: '0' }],
    ['no number at all', { waitSeconds: Number.NaN }, { Wait: '0' }],
    ['an endless wait', { waitSeconds: 1e12 }, { Wait: '2592000' }],
  ])('hold %s', (_case, changes, expected) => {
    const headers = screenHeaders({ ...SCREEN, ...changes });
    for (const [name, value] of Object.entries(expected)) {
      expect(headers[`X-Linekeeper-${name}`]).toBe(value);
    }
  });

  it('are bounded, printable ASCII and never empty, whatever they are given', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 40 }), (queue, path) => {
        for (const value of Object.values(screenHeaders({ ...SCREEN, queue, path }))) {
          expect(value).toMatch(/^[!-~]{1,200}$/u);
          expect(() => decodeURIComponent(value)).not.toThrow();
        }
      }),
    );
  });
});
