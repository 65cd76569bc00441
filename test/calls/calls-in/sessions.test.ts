import { describe, expect, test } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import { playScenario, responsesTo } from '../../support/sipp.ts';
import {
  ack,
  ackRefusal,
  answer,
  answerReinvite,
  awaitCue,
  bye,
  cancelledCall,
  endEitherWay,
  expectFinal,
  invite,
  pause,
  request,
  scenario,
} from '../../support/sipp-scenario.ts';
import { SILENT_SESSION, Stage } from './stage.ts';

const stage = Stage.forThisFile({
  changes: { system: { sip: { minSessionExpiresSeconds: 10 } } },
});

describe.concurrent('sound', () => {
  test.for(['PCMU', 'PCMA'] as const)('is heard by who offers %s alone', async (law, context) => {
    const caller = await stage.call(context, { law });
    await caller.hears('greeting');
    const [answered] = responsesTo('INVITE', await caller.hangUp()).filter(
      ({ status }) => status === 200,
    );
    expect(answered?.body.toString()).toContain(`RTP/AVP ${law === 'PCMU' ? 0 : 8}`);
  });

  test('is heard by who lets us offer, and answers in the ACK', async (context) => {
    const caller = await stage.call(context, {
      steps: (sdp) => [invite(), expectFinal(200), ack(sdp()), endEitherWay()],
    });
    await caller.hears('greeting');
    await caller.hangUp();
  });
});

describe('a call that is withdrawn', () => {
  test.for([0, 2, 5, 10, 20, 40, 80, 200])('%i ms after it came, ends', async (afterMs) => {
    await playScenario({
      ...stage.to(),
      scenario: scenario(cancelledCall(afterMs, SILENT_SESSION)),
    });
  });
});

describe.concurrent('hold', () => {
  test.for([
    ['re-INVITE', 'sendonly', 'recvonly'],
    ['re-INVITE', 'inactive', 'inactive'],
    ['UPDATE', 'sendonly', 'recvonly'],
  ] as const)(
    'by %s, %s, stops our sound, and resuming brings it back',
    async ([by, direction, answered], context) => {
      const method = by === 'UPDATE' ? 'UPDATE' : 'INVITE';
      const acknowledged = method === 'INVITE' ? [ack()] : [];
      const caller = await stage.call(context, {
        steps: (sdp) => [
          invite({ sdp: sdp() }),
          expectFinal(200),
          ack(),
          awaitCue(),
          request(method, { sdp: sdp({ direction, version: 2 }) }),
          expectFinal(200),
          ...acknowledged,
          awaitCue(),
          request(method, { sdp: sdp({ version: 3 }) }),
          expectFinal(200),
          ...acknowledged,
          endEitherWay(),
        ],
      });
      await caller.hears('greeting');
      await caller.cue();
      const held = await caller.response(`2 ${method}`);
      expect(held.body.toString()).toContain(`a=${answered}`);
      await caller.hearing.nothing();
      await caller.cue();
      await caller.response(`3 ${method}`);
      await caller.press('9');
      await caller.hears('main-menu');
      await caller.hangUp();
    },
  );
});

test('OPTIONS within a call is answered', async () => {
  await playScenario({
    ...stage.to(),
    scenario: scenario(
      invite({ sdp: SILENT_SESSION }),
      expectFinal(200),
      ack(),
      request('OPTIONS'),
      expectFinal(200),
      bye(),
    ),
  });
});

describe.concurrent('a session', () => {
  test('is agreed on as the caller asks, if we can', async () => {
    const messages = await playScenario({
      ...stage.to(),
      scenario: scenario(invited(['Session-Expires: 120;refresher=uac']), ack(), bye()),
    });
    const [answered] = responsesTo('INVITE', messages).filter(({ status }) => status === 200);
    expect(answered && header(answered, 'Session-Expires')).toBe('120;refresher=uac');
    expect(answered && header(answered, 'Require')).toBe('timer');
  });

  test('that is too short is refused with what we take', async () => {
    const messages = await playScenario({
      ...stage.to(),
      scenario: scenario(
        invite({
          sdp: SILENT_SESSION,
          headers: ['Supported: timer', 'Session-Expires: 1;refresher=uac'],
        }),
        expectFinal(422),
        ackRefusal(),
      ),
    });
    const refusal = responsesTo('INVITE', messages).at(-1);
    expect(refusal && header(refusal, 'Min-SE')).toBe('10');
  });

  test('ends when the caller does not refresh it: a lost BYE leaves no call up', async () => {
    await playScenario({
      ...stage.to(),
      scenario: scenario(invited(['Session-Expires: 10;refresher=uac']), ack(), answer('BYE')),
    });
  });

  test('goes on when the caller refreshes it', async () => {
    await playScenario({
      ...stage.to(),
      scenario: scenario(
        invited(['Session-Expires: 10;refresher=uac']),
        ack(),
        pause(1_000),
        // drachtio itself refuses less than 90 s within a dialog.
        request('INVITE', {
          sdp: SILENT_SESSION,
          headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'],
        }),
        expectFinal(200),
        ack(),
        // Longer than the first session.
        pause(8_000),
        bye(),
      ),
    });
  });

  test('is refreshed by us when the caller leaves that to us', async () => {
    const refreshed = answerReinvite(SILENT_SESSION, [
      'Require: timer',
      'Session-Expires: 12;refresher=uac',
    ]);
    await playScenario({
      ...stage.to(),
      scenario: scenario(
        invited(['Session-Expires: 12;refresher=uas']),
        ack(),
        refreshed,
        refreshed,
        bye(),
      ),
    });
  });
});

/** A call whose caller knows session timers, up to its answer. */
function invited(headers: readonly string[]): string {
  return [
    invite({ sdp: SILENT_SESSION, headers: ['Supported: timer', ...headers] }),
    expectFinal(200),
  ].join('\n');
}
