import type { CallerContext } from '../../domain/call/caller.ts';
import type { CallId, E164, TicketId, TrunkId } from '../../domain/ids.ts';
import type { AgentDesk } from '../agents/agent-desk.ts';
import type { LineRooms } from './caller-place.ts';
import type { CallerTickets } from './caller-tickets.ts';

/** What a caller's session works with besides the services. */
export interface CallerRooms extends LineRooms {
  readonly desk: AgentDesk;
  readonly callerTickets: CallerTickets;
  /** A ticket stands in the caller's place; not to be dialled while they may be on the line. */
  readonly ticketTaken: (ticketId: TicketId) => void;
  /** The call in which a ticket was registered has ended: it may be dialled now. */
  readonly ticketFreed: (ticketId: TicketId) => void;
}

/** What is known of a call when it comes in. */
export interface InboundCall {
  readonly id: CallId;
  readonly trunk: TrunkId;
  /** ANI, whether or not it can be called back. */
  readonly party: E164 | undefined;
  readonly context: CallerContext;
}
