import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { EslFrameReader } from '../../../src/protocol/esl/frame.ts';
import { Inbox } from '../../support/waiting.ts';

/** One frame of the server: headers by their names, and the body. */
export interface EslMessage {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** An event as the json format has it. */
export type EslJsonEvent = Readonly<Record<string, string>>;

/** A bare event-socket client that shows what is really on the wire. */
export class EslClient {
  readonly replies = new Inbox<EslMessage>();
  readonly events = new Inbox<EslJsonEvent>();
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;
  readonly #reader = new EslFrameReader();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      for (const { lines, body } of this.#reader.push(chunk)) {
        const pairs = lines.map((line): [string, string] => {
          const colon = line.indexOf(': ');
          return [line.slice(0, colon), line.slice(colon + 2)];
        });
        this.#take({ headers: new Map(pairs), body });
      }
    });
  }

  static async open(address: { readonly host: string; readonly port: number }): Promise<EslClient> {
    const socket = connect(address.port, address.host);
    await once(socket, 'connect');
    return new EslClient(socket);
  }

  /** Opens and logs in. */
  static async login(server: {
    readonly host: string;
    readonly port: number;
    readonly secret: string;
  }): Promise<EslClient> {
    const client = await EslClient.open(server);
    await client.replies.take('auth/request');
    await client.ask(`auth ${server.secret}`);
    return client;
  }

  #take(message: EslMessage): void {
    if (message.headers.get('Content-Type') === 'text/event-json') {
      this.events.put(JSON.parse(message.body) as EslJsonEvent);
      return;
    }
    this.replies.put(message);
  }

  send(text: string): void {
    this.#socket.write(text);
  }

  /** Sends a command and gives its answer; answers come in the order of commands. */
  ask(command: string): Promise<EslMessage> {
    this.send(`${command}\n\n`);
    return this.replies.take(`the answer to ${command.split('\n')[0] ?? ''}`);
  }

  async api(command: string): Promise<string> {
    return (await this.ask(`api ${command}`)).body;
  }

  close(): void {
    this.#socket.destroy();
  }
}
