import type { AgentId, CallId, EpochMs, QueueId, RecordingId, TicketId } from '../ids.ts';

/** One recorded conversation; caller on the left channel, agent on the right. */
export interface Recording {
  readonly id: RecordingId;
  readonly callId: CallId;
  readonly ticketId: TicketId | undefined;
  readonly agentId: AgentId;
  readonly queue: QueueId;
  /** File name below the recordings folder. */
  readonly file: string;
  readonly startedAt: EpochMs;
  readonly state: RecordingState;
}

export type RecordingState =
  | { readonly name: 'recording' }
  | { readonly name: 'finished'; readonly endedAt: EpochMs; readonly durationMs: number }
  /** Ended by a stop of the server; the file holds what was said until then. */
  | { readonly name: 'interrupted'; readonly endedAt: EpochMs }
  | { readonly name: 'failed'; readonly at: EpochMs; readonly reason: string };
