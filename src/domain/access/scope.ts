/** What a key of the API allows, each on its own. */
export const SCOPES = [
  /** See tickets, numbers masked. */
  'tickets:read',
  /** Create, move, reschedule and cancel tickets. */
  'tickets:write',
  'queues:read',
  /** Turn the switches of a queue. */
  'queues:control',
  'reports:read',
  /** See whole telephone numbers where tickets are read. */
  'numbers:read',
  'metrics:read',
  /** Hand in text messages that customers sent; for the provider of texts. */
  'messages:receive',
] as const;
export type Scope = (typeof SCOPES)[number];
