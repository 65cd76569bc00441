import type { LanguageId } from '../../src/domain/ids.ts';
import { createResampler } from '../../src/protocol/audio/resample.ts';
import { TELEPHONE_RATE } from '../../src/protocol/audio/spectrum.ts';
import { decodeWav } from '../../src/protocol/audio/wav.ts';
import { produce, type Tool } from './engine.ts';

/** A speech engine's voice for one language. */
interface Speaker {
  /** As the manifest names it. */
  readonly name: string;
  /** `stretch`: how much longer than by itself. */
  readonly tool: (stretch: number) => Tool;
}

/** eSpeak's own speed is 175 words a minute; callers on a poor line need it slower. */
const ESPEAK_WORDS_A_MINUTE = 165;

/** A language that is added needs a line here. */
const SPEAKERS: ReadonlyMap<LanguageId, Speaker> = new Map([
  [
    'en',
    {
      name: 'flite slt',
      tool: (stretch) => ({
        command: 'flite',
        package: 'flite',
        argumentsFor: (input, output) => {
          const pace = ['--setf', `duration_stretch=${stretch}`];
          return ['-voice', 'slt', ...pace, '-f', input, '-o', output];
        },
      }),
    },
  ],
  [
    'es',
    {
      name: 'espeak-ng es-419',
      tool: (stretch) => ({
        command: 'espeak-ng',
        package: 'espeak-ng',
        argumentsFor: (input, output) => {
          const pace = ['-s', `${Math.round(ESPEAK_WORDS_A_MINUTE / stretch)}`];
          return ['-v', 'es-419', ...pace, '-f', input, '-w', output];
        },
      }),
    },
  ],
]);

/** Whose voice a language has. @throws Error if it has none */
export function speakerOf(language: LanguageId): Speaker {
  const speaker = SPEAKERS.get(language);
  if (speaker === undefined) throw new Error(`no speech engine is chosen for ${language}`);
  return speaker;
}

/** Speaks `text`, `stretch` times as slow as the voice would by itself. Samples at 8 kHz. @throws Error */
export async function speak(
  text: string,
  language: LanguageId,
  stretch: number,
): Promise<Int16Array> {
  const file = await produce(speakerOf(language).tool(stretch), text);
  const { rate, channels } = decodeWav(file);
  const [samples = new Int16Array(0)] = channels;
  const resampler = createResampler(rate, TELEPHONE_RATE);
  const pieces = [resampler.process(samples), resampler.flush()];
  return Int16Array.from(pieces.flatMap((piece) => [...piece]));
}
