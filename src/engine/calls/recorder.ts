import type { AgentId, CallId, QueueId, TicketId } from '../../domain/ids.ts';
import type { Recording, RecordingState } from '../../domain/recording/recording.ts';
import type { Leg } from '../ports.ts';
import { keep, type Services } from '../services.ts';

/** The conversation that a recording is of. */
export interface RecordedConversation {
  readonly callId: CallId;
  readonly ticketId: TicketId | undefined;
  readonly agentId: AgentId;
  readonly queue: QueueId;
}

/** A recording under way. */
export interface RunningRecording {
  readonly file: string;
  /** Ends it and completes its row. Never throws. */
  stop(): Promise<void>;
}

/**
 * Records the customer's leg: what they say on the left, what they hear on the right. A recording
 * that cannot start is logged as an error and kept as a failed row; the call goes on.
 */
export async function startRecording(
  services: Services,
  customer: Leg,
  conversation: RecordedConversation,
): Promise<RunningRecording | undefined> {
  const id = services.ids.next('rec');
  const recording: Recording = {
    id,
    ...conversation,
    file: `${id}.wav`,
    startedAt: services.clock.now(),
    state: { name: 'recording' },
  };
  keepRow(services, recording, 'recordingStarted');
  try {
    await customer.startRecording(recording.file);
  } catch (error) {
    failed(services, recording, error);
    return undefined;
  }
  services.observe(
    { what: 'recordingStarted', recordingId: id, file: recording.file },
    recording.startedAt,
  );
  return watched(services, customer, recording);
}

/** A recording that the media server gives up in the middle (a full disk) fails at once. */
function watched(services: Services, customer: Leg, recording: Recording): RunningRecording {
  const { file } = recording;
  let isOver = false;
  customer.listen({
    key: () => undefined,
    ended: () => undefined,
    recordingLost: (lost) => {
      if (lost !== file || isOver) return;
      isOver = true;
      failed(services, recording, new Error('the media server stopped writing the file'));
    },
  });
  return {
    file,
    stop: async () => {
      if (isOver) return;
      isOver = true;
      await stopRecording(services, customer, recording);
    },
  };
}

async function stopRecording(services: Services, customer: Leg, recording: Recording) {
  try {
    const { durationMs } = await customer.stopRecording(recording.file);
    finish(services, recording, {
      name: 'finished',
      endedAt: services.clock.now(),
      durationMs,
    });
  } catch (error) {
    failed(services, recording, error);
  }
}

function failed(services: Services, recording: Recording, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const at = services.clock.now();
  services.log.error('recording failed', {
    callId: recording.callId,
    recording: recording.id,
    reason,
  });
  services.observe({ what: 'recordingFailed', callId: recording.callId, reason }, at);
  finish(services, recording, { name: 'failed', at, reason });
}

function finish(services: Services, recording: Recording, state: RecordingState): void {
  keepRow(services, { ...recording, state }, `recording${capitalised(state.name)}`);
}

function keepRow(services: Services, recording: Recording, what: string): void {
  const at = services.clock.now();
  const detail = { callId: recording.callId, agentId: recording.agentId };
  keep(services, 'recording', [
    { kind: 'recording', recording },
    { kind: 'fact', fact: { at, about: recording.id, what, detail } },
  ]);
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Marks recordings that a stop of the server cut off: their files hold what was said until then. */
export async function closeInterruptedRecordings(services: Services): Promise<number> {
  const running = await services.store.runningRecordings();
  const endedAt = services.clock.now();
  for (const recording of running) {
    await services.repairRecording(recording.file).catch((error: unknown) => {
      services.log.error('a recording was not repaired', {
        recording: recording.id,
        error: String(error),
      });
    });
    finish(services, recording, { name: 'interrupted', endedAt });
  }
  return running.length;
}
