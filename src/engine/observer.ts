import type { AgentActivity } from '../domain/agent/agent.ts';
import type { CallOutcome } from '../domain/call/call-record.ts';
import type { AttemptCause, Ticket } from '../domain/callback/ticket.ts';
import type { AgentId, CallId, EpochMs, QueueId, RecordingId, TicketId } from '../domain/ids.ts';
import type { EntryId, Overtaking } from '../domain/queue/floor.ts';

/**
 * What happens, told to whoever watches: the demo's ladder, metrics, a live view. No numbers of
 * customers, but in the ticket of `ticketMoved`: texts are sent to it, and must not show it.
 */
export type Happening =
  | { readonly what: 'callArrived'; readonly callId: CallId; readonly dnis: string }
  | {
      readonly what: 'joinedLine';
      readonly callId: CallId;
      readonly queue: QueueId;
      readonly ahead: number;
      readonly waitSeconds: number;
    }
  | {
      readonly what: 'callbackOffered' | 'callbackDeclined';
      readonly callId: CallId;
      readonly queue: QueueId;
    }
  /** An agent is kept for somebody. */
  | {
      readonly what: 'assigned';
      readonly entryId: EntryId;
      readonly agentId: AgentId;
      readonly queue: QueueId;
      readonly overtook: Overtaking;
    }
  /** A ticket is not what it was `before`; undefined: it is new. Whole, with its number. */
  | {
      readonly what: 'ticketMoved';
      readonly before: Ticket | undefined;
      readonly ticket: Ticket;
    }
  | { readonly what: 'ticketRegistered'; readonly callId: CallId; readonly ticketId: TicketId }
  | {
      readonly what: 'callEnded';
      readonly callId: CallId;
      readonly queue: QueueId | undefined;
      readonly outcome: CallOutcome;
    }
  | {
      readonly what: 'dialling';
      readonly ticketId: TicketId;
      readonly callId: CallId;
      readonly agentId: AgentId;
    }
  | { readonly what: 'customerAnswered'; readonly ticketId: TicketId }
  | { readonly what: 'customerConfirmed'; readonly ticketId: TicketId }
  | {
      readonly what: 'attemptEnded';
      readonly ticketId: TicketId;
      readonly cause: AttemptCause | 'connected';
    }
  | { readonly what: 'agentRinging'; readonly agentId: AgentId; readonly callId: CallId }
  | { readonly what: 'agentMissed'; readonly agentId: AgentId; readonly callId: CallId }
  | {
      readonly what: 'talking';
      readonly agentId: AgentId;
      readonly callId: CallId;
      readonly ticketId: TicketId | undefined;
      readonly queue: QueueId;
      readonly waitedMs: number;
    }
  | { readonly what: 'recordingStarted'; readonly recordingId: RecordingId; readonly file: string }
  | { readonly what: 'recordingFailed'; readonly callId: CallId; readonly reason: string }
  | {
      readonly what: 'conversationEnded';
      readonly agentId: AgentId;
      readonly callId: CallId;
      readonly queue: QueueId;
      readonly talkMs: number;
      readonly recording: string | undefined;
    }
  | {
      readonly what: 'agentChanged';
      readonly agentId: AgentId;
      readonly activity: AgentActivity['name'];
    };

/** Receives happenings in order. Must not throw. */
export type Observer = (happening: Happening, at: EpochMs) => void;
