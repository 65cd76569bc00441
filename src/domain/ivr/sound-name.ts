/** What sounds there are besides music; each kind is a folder of a voice. `days` are those of a month. */
type SoundKind = 'prompts' | 'digits' | 'numbers' | 'words' | 'weekdays' | 'months' | 'days';

/**
 * One sound file below a voice's folder, without extension: `prompts/<id>`, `digits/7`,
 * `numbers/40`, `words/minutes`, `weekdays/tue`, `months/12`, `days/31`.
 */
export type SoundName = `${SoundKind}/${string}`;
