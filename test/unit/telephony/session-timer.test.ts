import { describe, expect, it } from 'vitest';
import {
  agreedTimer,
  answerTimer,
  giveUpAfterMs,
  intervalAfter422,
  refreshAfterMs,
  requestTimer,
  type TimerHeaders,
} from '../../../src/telephony/session-timer.ts';

const policy = { wantedSeconds: 1800, leastSeconds: 90 };
const nothing: TimerHeaders = { sessionExpires: undefined, minSe: undefined, supported: undefined };

describe('answerTimer', () => {
  it.each<[string, Partial<TimerHeaders>, string | number]>([
    ['caller without timers: we refresh', {}, '1800;refresher=uas'],
    ['caller that can: it refreshes', { supported: '100rel, timer' }, '1800;refresher=uac'],
    [
      'shorter interval is taken',
      { supported: 'timer', sessionExpires: '600' },
      '600;refresher=uac',
    ],
    [
      'longer one is cut',
      { supported: 'timer', sessionExpires: '7200;refresher=uas' },
      '1800;refresher=uas',
    ],
    [
      'Min-SE above ours wins',
      { supported: 'timer', sessionExpires: '3600', minSe: '2400' },
      '2400;refresher=uac',
    ],
    ['too short: 422', { supported: 'timer', sessionExpires: '60;refresher=uac' }, 90],
    ['too short from a caller that can not read 422', { sessionExpires: '60' }, '90;refresher=uas'],
    [
      'nonsense counts as absent',
      { supported: 'timer', sessionExpires: 'soon' },
      '1800;refresher=uac',
    ],
  ])('%s', (_case, given, expected) => {
    const answer = answerTimer({ ...nothing, ...given }, policy);
    if (answer.accepted) expect(answer.headers['Session-Expires']).toBe(expected);
    else expect(answer.minSeSeconds).toBe(expected);
  });

  it('requires timer only when the caller must refresh', () => {
    const theirs = answerTimer({ ...nothing, supported: 'timer' }, policy);
    const ours = answerTimer(nothing, policy);
    expect(theirs).toMatchObject({ headers: { Require: 'timer' }, timer: { weRefresh: false } });
    expect(ours).toMatchObject({ timer: { weRefresh: true } });
    expect(ours).not.toHaveProperty('headers.Require');
  });
});

describe('agreedTimer', () => {
  it.each([
    ['600;refresher=uas', { intervalSeconds: 600, weRefresh: false }],
    ['600;refresher=uac', { intervalSeconds: 600, weRefresh: true }],
    ['600', { intervalSeconds: 600, weRefresh: true }],
    [undefined, { intervalSeconds: 1800, weRefresh: true }],
  ])('%s', (sessionExpires, timer) => {
    expect(agreedTimer({ ...nothing, sessionExpires }, 1800)).toEqual(timer);
  });
});

it('refreshes before half way and gives up before the end', () => {
  expect(refreshAfterMs({ intervalSeconds: 1800, weRefresh: true })).toBe(720_000);
  expect(giveUpAfterMs({ intervalSeconds: 1800, weRefresh: false })).toBe(1_768_000);
  expect(giveUpAfterMs({ intervalSeconds: 90, weRefresh: false })).toBe(60_000);
});

it('writes and reads what a 422 needs', () => {
  expect(requestTimer(1800, 90)).toEqual({ 'Session-Expires': '1800', 'Min-SE': '90' });
  expect(requestTimer(1800, 90, 'uac')['Session-Expires']).toBe('1800;refresher=uac');
  expect(intervalAfter422('3600')).toBe(3600);
  expect(intervalAfter422('999999')).toBeUndefined();
  expect(intervalAfter422(undefined)).toBeUndefined();
});
