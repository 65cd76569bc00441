import { ORIGINS } from '../events/origins.ts';
import type { Channel, QueuedCommand } from './channel.ts';
import { executeApplication } from './execute.ts';
import { setHangupVariables } from './hangup-variables.ts';
import { parkChannel } from './park.ts';
import type { DialplanStep, Redirection } from './redirection.ts';
import { endRecordings } from './sound/recording.ts';

/**
 * The life of a call from its dialplan to its last event. What FreeSWITCH does on a thread of the
 * session happens here as one asynchronous function:
 *
 *     INIT -> ROUTING -> EXECUTE ... (SOFT_EXECUTE while bridged, PARK after a bridge) -> HANGUP -> REPORTING
 */
export async function runCall(channel: Channel, steps: readonly DialplanStep[]): Promise<void> {
  channel.runCommand = (command) => runQueuedCommand(channel, command);
  await channel.within(async () => {
    let next: Redirection | undefined = { kind: 'extension', steps };
    while (next !== undefined && !channel.down) {
      await follow(channel, next);
      next = takeRedirection(channel);
    }
  });
  channel.hangup('NORMAL_CLEARING');
  await finish(channel);
}

function takeRedirection(channel: Channel): Redirection | undefined {
  const next = channel.redirection;
  channel.redirection = undefined;
  return next;
}

async function follow(channel: Channel, next: Redirection): Promise<void> {
  switch (next.kind) {
    case 'extension':
      await runExtension(channel, next.steps);
      return;
    case 'bridge':
      channel.enter('CS_HIBERNATE');
      channel.enter('CS_RESET');
      channel.enter('CS_SOFT_EXECUTE');
      await next.run();
      return;
    case 'park':
      channel.enter('CS_PARK');
      await parkChannel(channel);
      return;
  }
}

async function runExtension(channel: Channel, steps: readonly DialplanStep[]): Promise<void> {
  // A call answered before its dialplan (third-party call control) does not ring again.
  const begun = channel.runningState !== 'CS_INIT';
  channel.enter('CS_ROUTING', channel.answered && !begun ? undefined : 'RINGING');
  channel.enter('CS_EXECUTE', channel.answered ? 'ACTIVE' : undefined);
  channel.variables.set('call_uuid', channel.uuid);
  for (const step of steps) {
    if (!channel.ready) return;
    if (!(await executeApplication(channel, step.application, step.argument))) return;
  }
}

/** Runs what `sendmsg` asked for (switch_ivr_parse_event): a loop of less than half a second is not repeated. */
async function runQueuedCommand(channel: Channel, command: QueuedCommand): Promise<void> {
  const work = async (): Promise<void> => {
    for (let loop = 1; loop <= command.loops || command.loops < 0; loop++) {
      if (command.eventUuid !== undefined) channel.variables.set('app_uuid', command.eventUuid);
      channel.variables.set('current_loop', String(loop));
      channel.variables.set('total_loops', String(command.loops));
      const startedMs = channel.context.clock.nowMs();
      const done = await executeApplication(channel, command.application, command.argument);
      if (!done || !channel.ready || channel.breakRequested === 'all') break;
      if (channel.context.clock.nowMs() - startedMs < 500) break;
    }
    channel.variables.set('current_loop', undefined);
    channel.variables.set('total_loops', undefined);
  };
  await channel.within(work, command.eventLock);
}

/** What happens after the last application: the end of recordings, the last events, the ports given back. */
async function finish(channel: Channel): Promise<void> {
  channel.runningState = 'CS_HANGUP';
  channel.commands.length = 0;
  channel.announce('CHANNEL_STATE', ORIGINS.state);
  channel.setCallState('HANGUP');
  await endRecordings(channel);
  channel.audio.stopDisplacement();
  setHangupVariables(channel);
  channel.state = 'CS_REPORTING';
  channel.runningState = 'CS_REPORTING';
  channel.announce('CHANNEL_STATE', ORIGINS.state);
  channel.announce('CHANNEL_HANGUP_COMPLETE', ORIGINS.hangupComplete);
  channel.state = 'CS_DESTROY';
  channel.announce('CHANNEL_DESTROY', ORIGINS.destroy);
  channel.runningState = 'CS_DESTROY';
  channel.announce('CHANNEL_STATE', ORIGINS.state);
  channel.context.channels.remove(channel);
  channel.audio.session.close();
  channel.ended();
}
