/** Why bytes on an event socket cannot be read; the connection cannot go on after it. */
export type EslFrameFault =
  | 'header-too-long'
  | 'too-many-headers'
  | 'body-too-long'
  | 'bad-content-length';

/** A frame on the event socket that breaks a limit or has no readable length. */
export class EslFrameError extends Error {
  readonly fault: EslFrameFault;

  constructor(fault: EslFrameFault, detail: string) {
    super(`event socket: ${detail}`);
    this.name = 'EslFrameError';
    this.fault = fault;
  }
}
