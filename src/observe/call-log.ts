import type { Observer } from '../engine/observer.ts';
import type { Log } from '../engine/ports.ts';

/** A line for each call that comes in, and one when it ends; by its id, without numbers. */
export function callLog(log: Log): Observer {
  return (happening) => {
    if (happening.what === 'callArrived') log.info('call began', { callId: happening.callId });
    if (happening.what !== 'callEnded') return;
    const { callId, queue, outcome } = happening;
    log.info('call ended', { callId, queue, outcome });
  };
}
