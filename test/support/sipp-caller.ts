import { header } from '../../src/protocol/sip/headers.ts';
import type { SipResponse } from '../../src/protocol/sip/message.ts';
import type { Hearing } from './hearing.ts';
import { PromptEar } from './prompt-ear.ts';
import type { SessionOptions } from './rtp-ear.ts';
import { type LoggedMessage, type SippOptions, SippRun } from './sipp.ts';
import { ack, endEitherWay, expectFinal, invite, type Step, scenario } from './sipp-scenario.ts';

export interface CallOptions extends Omit<SippOptions, 'scenario'> {
  readonly law?: 'PCMU' | 'PCMA';
  readonly session?: SessionOptions;
  /** Of the INVITE. */
  readonly headers?: readonly string[];
  /** From the first INVITE on; an ordinary call that either side ends unless told otherwise. */
  readonly steps?: (sdp: (options?: SessionOptions) => string) => readonly Step[];
}

/** A caller: SIPp says the SIP, and our ear has the sound. */
export class SippCaller {
  readonly ear: PromptEar;
  readonly #run: SippRun;

  private constructor(ear: PromptEar, run: SippRun) {
    this.ear = ear;
    this.#run = run;
  }

  static async call(options: CallOptions): Promise<SippCaller> {
    const ear = await PromptEar.open(options.law);
    const sdp = (session: SessionOptions = {}): string =>
      ear.sdp({ ...options.session, ...session });
    const steps = options.steps?.(sdp) ?? [
      invite({ sdp: sdp(), headers: options.headers ?? [] }),
      expectFinal(200),
      ack(),
      endEitherWay(),
    ];
    return new SippCaller(ear, await SippRun.start({ ...options, scenario: scenario(...steps) }));
  }

  get hearing(): Hearing {
    return this.ear.hearing;
  }

  /** Resolves once `prompt` is recognised, after whatever was waited for before. */
  hears(prompt: string, patienceMs?: number): Promise<void> {
    return Promise.race([this.hearing.prompt(prompt, patienceMs), this.#run.failure()]);
  }

  /** Presses keys by RFC 4733. */
  press(keys: string): Promise<void> {
    return this.ear.press(keys);
  }

  /** Lets a scenario that waits go on. */
  cue(): Promise<void> {
    return this.#run.cue();
  }

  /** Resolves once the response to the request with this number and method has come. */
  async response(cseq: string): Promise<SipResponse> {
    const found = await this.#run.received(
      `the response to ${cseq}`,
      (message) =>
        message.kind === 'response' && message.status >= 200 && header(message, 'CSeq') === cseq,
    );
    if (found.kind !== 'response') throw new Error('not a response');
    return found;
  }

  /** Resolves when the call has ended as its scenario says. */
  ended(): Promise<readonly LoggedMessage[]> {
    return this.#run.finished();
  }

  async hangUp(): Promise<readonly LoggedMessage[]> {
    await this.#run.cue();
    return await this.ended();
  }

  /** Whatever is left of it. */
  async close(): Promise<void> {
    this.ear.close();
    await this.#run.abort();
  }
}
