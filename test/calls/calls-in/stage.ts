import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, type TestContext } from 'vitest';
import { LinekeeperServer, type LogLine, type ServerOptions } from '../../support/server.ts';
import { type CallOptions, SippCaller } from '../../support/sipp-caller.ts';
import { until } from '../../support/waiting.ts';

/** The number of the sample configuration. */
const DIALLED = '+18005550100';

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
      const server = stage.#server;
      if (server === undefined) return;
      try {
        await allCallsEnd(server);
        expect(server.log.peek().filter(isWrong)).toEqual([]);
      } finally {
        await server.close();
      }
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

/** No call is left over, whatever the callers did. */
async function allCallsEnd(server: LinekeeperServer): Promise<void> {
  const database = new Database(join(server.folders.data, 'linekeeper.db'), { readonly: true });
  try {
    const open = database.prepare('select count(*) from calls where ended_at is null').pluck();
    await until(() => open.get() === 0, 'the end of every call');
  } finally {
    database.close();
  }
}

/** Nothing that callers do is an error of ours, and no number of theirs is written down. */
function isWrong(line: LogLine): boolean {
  return line.level === 'error' || /\+1\d{10}/u.test(JSON.stringify(line));
}

/** Through the menu to a queue by `key`; resolves when the notice is heard. */
export async function queueUp(caller: SippCaller, key: string): Promise<void> {
  await caller.hears('greeting');
  await caller.press(key);
  await caller.hears('notice-callback');
}
