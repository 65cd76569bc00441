import type Mrf from 'drachtio-fsmrf';
import { CallFailure } from '../../domain/call/failure.ts';
import type { Clock } from '../../engine/ports.ts';
import { asError, within } from '../deadline.ts';

const COMMAND_WITHIN_MS = 3_000;
const APPLICATION_BEGINS_WITHIN_MS = 3_000;

/** What one channel of FreeSWITCH is told over its event socket, and what it says there. Everything ends with the channel. */
export class ChannelCommands {
  readonly #endpoint: Mrf.Endpoint;
  readonly #clock: Clock;
  /** Aborts when the channel has ended. */
  readonly #over: AbortSignal;

  constructor(endpoint: Mrf.Endpoint, clock: Clock, over: AbortSignal) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#over = over;
  }

  /** @throws CallFailure unless FreeSWITCH says `+OK` */
  async order(command: string, argument: string): Promise<void> {
    const reply = await this.ask(command, argument);
    if (!reply.startsWith('+OK')) throw new CallFailure('freeswitch', `${command} was refused`);
  }

  /** @returns the reply. @throws CallFailure if there is none in time */
  async ask(command: string, argument: string): Promise<string> {
    const { conn } = this.#endpoint;
    if (conn === null || this.#over.aborted) throw ended();
    const reply = new Promise<string>((resolve) => {
      conn.api(command, argument, (event) => resolve(event.getBody() ?? ''));
    });
    return this.#within(reply, command, COMMAND_WITHIN_MS);
  }

  /** Runs an application; resolves with its response when it has ended. @throws CallFailure */
  execute(application: string, argument: string): Promise<string> {
    const { conn } = this.#endpoint;
    const over = this.#over;
    if (conn === null || over.aborted) return Promise.reject(ended());
    return new Promise<string>((resolve, reject) => {
      const onOver = (): void => reject(ended());
      over.addEventListener('abort', onOver, { once: true });
      conn.execute(application, argument, (event) => {
        over.removeEventListener('abort', onOver);
        resolve(event.getHeader('Application-Response') ?? '');
      });
    });
  }

  /** Resolves when FreeSWITCH begins an application on this channel. @throws CallFailure */
  begins(application: string): Promise<void> {
    let takeOff = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      takeOff = this.on('CHANNEL_EXECUTE', (event) => {
        if (event.getHeader('Application') === application) resolve();
      });
    });
    return this.#within(begun, application, APPLICATION_BEGINS_WITHIN_MS).finally(takeOff);
  }

  /** Has FreeSWITCH send events that the library does not ask for. */
  subscribe(name: string): void {
    this.#endpoint.conn?.subscribe(name);
  }

  /** Hears events of this channel; the function returned takes the listener off. */
  on(name: string, listener: (event: Mrf.EslEvent) => void): () => void {
    const { conn, uuid } = this.#endpoint;
    const event = `esl::event::${name}::${uuid}`;
    conn?.on(event, listener);
    return () => conn?.removeListener(event, listener);
  }

  async #within<T>(promise: Promise<T>, what: string, limitMs: number): Promise<T> {
    try {
      return await within(promise, { clock: this.#clock, what, limitMs, lost: this.#over });
    } catch (error) {
      throw new CallFailure('freeswitch', asError(error).message, { cause: error });
    }
  }
}

function ended(): CallFailure {
  return new CallFailure('freeswitch', 'the endpoint has ended');
}
