import { afterEach, describe, expect, test } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import { playScenario, responsesTo } from '../../support/sipp.ts';
import {
  ack,
  ackRefusal,
  bye,
  expectFinal,
  invite,
  oddInvite,
  outsideDialog,
  scenario,
} from '../../support/sipp-scenario.ts';
import { SILENT_SESSION, Stage } from './stage.ts';

const stage = Stage.forThisFile({});

/** The next call works, whatever came before. */
afterEach(async () => {
  await playScenario({
    ...stage.to(),
    scenario: scenario(invite({ sdp: SILENT_SESSION }), expectFinal(200), ack(), bye()),
  });
});

async function inviteGets(status: number, odd: Readonly<Record<string, string | undefined>>) {
  return await playScenario({
    ...stage.to(),
    scenario: scenario(oddInvite(odd, SILENT_SESSION), expectFinal(status), ackRefusal()),
  });
}

describe('a call is refused', () => {
  test('with 404 to a number that nobody configured', async () => {
    await playScenario({
      ...stage.to('+12025550188'),
      scenario: scenario(invite({ sdp: SILENT_SESSION }), expectFinal(404), ackRefusal()),
    });
  });

  test.for([
    ['G.729 alone', 'm=audio [media_port] RTP/AVP 18'],
    ['Opus alone', 'm=audio [media_port] RTP/AVP 96\r\na=rtpmap:96 opus/48000/2'],
    ['video alone', 'm=video [media_port] RTP/AVP 31'],
    ['no media at all', undefined],
  ] as const)('with 488 that offers %s', async ([, media]) => {
    const head = SILENT_SESSION.split('\r\n').filter((line) => !line.startsWith('m='));
    const sdp = [...head, ...(media === undefined ? [] : [media])].join('\r\n');
    await playScenario({
      ...stage.to(),
      scenario: scenario(invite({ sdp }), expectFinal(488), ackRefusal()),
    });
  });

  test('with 415 whose body is no session', async () => {
    await inviteGets(415, { 'Content-Type': 'Content-Type: text/plain' });
  });

  test('with 420 that requires what we do not have', async () => {
    const messages = await inviteGets(420, { Require: 'Require: levitation' });
    const refusal = responsesTo('INVITE', messages).at(-1);
    expect(refusal && header(refusal, 'Unsupported')).toBe('levitation');
  });

  test('with 481 that belongs to a dialog which we do not have', async () => {
    await inviteGets(481, { To: 'To: <sip:[dialled]@[remote_ip]>;tag=nowhere' });
  });
});

describe('400 answers', () => {
  const long = 'a'.repeat(1_500);

  test.for<[string, Readonly<Record<string, string | undefined>>]>([
    ['an overlong From', { From: `From: "${long}" <sip:[caller]@[local_ip]>;tag=1` }],
    ['an overlong To', { To: `To: "${long}" <sip:[dialled]@[remote_ip]>` }],
    ['an overlong Contact', { Contact: `Contact: <sip:${long}@[local_ip]:[local_port]>` }],
    ['an overlong header of any name', { 'X-Long': `X-Long: ${'b'.repeat(5_000)}` }],
    ['too many headers', { 'X-0': manyHeaders() }],
    ['a From without a tag', { From: 'From: <sip:[caller]@[local_ip]:[local_port]>' }],
    ['a malformed From', { From: 'From: <<<sip:;tag=1' }],
    ['no Contact', { Contact: undefined }],
    ['a malformed Contact', { Contact: 'Contact: <<<' }],
  ])('%s', async ([, odd]) => {
    await inviteGets(400, odd);
  });
});

test('OPTIONS tells what we can do', async () => {
  const messages = await playScenario({
    ...stage.to(),
    scenario: scenario(outsideDialog('OPTIONS'), expectFinal(200)),
  });
  const response = responsesTo('OPTIONS', messages).at(-1);
  expect(response && header(response, 'Allow')).toContain('UPDATE');
  expect(response && header(response, 'Supported')).toContain('timer');
});

test.for(['MESSAGE', 'SUBSCRIBE', 'PUBLISH'])('%s is not for us: 405', async (method) => {
  await playScenario({
    ...stage.to(),
    scenario: scenario(outsideDialog(method), expectFinal(405)),
  });
});

function manyHeaders(): string {
  return Array.from({ length: 120 }, (_, index) => `X-${index}: ${index}`).join('\n');
}
