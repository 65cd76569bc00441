/** What sounds there are besides music; each kind is a folder of a voice. */
export const SOUND_KINDS = [
  'prompts',
  'digits',
  'numbers',
  'words',
  'weekdays',
  'months',
  'days',
] as const;

/**
 * One sound file below a voice's folder, without extension: `prompts/<id>`, `digits/7`,
 * `numbers/40`, `words/minutes`, `weekdays/tue`, `months/12`, `days/31` (of a month).
 */
export type SoundName = `${(typeof SOUND_KINDS)[number]}/${string}`;
