import type { E164 } from '../../domain/ids.ts';

/** One text message. */
export interface TextMessage {
  readonly to: E164;
  readonly text: string;
  /** For looking it up at the provider: the ticket's id. */
  readonly reference: string;
}

/** How handing in a message went. `later`: worth another try. */
export type Handed = 'taken' | 'refused' | 'later';

/** Whoever carries text messages. */
export interface MessageProvider {
  readonly name: string;
  /** Hands a message in; never throws. */
  send(message: TextMessage): Promise<Handed>;
}
