import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type KeySending, keyPackets } from '../../support/key-packets.ts';
import { writePacketFile } from '../../support/packet-file.ts';
import { playScenario } from '../../support/sipp.ts';
import {
  ack,
  answer,
  awaitCue,
  endEitherWay,
  expectFinal,
  infoKey,
  invite,
  pause,
  playPackets,
  scenario,
} from '../../support/sipp-scenario.ts';
import { SILENT_SESSION, Stage } from './stage.ts';

/** Digits that stand twice must be heard twice, and the others once. Each caller has a number of their own. */
const NUMBERS = { rfc4733: '2025550166', 'in-band': '2025550177', info: '2025550188' };

const below = {
  prompts: ['queue-refunds'],
  timeoutPrompt: 'timeout',
  invalidPrompt: 'invalid-key',
};

const stage = Stage.forThisFile({
  changes: {
    menus: {
      everywhere: { slower: '5' },
      menus: {
        main: { keys: { 4: { menu: 'second' } } },
        second: { ...below, keys: { '#': { menu: 'third' } }, exhausted: { queue: 'general' } },
        third: {
          ...below,
          keys: { 7: { hangUp: ['goodbye'] } },
          exhausted: { queue: 'general' },
        },
      },
    },
  },
});

describe.concurrent('each digit counts once when keyed', () => {
  test.for([
    ['rfc4733', true],
    ['in-band', false],
  ] as const)('by %s', async ([how, telephoneEvent], context) => {
    const caller = await stage.call(context, { caller: 'anonymous', session: { telephoneEvent } });
    await caller.hears('greeting');
    await caller.ear.press('1', how);
    await caller.hears('offer-no-ani');
    await caller.ear.press(NUMBERS[how], how);
    await caller.hears('confirm-number-intro');
    await caller.hears('confirm-number-keys');
    expect(await caller.hearing.spokenSince('confirm-number-intro', 'digits')).toBe(
      spoken(NUMBERS[how]),
    );
    await caller.ear.press('1', how);
    await caller.hears('ticket-confirmed');
    await caller.ended();
  });

  test('by SIP INFO', async (context) => {
    const caller = await stage.call(context, {
      caller: 'anonymous',
      steps: (sdp) => [
        invite({ sdp: sdp() }),
        expectFinal(200),
        ack(),
        awaitCue(),
        infoKey('1'),
        awaitCue(),
        ...NUMBERS.info.split('').map(infoKey),
        awaitCue(),
        infoKey('1'),
        endEitherWay(),
      ],
    });
    await caller.hears('greeting');
    await caller.cue();
    await caller.hears('offer-no-ani');
    await caller.cue();
    await caller.hears('confirm-number-intro');
    await caller.hears('confirm-number-keys');
    expect(await caller.hearing.spokenSince('confirm-number-intro', 'digits')).toBe(
      spoken(NUMBERS.info),
    );
    await caller.cue();
    await caller.hears('ticket-confirmed');
    await caller.ended();
  });
});

/** How the digits of a number are read back. */
function spoken(number: string): string {
  return number.split('').join(' ');
}

/** SIPp sends the packets of a file by a raw socket: the README says what that takes. */
describe("keys in SIPp's own packets lead through the menus", () => {
  test.for<[KeySending, string]>([
    ['rfc4733', ' 101\r\na=rtpmap:101 telephone-event/8000'],
    ['in-band', ''],
  ])('%s', async ([how, events]) => {
    const path = join(stage.server.folders.base, `${how}.pcap`);
    await writePacketFile(path, keyPackets('4#7', how, 'PCMU'));
    await playScenario({
      ...stage.to(),
      scenario: scenario(
        invite({ sdp: `${SILENT_SESSION}${events}` }),
        expectFinal(200),
        ack(),
        pause(300),
        playPackets(path),
        answer('BYE'),
      ),
    });
  });
});
