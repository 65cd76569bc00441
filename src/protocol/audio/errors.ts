export type AudioErrorCode = 'not-wav' | 'unsupported' | 'too-large' | 'bad-script' | 'bad-value';

/** A sound file or a tone script cannot be used. */
export class AudioError extends Error {
  override readonly name = 'AudioError';
  readonly code: AudioErrorCode;

  constructor(code: AudioErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
