import { separate } from '../arguments.ts';
import type { Channel } from '../channel/channel.ts';
import type { ToneDetectorOptions } from '../channel/sound/tone-detector.ts';
import { ORIGINS } from '../events/origins.ts';
import type { Application } from './application.ts';

const MAX_FREQUENCIES = 8;
const MAX_DETECTORS = 16;

/**
 * `tone_detect key hz[,hz] [r|w] [+seconds] [application] [argument] [hits]`: tells DETECTED_TONE once the tone is
 * heard, and runs the application then.
 */
export const toneDetect: Application = (channel, argument) => {
  if (!startToneDetection(channel, separate(argument))) refuse(channel);
};

/** False, and nothing is listened for, when the words say no tone. */
export function startToneDetection(channel: Channel, words: readonly string[]): boolean {
  const [key = '', tones = '', side = 'r', expiry = '0', application = '', data = '', hits = '1'] =
    words;
  const frequenciesHz = tones
    .split(',')
    .map((text) => Number.parseInt(text, 10))
    .filter((frequency) => frequency > 0 && frequency < 4000)
    .slice(0, MAX_FREQUENCIES);
  if (key === '' || frequenciesHz.length === 0) return false;
  if (channel.audio.detectors.size >= MAX_DETECTORS) return false;
  watch(
    channel,
    {
      key,
      frequenciesHz,
      side: side.toLowerCase().startsWith('w') ? 'sent' : 'received',
      hits: Math.max(1, Number.parseInt(hits, 10) || 1),
      timeoutMs: 1000 * (Number.parseInt(expiry.replace('+', ''), 10) || 0),
    },
    application,
    data,
  );
  return true;
}

function refuse(channel: Channel): void {
  channel.context.log({
    level: 'error',
    message: 'INVALID ARGS!',
    detail: { channel: channel.uuid },
  });
}

export const stopToneDetect: Application = (channel) => channel.audio.detectors.clear();

function watch(
  channel: Channel,
  options: ToneDetectorOptions,
  application: string,
  data: string,
): void {
  channel.audio.detectors.add(options, () => {
    // FreeSWITCH tells it twice: at once without a word of the channel, then as an event of the channel.
    channel.context.bus.publish({
      name: 'DETECTED_TONE',
      origin: ORIGINS.detectedTone,
      fill: (headers) => headers.set('Detected-Tone', options.key),
    });
    if (application !== '') {
      channel.queueCommand({
        application,
        argument: data,
        eventUuid: undefined,
        eventLock: false,
        loops: 1,
      });
    }
    channel.announce('DETECTED_TONE', ORIGINS.detectedTone, { 'Detected-Tone': options.key });
  });
}
