import { isAbsolute, join } from 'node:path';
import { AudioError } from '../../../protocol/audio/errors.ts';
import { TELEPHONE_RATE } from '../../../protocol/audio/spectrum.ts';
import { parseToneScript } from '../../../protocol/audio/tone-script.ts';
import { AudioSourceError } from '../errors.ts';
import type { SoundStore } from '../sounds.ts';
import type { AudioSource, AudioSources } from '../types.ts';
import { ListSource } from './list-source.ts';
import type { LocalStreams } from './local-stream.ts';
import { SampleSource } from './sample-source.ts';
import { SilenceSource } from './silence-source.ts';
import { ToneSource } from './tone-source.ts';

const MAX_NAME_CHARACTERS = 8192;
/** As in FreeSWITCH. */
const MAX_LIST_NAMES = 128;

const SILENCE = 'silence_stream://';
const TONE = 'tone_stream://';
const LOCAL = 'local_stream://';
const LIST = 'file_string://';

export interface AudioSourcesOptions {
  readonly sounds: SoundStore;
  readonly localStreams: LocalStreams;
  /** Where relative paths begin: FreeSWITCH's sounds directory. */
  readonly soundsDirectory: string;
}

/** Opens sources by the names that FreeSWITCH gives them; see `AudioSources.open`. */
export function createAudioSources(options: AudioSourcesOptions): AudioSources {
  async function open(name: string): Promise<AudioSource> {
    if (name.length === 0 || name.length > MAX_NAME_CHARACTERS || name.includes('\0')) {
      throw new AudioSourceError('bad-name', name.slice(0, 80), 'empty, too long, or not a name');
    }
    if (!name.startsWith(LIST)) return openWithParameters(name, options);
    const names = name.slice(LIST.length).split('!');
    if (names.length > MAX_LIST_NAMES) {
      throw new AudioSourceError('too-large', LIST, `more than ${MAX_LIST_NAMES} names`);
    }
    return ListSource.open(names, (one) => openWithParameters(one, options));
  }
  return { open };
}

/** FreeSWITCH's `{name=value,...}` before a name: `loops` counts for tones, others are passed over. */
async function openWithParameters(
  name: string,
  options: AudioSourcesOptions,
): Promise<AudioSource> {
  const match = /^\{([^}]*)\}(.*)$/s.exec(name);
  if (!match) return openOne(name, options);
  const [, parameters = '', rest = ''] = match;
  const loops = /(?:^|,)loops=([^,]*)/.exec(parameters)?.[1];
  const looped = loops !== undefined && rest.startsWith(TONE);
  return openOne(looped ? `${rest};loops=${loops}` : rest, options);
}

async function openOne(name: string, options: AudioSourcesOptions): Promise<AudioSource> {
  if (name.startsWith(SILENCE)) return openSilence(name);
  if (name.startsWith(TONE)) return openTone(name);
  if (name.startsWith(LOCAL)) return options.localStreams.open(name.slice(LOCAL.length));
  if (name === '' || /^[a-z_]+:\/\//i.test(name)) {
    throw new AudioSourceError('bad-name', name, 'this kind of source is not known');
  }
  const path = isAbsolute(name) ? name : join(options.soundsDirectory, name);
  return new SampleSource(await options.sounds.load(path));
}

/** `silence_stream://ms[,divisor]`: a time of 0, less or none is without end. */
function openSilence(name: string): AudioSource {
  const match = /^(-?\d{0,9})(?:,(\d{0,9}))?$/.exec(name.slice(SILENCE.length));
  if (!match) throw new AudioSourceError('bad-name', name, 'write silence_stream://ms[,divisor]');
  const ms = Number(match[1] || 0);
  const samples = ms > 0 ? (ms * TELEPHONE_RATE) / 1000 : Number.POSITIVE_INFINITY;
  return new SilenceSource(samples, Number(match[2] || 0));
}

function openTone(name: string): AudioSource {
  try {
    return new ToneSource(parseToneScript(name.slice(TONE.length)));
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
    throw new AudioSourceError('bad-name', name.slice(0, 80), error.message, error);
  }
}
