import type { Ticket, TicketState } from '../../domain/callback/ticket.ts';
import type { E164, EpochMs, TicketId } from '../../domain/ids.ts';
import type { WebhookId, WebhookSettings } from '../../domain/notification/settings.ts';
import type { Delivery } from '../../engine/api-records.ts';
import { ticketFacts, timeOf } from '../api/ticket-view.ts';

/** One event for one receiver, with the ticket that it tells of. */
export interface TicketDelivery {
  readonly ticketId: TicketId;
  readonly delivery: Delivery;
}

/** Whether a change of a ticket is told: another state, agent, reason, booked time, or place in line. */
export function isNews(before: Ticket | undefined, after: Ticket): boolean {
  return before === undefined || outline(before) !== outline(after);
}

function outline({ state, slot, arrivedAt, arrivalSequence }: Ticket): string {
  return JSON.stringify([outlineOf(state), slot?.from, slot?.to, arrivedAt, arrivalSequence]);
}

function outlineOf(state: TicketState): readonly unknown[] {
  if (state.name === 'waiting') return [state.name, state.because, state.notBefore];
  return 'agentId' in state ? [state.name, state.agentId] : [state.name];
}

/**
 * What is to be delivered of a ticket as it now is, to each receiver that wants to know. Bodies hold
 * the number masked: they are kept, and numbers are kept nowhere but with their ticket.
 */
export function deliveriesOf(
  ticket: Ticket,
  at: EpochMs,
  eventId: string,
  webhooks: ReadonlyMap<WebhookId, WebhookSettings>,
): readonly TicketDelivery[] {
  const body = JSON.stringify({
    type: `ticket.${ticket.state.name}`,
    timestamp: timeOf(at),
    data: ticketFacts(ticket, 'masked'),
  });
  return [...webhooks]
    .filter(([, settings]) => wants(settings, ticket))
    .map(([subscription]) => ({
      ticketId: ticket.id,
      delivery: {
        eventId,
        subscription,
        body,
        createdAt: at,
        attempts: 0,
        nextAttemptAt: at,
        state: 'pending',
      },
    }));
}

function wants({ states, queues }: WebhookSettings, { state, queue }: Ticket): boolean {
  return states.includes(state.name) && (queues.length === 0 || queues.includes(queue));
}

/** The ticket that a kept body tells of; undefined if it is none of ours. */
export function ticketIdIn(body: string): TicketId | undefined {
  const id = dataOf(body)?.['id'];
  return typeof id === 'string' && id.startsWith('ticket-') ? (id as TicketId) : undefined;
}

/** The body with the whole number in it, for a receiver that may see it. */
export function withNumber(body: string, number: E164): string {
  const parsed: unknown = JSON.parse(body);
  const data = dataOf(body);
  if (data === undefined || typeof parsed !== 'object') return body;
  return JSON.stringify({ ...parsed, data: { ...data, number } });
}

function dataOf(body: string): Readonly<Record<string, unknown>> | undefined {
  const parsed: unknown = JSON.parse(body);
  if (typeof parsed !== 'object' || parsed === null || !('data' in parsed)) return undefined;
  const { data } = parsed;
  return typeof data === 'object' && data !== null ? { ...data } : undefined;
}
