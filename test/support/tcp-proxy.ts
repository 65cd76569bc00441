import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay on loopback that a test can cut, silence or refuse. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  #refusing = false;

  private constructor(server: Server, target: { host: string; port: number }) {
    this.#server = server;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    this.port = address.port;
    server.on('connection', (near) => this.#relay(near, target));
  }

  static async open(target: { host: string; port: number }): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: false });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, target);
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Resets every connection; new ones are refused until `restore`. */
  cut(): void {
    this.#refusing = true;
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  }

  /** Nothing gets through any more, though every connection stays open. */
  freeze(): void {
    for (const { near, far } of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
      near.pause();
      far.pause();
    }
  }

  restore(): void {
    this.#refusing = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #relay(near: Socket, target: { host: string; port: number }): void {
    near.on('error', () => undefined);
    if (this.#refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(target);
    const pair = { near, far };
    this.#pairs.add(pair);
    far.on('error', () => near.destroy());
    const end = (): void => {
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on('close', end);
    far.on('close', end);
    near.pipe(far);
    far.pipe(near);
  }
}
