import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeWav, WAV_HEADER_BYTES } from '../../../src/protocol/audio/wav.ts';
import { until } from '../../support/waiting.ts';
import { openParty, openStage, type Party, type Stage } from './stage.ts';

let stage: Stage;
let party: Party;
beforeAll(async () => {
  stage = await openStage();
  await stage.esl.ask('event json DETECTED_TONE CHANNEL_EXECUTE');
});
afterAll(() => stage.close());
beforeEach(async () => {
  party = await openParty(stage);
});
afterEach(async () => {
  await party.endpoint.destroy();
  party.ear.close();
});

/** Recorded from a real server: command without `tone_detect`, with U for the channel, and its answer. */
const ANSWERS = JSON.parse(
  readFileSync(
    new URL('../../fixtures/freeswitch/tone-detect-answers.json', import.meta.url),
    'utf8',
  ),
) as Readonly<Record<string, string>>;

describe('tone_detect', () => {
  it.each(Object.entries(ANSWERS))('answers to "%s" as a real server', async (words, answer) => {
    const command = `tone_detect ${words.replace('U', party.endpoint.uuid)}`.trim();
    expect(await stage.esl.api(command)).toBe(answer);
  });

  it('tells a tone twice, first without its channel, and runs an application on the channel', async () => {
    const { uuid } = party.endpoint;
    // Whatever the rounding of one detector makes of the tone, its neighbours hear it.
    for (const hz of [990, 995, 1000, 1005, 1010]) {
      await stage.esl.api(`tone_detect ${uuid} beep-${hz} ${hz} r +60 set heard=${hz}`);
    }
    party.ear.say(1000);
    const { events } = stage.esl;
    const executed = await events.take(
      'CHANNEL_EXECUTE',
      (event) => event['Application-Data']?.startsWith('heard=') === true,
    );
    expect(executed).toMatchObject({ Application: 'set', 'Unique-ID': uuid });
    const key = `beep-${executed['Application-Data']?.replace('heard=', '')}`;
    const ofKey = (event: Readonly<Record<string, string>>): boolean =>
      event['Detected-Tone'] === key;
    expect(await events.take('DETECTED_TONE', ofKey)).not.toHaveProperty('Unique-ID');
    expect(await events.take('DETECTED_TONE again', ofKey)).toMatchObject({ 'Unique-ID': uuid });
  });
});

describe('uuid_record', () => {
  it('with variables of its own records the party alone, which can be read as it grows', async () => {
    const { uuid } = party.endpoint;
    const path = join(stage.directory, 'party.wav');
    await stage.esl.api(`uuid_setvar_multi ${uuid} RECORD_STEREO=true;RECORD_MIN_SEC=0`);
    const how = '{RECORD_STEREO=false,RECORD_READ_ONLY=true,enable_file_write_buffering=false}';
    party.ear.say(1000);
    expect(await stage.esl.api(`uuid_record ${uuid} start ${path} 0 ${how}`)).toBe('+OK Success\n');
    const file = await open(path, 'r');
    const grown = async (bytes: number): Promise<void> => {
      let size = 0;
      await until(() => {
        void file.stat().then((found) => {
          size = found.size;
        });
        return size >= WAV_HEADER_BYTES + bytes;
      }, 'the file to grow');
    };
    await grown(1_600);
    await grown(8_000);
    expect(await stage.esl.api(`uuid_record ${uuid} stop ${path}`)).toBe('+OK Success\n');
    await file.close();
    expect(decodeWav(readFileSync(path)).channels).toHaveLength(1);
    const later = join(stage.directory, 'both.wav');
    await stage.esl.api(`uuid_record ${uuid} start ${later}`);
    await until(() => readFileSync(later).length > 10_000, 'the next recording');
    await stage.esl.api(`uuid_record ${uuid} stop ${later}`);
    expect(decodeWav(readFileSync(later)).channels).toHaveLength(2);
  });
});
