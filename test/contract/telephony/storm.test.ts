import { expect, it } from 'vitest';
import type { Leg } from '../../../src/engine/ports.ts';
import { header } from '../../../src/protocol/sip/headers.ts';
import { askFreeSwitch } from '../../support/ask-freeswitch.ts';
import { session } from '../../support/rtp-ear.ts';
import { SipPhone } from '../../support/sip-phone.ts';
import { until } from '../../support/waiting.ts';
import { CALLER, DNIS, openStage, type Stage } from './stage.ts';

const CALLS = 100;

/** Numbers from 0 to 1 that are the same in each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One caller who may cancel at any moment, hang up at any moment, or be hung up. */
async function caller(trunk: SipPhone, random: () => number): Promise<string> {
  const call = trunk.invite(DNIS, random() < 0.2 ? undefined : session(30_000));
  const cancelAfter = random() < 0.5 ? Math.floor(random() * 40) : undefined;
  if (cancelAfter !== undefined) setTimeout(() => call.cancel(), cancelAfter);
  const final = await call.responses.take(
    'a final response',
    (response) => response.status >= 200 && (header(response, 'CSeq') ?? '').endsWith('INVITE'),
    30_000,
  );
  call.ack(final, final.body.toString().includes('RTP/AVP 0 8') ? session(30_000) : undefined);
  if (final.status >= 300) return `${final.status}`;
  if (random() < 0.5) {
    await new Promise((resolve) => setTimeout(resolve, random() * 100));
    call.request('BYE');
    return 'hung up';
  }
  await call.bye;
  return 'was hung up';
}

/** Answers everybody, and hangs up on everybody a little later. */
function serve(stage: Stage, random: () => number): { stop: () => void; legs: Leg[] } {
  const legs: Leg[] = [];
  let open = true;
  void (async () => {
    while (open) {
      const incoming = await stage.incoming
        .take('a call', undefined, 60_000)
        .catch(() => undefined);
      if (incoming === undefined) return;
      incoming.answer().then(
        (leg) => {
          legs.push(leg);
          setTimeout(() => void leg.hangUp(), random() * 300);
        },
        () => undefined,
      );
    }
  })();
  return {
    legs,
    stop: () => {
      open = false;
    },
  };
}

/** Channels as FreeSWITCH itself counts them. */
async function channelsOf(stage: Stage): Promise<number> {
  const text = await askFreeSwitch(stage.addresses.freeswitch, 'show channels count');
  return Number.parseInt(text.trim(), 10);
}

async function waitForChannels(stage: Stage, count: number): Promise<void> {
  const end = Date.now() + 5_000;
  while ((await channelsOf(stage)) > count) expect(Date.now()).toBeLessThan(end);
}

it(`leaves nothing behind after ${CALLS} calls that end at random moments`, async () => {
  const stage = await openStage();
  await until(() => stage.telephony.state().warmEndpoints === 2, 'warm endpoints');
  const before = Math.max(0, (await channelsOf(stage)) - 2);
  const trunk = await SipPhone.open(stage.sip, CALLER);
  const random = randomFrom(7);
  const server = serve(stage, random);
  const outcomes = new Map<string, number>();
  for (let wave = 0; wave < CALLS / 10; wave += 1) {
    const callers = Array.from({ length: 10 }, () => caller(trunk, random));
    for (const outcome of await Promise.all(callers)) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }
  server.stop();
  expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(CALLS);
  expect(outcomes.get('487') ?? 0).toBeGreaterThan(5);
  expect(server.legs.length).toBeGreaterThan(20);
  await until(
    () => {
      const { calls, endpoints, dialogs, warmEndpoints } = stage.telephony.state();
      return calls === 0 && endpoints === 2 && warmEndpoints === 2 && dialogs === 2;
    },
    'only the warm endpoints left',
    15_000,
  );
  trunk.close();
  await stage.close();
  expect(stage.telephony.state()).toMatchObject({ calls: 0, endpoints: 0, dialogs: 0 });
  await waitForChannels(stage, before);
}, 120_000);
