import type { TicketState } from '../callback/ticket.ts';
import type { LanguageId, QueueId } from '../ids.ts';

/** What is told to whom when a ticket changes; part of `config/api.yaml`. */
export interface NotificationSettings {
  readonly webhooks: ReadonlyMap<WebhookId, WebhookSettings>;
  readonly messages: MessageSettings;
}

/** A name that operators give to a receiver of webhooks. */
export type WebhookId = string;

export type TicketStateName = TicketState['name'];

/** Every state of a ticket; a webhook tells of each that it subscribed to. */
export const TICKET_STATES = [
  'waiting',
  'dialling',
  'reached',
  'connected',
  'cancelled',
  'exhausted',
  'expired',
] as const satisfies readonly TicketStateName[];

/** A receiver of webhooks, in the manner of Standard Webhooks. */
export interface WebhookSettings {
  /** Where events are posted; nothing but this file decides it. */
  readonly url: string;
  /** `whsec_` and 24 to 64 bytes in base64. Two while one takes the other's place. */
  readonly secrets: readonly string[];
  readonly states: readonly TicketStateName[];
  /** Empty: of every queue. */
  readonly queues: readonly QueueId[];
  /** Whether the whole number is told; masked otherwise. */
  readonly numbers: boolean;
  /** An event that could not be delivered for this long is dropped. */
  readonly keepHours: number;
  /** A receiver that has failed for this long gets nothing more until it is set anew. */
  readonly disableAfterHours: number;
}

/** When the customer gets a text message. `ended`: nobody reached them, and nobody will call again. */
export const TEXT_OCCASIONS = ['registered', 'booked', 'missed', 'cancelled', 'ended'] as const;
export type TextOccasion = (typeof TEXT_OCCASIONS)[number];

/** What may stand in a text: the number they had dialled, and when they are called. */
export const TEXT_PLACEHOLDERS = ['number', 'time'] as const;

export interface MessageSettings {
  /** `log` writes a line without number and sends nothing. */
  readonly provider: 'off' | 'log' | 'http';
  /** Set if the provider is `http`. */
  readonly http: HttpMessageSettings | undefined;
  /** Wording by occasion and language; an occasion without any is not texted. */
  readonly texts: Readonly<Record<TextOccasion, ReadonlyMap<LanguageId, string>>>;
}

/** A provider that takes one POST for each message. */
export interface HttpMessageSettings {
  readonly url: string;
  readonly format: 'json' | 'form';
  readonly headers: Readonly<Record<string, string>>;
  /** Fields of the body; `{to}`, `{text}` and `{reference}` stand for the message's own. */
  readonly body: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}
