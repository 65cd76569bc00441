import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Inbox } from './waiting.ts';

/** An event of a webhook whose signature was right. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const KEY = Buffer.alloc(32, 7);

/** Takes webhooks, and checks their signatures by the words of Standard Webhooks. */
export class WebhookReceiver {
  /** Events that nobody has waited for yet. */
  readonly events = new Inbox<ReceivedEvent>();
  /** What the server is to sign with. */
  readonly secret = `whsec_${KEY.toString('base64')}`;
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async open(): Promise<WebhookReceiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    const receiver = new WebhookReceiver(server, `http://127.0.0.1:${address.port}/events`);
    server.on('request', (request, response) => {
      receiver.#take(request).then(
        (isSigned) => response.writeHead(isSigned ? 204 : 400).end(),
        () => response.writeHead(500).end(),
      );
    });
    return receiver;
  }

  /** The next event of a ticket. */
  of(ticket: string): Promise<ReceivedEvent> {
    return this.events.take('an event of the ticket', ({ data }) => data['id'] === ticket, 20_000);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #take(request: IncomingMessage): Promise<boolean> {
    const body = await textOf(request);
    const { 'webhook-id': id, 'webhook-timestamp': time } = request.headers;
    const hmac = createHmac('sha256', KEY).update(`${String(id)}.${String(time)}.${body}`);
    if (request.headers['webhook-signature'] !== `v1,${hmac.digest('base64')}`) return false;
    this.events.put({ ...(JSON.parse(body) as Omit<ReceivedEvent, 'id'>), id: String(id) });
    return true;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
