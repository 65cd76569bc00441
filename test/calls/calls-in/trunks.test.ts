import { describe, expect, test } from 'vitest';
import { playScenario, responsesTo } from '../../support/sipp.ts';
import {
  ack,
  ackRefusal,
  answer,
  expectFinal,
  infoKey,
  invite,
  pause,
  type Step,
  scenario,
} from '../../support/sipp-scenario.ts';
import { SILENT_SESSION, Stage } from './stage.ts';

const CARRIER = '127.0.0.1';
const OVER_TCP_ONLY = '127.0.0.2';
const STRANGER = '127.0.0.3';
const CREDENTIALS = { user: 'carrier-two', secret: 'a-secret-of-carrier-two' };

const stage = Stage.forThisFile({
  changes: {
    trunks: {
      trunks: {
        loopback: { inbound: { sources: [CARRIER] } },
        modern: { inbound: { sources: [OVER_TCP_ONLY], transports: ['tcp'] } },
      },
    },
    menus: { menus: { main: { keys: { 3: { hangUp: ['goodbye'] } } } } },
  },
});

/** A whole call without sound: the key comes by INFO, and the goodbye of the menu ends it. */
function wholeCall(sdp: string): readonly Step[] {
  return [invite({ sdp }), expectFinal(200), ack(), pause(300), infoKey('3'), answer('BYE')];
}

describe('a trunk known by its address', () => {
  test.for(['udp', 'tcp'] as const)('brings calls over %s', async (transport, context) => {
    const caller = await stage.call(context, {
      transport,
      steps: (sdp) => wholeCall(sdp()),
    });
    await caller.hears('goodbye');
    const messages = await caller.ended();
    expect(responsesTo('INVITE', messages).at(-1)?.status).toBe(200);
  });

  test('brings none over a transport that is not its own', async () => {
    const options = { ...stage.to(), localAddress: OVER_TCP_ONLY };
    await playScenario({ ...options, scenario: refused(403) });
    await playScenario({ ...options, transport: 'tcp', scenario: accepted() });
  });
});

describe('anybody else', () => {
  test('gets 403 at once, and nothing is done for them', async () => {
    const messages = await playScenario({
      ...stage.to(),
      localAddress: STRANGER,
      scenario: refused(403),
    });
    expect(
      responsesTo('INVITE', messages)
        .map(({ status }) => status)
        .filter((status) => status !== 100),
    ).toEqual([403]);
  });

  test('gets 403 over TCP too, whatever number they dial and whoever they say they are', async () => {
    await playScenario({
      ...stage.to('+12025550199'),
      caller: 'linekeeper',
      transport: 'tcp',
      localAddress: STRANGER,
      scenario: refused(403),
    });
  });
});

describe('a trunk known by digest', () => {
  test('is there as soon as the configuration says so', async () => {
    await stage.server.reconfigure({
      trunks: { trunks: { roaming: { inbound: { digest: CREDENTIALS } } } },
    });
    await stage.server.log.take(
      'a configuration taken up',
      ({ message }) => message === 'configuration taken up',
    );
  });

  test('brings calls from any address once it has proved itself', async (context) => {
    const caller = await stage.call(context, {
      localAddress: STRANGER,
      steps: (sdp) => [
        invite({ sdp: sdp() }),
        expectFinal(407, { auth: true }),
        ackRefusal(),
        invite({ sdp: sdp(), headers: [authentication(CREDENTIALS.secret)] }),
        expectFinal(200),
        ack(),
        pause(300),
        infoKey('3'),
        answer('BYE'),
      ],
    });
    await caller.hears('goodbye');
    await caller.ended();
  });

  test('brings none with a wrong secret', async () => {
    await playScenario({
      ...stage.to(),
      localAddress: STRANGER,
      scenario: scenario(
        invite({ sdp: SILENT_SESSION }),
        expectFinal(407, { auth: true }),
        ackRefusal(),
        invite({ sdp: SILENT_SESSION, headers: [authentication('a-secret-of-somebody')] }),
        expectFinal(403),
        ackRefusal(),
      ),
    });
  });
});

function refused(status: number): string {
  return scenario(invite({ sdp: SILENT_SESSION }), expectFinal(status), ackRefusal());
}

function accepted(): string {
  return scenario(...wholeCall(SILENT_SESSION));
}

/** SIPp makes the credentials of the challenge that came last. */
function authentication(secret: string): string {
  return `[authentication username=${CREDENTIALS.user} password=${secret}]`;
}
