import type { CdrEvent, ReplyEvent, SipEvent } from '../../../protocol/drachtio/event.ts';

/** An event before its message id, which the connection adds. */
export type OutgoingEvent =
  | Omit<ReplyEvent, 'messageId'>
  | Omit<SipEvent, 'messageId'>
  | Omit<CdrEvent, 'messageId'>;

/** A connected application. */
export interface Client {
  readonly tags: ReadonlySet<string>;
  /** False from the moment the connection is lost; what it had is then nobody's. */
  readonly connected: boolean;
  send(event: OutgoingEvent): void;
}

const MAX_VERB_LENGTH = 64;

/** Who is connected and wants which requests; one client is picked per request, in turn. */
export class ClientRegistry {
  /** Verb (lower case method, or `cdr:start` and the like) to its takers; a client stands there once for each time it asked. */
  readonly #takers = new Map<string, Client[]>();
  readonly #turns = new Map<string, number>();
  readonly #clients = new Set<Client>();
  readonly #routesPerClient: number;

  constructor(routesPerClient: number) {
    this.#routesPerClient = routesPerClient;
  }

  get size(): number {
    return this.#clients.size;
  }

  add(client: Client): void {
    this.#clients.add(client);
  }

  remove(client: Client): void {
    this.#clients.delete(client);
    this.removeRoutes(client);
  }

  /** Notes that the client takes requests of this verb. Any verb will do. False when it has too many already. */
  addRoute(client: Client, verb: string): boolean {
    let count = 0;
    for (const takers of this.#takers.values())
      count += takers.filter((taker) => taker === client).length;
    if (count >= this.#routesPerClient || verb.length > MAX_VERB_LENGTH) return false;
    const takers = this.#takers.get(verb);
    if (takers === undefined) this.#takers.set(verb, [client]);
    else takers.push(client);
    return true;
  }

  /** drachtio-server forgets every route of the client here, whichever verb it named. */
  removeRoutes(client: Client): void {
    for (const [verb, takers] of this.#takers) {
      const others = takers.filter((taker) => taker !== client);
      if (others.length > 0) this.#takers.set(verb, others);
      else {
        this.#takers.delete(verb);
        this.#turns.delete(verb);
      }
    }
  }

  /** The next client in turn for a method or record. */
  select(verb: string): Client | undefined {
    const key = verb.toLowerCase();
    const takers = this.#takers.get(key);
    if (takers === undefined) return undefined;
    const turn = this.#turns.get(key) ?? 0;
    const index = turn < takers.length ? turn : 0;
    this.#turns.set(key, index + 1);
    return takers[index];
  }
}
