import { describe, expect, it } from 'vitest';
import type { Header, SipRequest } from '../../../../src/protocol/sip/message.ts';
import { SipParseError } from '../../../../src/protocol/sip/parse-error.ts';
import { responseTo } from '../../../../src/protocol/sip/response.ts';
import {
  answerSessionTimer,
  byeAfterSeconds,
  parseSessionExpires,
  policyAfterTooSmall,
  refreshAfterSeconds,
  sessionTimerRequestHeaders,
  timerFromAnswer,
} from '../../../../src/protocol/sip/session-timer.ts';

const POLICY = { intervalSeconds: 1800, minSeconds: 120 };

function invite(fields: Readonly<Record<string, string>>): SipRequest {
  const headers = Object.entries(fields).map(([name, value]) => ({ name, value }));
  return { kind: 'request', method: 'INVITE', uri: 'sip:b@c', headers, body: Buffer.alloc(0) };
}

function values(headers: readonly Header[]): Record<string, string> {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}

describe('the server', () => {
  it.each([
    ['no timer known', {}, 1800, 'uas'],
    ['a proxy asked for one', { 'Session-Expires': '600' }, 600, 'uas'],
    ['a proxy asked for us', { 'Session-Expires': '600;refresher=uas' }, 600, 'uas'],
    ['known, none asked', { Supported: 'replaces, Timer' }, 1800, 'uac'],
    ['known, the client to refresh', { k: 'timer', x: '600;refresher=uac' }, 600, 'uac'],
    ['known, us to refresh', { k: 'timer', x: '600;refresher=uas' }, 600, 'uas'],
    ['longer than we want', { k: 'timer', x: '7200' }, 1800, 'uac'],
    ['our wish below Min-SE', { k: 'timer', x: '7200', 'Min-SE': '3600' }, 3600, 'uac'],
    ['exactly our minimum', { k: 'timer', x: '120' }, 120, 'uac'],
  ] as const)('%s', (_, fields, intervalSeconds, refresher) => {
    const answer = answerSessionTimer(invite(fields), POLICY);
    expect(answer).toMatchObject({ kind: 'on', timer: { intervalSeconds, refresher } });
    expect(values(answer.headers)).toEqual({
      'Session-Expires': `${intervalSeconds};refresher=${refresher}`,
      ...(refresher === 'uac' ? { Require: 'timer' } : {}),
    });
  });

  it('refuses an interval below its minimum with 422 and Min-SE', () => {
    const answer = answerSessionTimer(
      invite({ Supported: 'timer', 'Session-Expires': '119' }),
      POLICY,
    );
    expect(answer).toMatchObject({ kind: 'too-small', status: 422 });
    expect(values(answer.headers)).toEqual({ 'Min-SE': '120' });
  });

  it('does not refuse a client that would not understand', () => {
    const answer = answerSessionTimer(invite({ 'Session-Expires': '100' }), POLICY);
    expect(answer).toMatchObject({ kind: 'on', timer: { intervalSeconds: 100, refresher: 'uas' } });
  });

  it.each([
    ['Session-Expires', 'soon'],
    ['Session-Expires', '1800;refresher=me'],
    ['Session-Expires', '99999999999'],
    ['Min-SE', '-1'],
  ])('refuses %s: %s as malformed', (name, value) => {
    expect(() => answerSessionTimer(invite({ [name]: value }), POLICY)).toThrow(SipParseError);
  });

  it('refuses a repeated Session-Expires', () => {
    const twice = invite({ 'Session-Expires': '600', x: '1800' });
    expect(() => answerSessionTimer(twice, POLICY)).toThrow(SipParseError);
  });
});

describe('the client', () => {
  it('asks for its interval', () => {
    expect(values(sessionTimerRequestHeaders(POLICY, 'uac'))).toEqual({
      'Session-Expires': '1800;refresher=uac',
      'Min-SE': '120',
    });
  });

  it('never asks for less than the RFC allows', () => {
    const headers = sessionTimerRequestHeaders({ intervalSeconds: 10, minSeconds: 5 });
    expect(values(headers)).toEqual({ 'Session-Expires': '90', 'Min-SE': '90' });
  });

  it('takes what the server settles, else refreshes by itself', () => {
    const answer = responseTo(invite({}), 200, {
      headers: [{ name: 'Session-Expires', value: '600;refresher=uas' }],
    });
    expect(timerFromAnswer(answer, POLICY)).toEqual({ intervalSeconds: 600, refresher: 'uas' });
    expect(timerFromAnswer(responseTo(invite({}), 200), POLICY)).toEqual({
      intervalSeconds: 1800,
      refresher: 'uac',
    });
  });

  it('tries again after 422 with the minimum it was told', () => {
    const tooSmall = responseTo(invite({}), 422, { headers: [{ name: 'Min-SE', value: '3600' }] });
    expect(policyAfterTooSmall(tooSmall, POLICY)).toEqual({
      intervalSeconds: 3600,
      minSeconds: 3600,
    });
  });
});

describe('times', () => {
  it.each([
    [90, 45, 60],
    [96, 48, 64],
    [1800, 900, 1768],
  ])('of %i s: refresh after %i s, BYE after %i s', (intervalSeconds, refresh, bye) => {
    const timer = { intervalSeconds, refresher: 'uac' } as const;
    expect(refreshAfterSeconds(timer)).toBe(refresh);
    expect(byeAfterSeconds(timer)).toBe(bye);
  });

  it('reads the value with other parameters', () => {
    expect(parseSessionExpires('1800 ;refresher=UAC;x=y')).toEqual({
      intervalSeconds: 1800,
      refresher: 'uac',
    });
  });
});
