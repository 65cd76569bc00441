import type { Configuration } from './config/configuration.ts';
import type { QueueId } from './domain/ids.ts';
import type { Observer } from './engine/observer.ts';
import type { Change, Clock, Ids, Log } from './engine/ports.ts';
import type { TicketOffice } from './engine/ticket-office.ts';
import { TextMessages } from './http/messages/text-messages.ts';
import type { Health } from './http/ports.ts';
import { type HttpServer, startHttp } from './http/server/start.ts';
import { TicketNews } from './http/ticket-news.ts';
import { WebhookDeliverer } from './http/webhooks/deliverer.ts';
import { type EstimateRecord, Metrics } from './observe/metrics.ts';
import { createReports } from './reports.ts';
import type { LinekeeperStore } from './store/store.ts';

export interface HttpServiceNeeds {
  /** In force now. */
  readonly configuration: () => Configuration;
  readonly store: LinekeeperStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Of the program. */
  readonly version: string;
}

/** What a running engine gives. */
export interface HttpServiceEngine {
  readonly office: TicketOffice;
  readonly estimates: () => readonly EstimateRecord[];
  readonly health: () => Health;
}

/**
 * All that speaks HTTP: the API, webhooks, texts to customers, and the figures of `/metrics`. Loaded
 * before the engine starts, so that it misses nothing; listens once the engine runs.
 */
export class HttpService {
  readonly #needs: HttpServiceNeeds;
  readonly #webhooks: WebhookDeliverer;
  readonly #texts: TextMessages;
  readonly #metrics: Metrics;
  readonly #news: TicketNews;
  #engine: HttpServiceEngine | undefined;
  #server: HttpServer | undefined;

  private constructor(
    needs: HttpServiceNeeds,
    open: Awaited<ReturnType<LinekeeperStore['openTickets']>>,
  ) {
    const { configuration, store, clock, ids, log, version } = needs;
    this.#needs = needs;
    this.#webhooks = new WebhookDeliverer({
      webhooks: () => configuration().api.webhooks,
      store,
      clock,
      ids,
      log,
      fetch,
      random: Math.random,
      numberOf: async (id) => (await store.ticket(id))?.number,
    });
    this.#texts = new TextMessages({
      settings: () => configuration().api.messages,
      store,
      clock,
      log,
      fetch,
      timeZoneOf: (queue) => timeZoneOf(configuration(), queue),
    });
    this.#metrics = new Metrics({
      version,
      queues: () => this.#engine?.office.queues() ?? [],
      estimates: () => this.#engine?.estimates() ?? [],
      webhookBacklog: () => this.#webhooks.backlog,
      textBacklog: () => this.#texts.waiting,
    });
    this.#news = new TicketNews(open, (before, after) => this.#webhooks.newsOf(before, after));
  }

  /** Takes up what was left from before a stop. @throws StoreFailure */
  static async load(needs: HttpServiceNeeds): Promise<HttpService> {
    const service = new HttpService(needs, await needs.store.openTickets());
    await service.#webhooks.start();
    return service;
  }

  /** For the engine to tell what happens. */
  readonly observe: Observer = (happening) => {
    this.#metrics.observe(happening);
    if (happening.what !== 'ticketMoved') return;
    const { before, ticket } = happening;
    this.#texts.ticketChanged(before, ticket);
    this.#metrics.ticketChanged(before, ticket);
  };

  /**
   * Commits changes of the engine, with the messages that tell of them: both last or neither.
   * @throws StoreFailure
   */
  async commit(changes: readonly Change[]): Promise<void> {
    const news = this.#news.of(changes);
    try {
      await this.#needs.store.commit([...changes, ...news.changes]);
      news.settled(true);
    } catch (error) {
      news.settled(false);
      this.#metrics.storeFailed();
      throw error;
    }
  }

  /**
   * Begins to serve the API; where, or undefined if it is off.
   * @throws Error if the port is taken or the TLS files cannot be used
   */
  async listen(engine: HttpServiceEngine): Promise<HttpServer['address'] | undefined> {
    this.#engine = engine;
    const { configuration, store, clock, log, version } = this.#needs;
    if (!configuration().api.server.enabled) return undefined;
    this.#server = await startHttp({
      settings: () => configuration().api,
      office: engine.office,
      store,
      clock,
      log,
      surroundings: () => {
        const { language, languages } = configuration();
        return { defaultLanguage: language, languages };
      },
      health: engine.health,
      metrics: this.#metrics,
      reports: createReports(store, clock, configuration),
      receiveMessage: (message) => this.#texts.receive(message),
      version,
    });
    return this.#server.address;
  }

  /** Receivers of webhooks that were given up are tried again. */
  configurationChanged(): void {
    this.#webhooks.configurationChanged();
  }

  /** Requests under way may end; webhooks that wait go out after the next start. */
  async stop(): Promise<void> {
    await this.#server?.close();
    this.#texts.stop();
    await this.#webhooks.stop();
  }
}

/** Of the queue's opening hours; a queue that is configured no more has that of the first. */
function timeZoneOf({ queues, hours }: Configuration, queue: QueueId): string {
  const settings = queues.get(queue) ?? [...queues.values()][0];
  return (settings === undefined ? undefined : hours.get(settings.hours)?.timeZone) ?? 'UTC';
}
