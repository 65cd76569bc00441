import { beforeEach, describe, expect, it } from 'vitest';
import { prompts } from '../../../src/domain/ivr/dialogue.ts';
import { voiceIn } from '../../../src/domain/ivr/voice.ts';
import { Speaker, type SpeakerEvent } from '../../../src/engine/calls/speaker.ts';
import { SimulatedLeg } from '../../simulation/world/simulated-leg.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const SECONDS = 1_000;

describe('Speaker', () => {
  let clock: ManualClock;
  let leg: SimulatedLeg;
  let heard: string[];
  let posted: SpeakerEvent[];
  let speaker: Speaker;
  let fails: boolean;

  beforeEach(() => {
    clock = new ManualClock();
    fails = false;
    heard = [];
    posted = [];
    leg = new SimulatedLeg({ kind: 'caller', isMachine: false }, clock, () => fails);
    leg.ear = {
      heard: (sound, voice) => heard.push(`${voice?.language} ${voice?.pace} ${sound}`),
      bridged: () => undefined,
      ended: () => undefined,
    };
    speaker = new Speaker(leg, clock, voiceIn('es'), (event) => posted.push(event));
  });

  it('speaks in its voice until told to use another', async () => {
    speaker.run({ type: 'say', turn: 1, utterances: [{ say: 'minutes', value: 21 }] });
    speaker.run({ type: 'useVoice', voice: { language: 'en', pace: 'slow' } });
    speaker.run({ type: 'say', turn: 2, utterances: [{ say: 'minutes', value: 21 }] });
    expect(heard).toEqual([
      'es normal words/twenty-one',
      'es normal words/minutes',
      'en slow numbers/20',
      'en slow numbers/1',
      'en slow words/minutes',
    ]);
    await clock.pass(10 * SECONDS);
    expect(posted).toEqual([{ type: 'said', turn: 2 }]);
  });

  it('tells of the end of nothing at once', async () => {
    speaker.run({ type: 'say', turn: 3, utterances: [] });
    await clock.pass(0);
    expect(posted).toEqual([{ type: 'said', turn: 3 }]);
  });

  it('tells of silence, unless something is said meanwhile', async () => {
    speaker.run({ type: 'awaitKey', turn: 1, afterMs: 6 * SECONDS });
    await clock.pass(5 * SECONDS);
    speaker.run({ type: 'say', turn: 1, utterances: prompts('again') });
    await clock.pass(5 * SECONDS);
    expect(posted).toEqual([{ type: 'said', turn: 1 }]);
    speaker.run({ type: 'awaitKey', turn: 1, afterMs: 6 * SECONDS });
    await clock.pass(6 * SECONDS);
    expect(posted.at(-1)).toEqual({ type: 'silence', turn: 1 });
  });

  it('tells when the media server refuses', async () => {
    fails = true;
    speaker.run({ type: 'say', turn: 1, utterances: prompts('anything') });
    await clock.pass(0);
    expect(posted).toEqual([{ type: 'mediaFailed' }]);
  });

  it('says nothing more of a wait once it is closed', async () => {
    speaker.run({ type: 'awaitKey', turn: 1, afterMs: SECONDS });
    speaker.close();
    await clock.pass(2 * SECONDS);
    expect(posted).toEqual([]);
  });
});
