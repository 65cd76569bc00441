import { type ChildProcess, fork } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ECHO = fileURLToPath(new URL('./echo-process.ts', import.meta.url));

/** A process that sends back what it gets: what the machine alone takes to pass a message on. */
export class Echo {
  readonly #process: ChildProcess;
  readonly #socket: Socket;
  readonly #port: number;

  private constructor(process: ChildProcess, socket: Socket, port: number) {
    this.#process = process;
    this.#socket = socket;
    this.#port = port;
  }

  static async open(): Promise<Echo> {
    const process = fork(ECHO);
    const [port] = (await once(process, 'message')) as [number];
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Echo(process, socket, port);
  }

  /** Time for a message there and back again, twice: as many hops as from a BYE to an INVITE. */
  async twiceMs(): Promise<number> {
    const startedAt = performance.now();
    for (let count = 0; count < 2; count += 1) {
      this.#socket.send('echo', this.#port, '127.0.0.1');
      await once(this.#socket, 'message');
    }
    return performance.now() - startedAt;
  }

  close(): void {
    this.#process.kill();
    this.#socket.close();
  }
}
