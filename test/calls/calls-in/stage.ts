import { afterAll, beforeAll, type TestContext } from 'vitest';
import { LinekeeperServer, type ServerOptions } from '../../support/server.ts';
import { type CallOptions, SippCaller } from '../../support/sipp-caller.ts';

/** The number of the sample configuration. */
export const DIALLED = '+18005550100';

/** A session for calls whose sound nobody hears. */
export const SILENT_SESSION = [
  'v=0',
  'o=caller 1 1 IN IP4 [local_ip]',
  's=-',
  'c=IN IP4 [local_ip]',
  't=0 0',
  'm=audio [media_port] RTP/AVP 0',
].join('\r\n');

/** What tests leave out of a call. */
export type Placing = Partial<CallOptions>;

/** A server for all tests of a file. */
export class Stage {
  #server: LinekeeperServer | undefined;

  get server(): LinekeeperServer {
    if (this.#server === undefined) throw new Error('the server has not been started');
    return this.#server;
  }

  /** To be called once at the top of a file. */
  static forThisFile(options: ServerOptions): Stage {
    const stage = new Stage();
    beforeAll(async () => {
      stage.#server = await LinekeeperServer.start(options);
    });
    afterAll(async () => {
      await stage.#server?.close();
    });
    return stage;
  }

  /** Options of a call to the sample's number, for whoever plays scenarios without sound. */
  to(dialled: string = DIALLED): Pick<CallOptions, 'server' | 'dialled'> {
    return { server: this.server.sip, dialled };
  }

  /** A caller who calls in; whatever is left of the call is cleared away when the test is over. */
  async call(context: TestContext, options: Placing = {}): Promise<SippCaller> {
    const caller = await SippCaller.call({ ...this.to(), ...options });
    context.onTestFinished(() => caller.close());
    return caller;
  }
}

/** Through the menu to a queue by `key`; resolves when the notice is heard. */
export async function queueUp(caller: SippCaller, key: string): Promise<void> {
  await caller.hears('greeting');
  await caller.press(key);
  await caller.hears('notice-callback');
}
