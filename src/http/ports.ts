import type { E164, EpochMs, LanguageId, QueueId } from '../domain/ids.ts';
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

/** What a report is asked for. */
export interface ReportRequest {
  /** `callbacks`, or another that the program knows. */
  readonly report: string;
  /** Undefined: every queue. */
  readonly queue: QueueId | undefined;
  readonly from: EpochMs;
  /** Excluded. */
  readonly to: EpochMs;
  readonly per: 'hour' | 'day' | 'total';
  readonly format: 'json' | 'csv';
}

/** Makes reports; the text as it is sent, or undefined if it knows no such report. */
export type Reports = (request: ReportRequest) => Promise<string | undefined>;

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
