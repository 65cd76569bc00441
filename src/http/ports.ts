import type { E164, LanguageId } from '../domain/ids.ts';
import type { Report, ReportRequest } from '../domain/report/compile.ts';
import type { ApiStore } from '../engine/api-records.ts';
import type { Store } from '../engine/ports.ts';

/** What this room keeps, and how it writes. */
export type HttpStore = ApiStore & Pick<Store, 'commit'>;

/** How the server stands, for whoever watches over it. */
export interface Health {
  readonly status: 'ok' | 'draining' | 'failing';
  /** Parts by name: `store`, `switch`; true if well. */
  readonly parts: Readonly<Record<string, boolean>>;
}

/** Compiles a report. @throws StoreFailure */
export type Reports = (request: ReportRequest) => Promise<Report>;

/** What the API needs to know of the configuration in force. */
export interface Surroundings {
  readonly defaultLanguage: LanguageId;
  /** Languages in which callers can be served. */
  readonly languages: readonly LanguageId[];
}

/** Prometheus' text format, with its media type. */
export interface MetricsPage {
  readonly contentType: string;
  render(): Promise<string>;
}

/** Takes a text message that a customer sent, and says how it was understood. @throws StoreFailure */
export type ReceiveMessage = (message: {
  readonly from: E164;
  readonly text: string;
}) => Promise<'stop' | 'start' | 'nothing'>;
