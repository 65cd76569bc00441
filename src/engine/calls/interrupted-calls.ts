import type { CallRecord } from '../../domain/call/call-record.ts';
import type { EpochMs } from '../../domain/ids.ts';
import type { Change } from '../ports.ts';
import { keep, type Services } from '../services.ts';

/** Ends the records of calls that a stop of the server cut off. @returns how many. */
export async function closeInterruptedCalls(services: Services): Promise<number> {
  const open = await services.store.openCalls();
  const at = services.clock.now();
  for (const call of open) {
    const outcome = call.connectedAt === undefined ? 'failed' : 'served';
    const ended: Change = { kind: 'call', call: { ...call, end: { at, outcome } } };
    keep(services, 'call', [ended, ...departure(call, at)]);
  }
  return open.length;
}

/** Who held is not in line any more, and is overtaken by nobody. */
function departure(call: CallRecord, at: EpochMs): readonly Change[] {
  const { id, direction, queue, connectedAt } = call;
  if (direction !== 'inbound' || queue === undefined || connectedAt !== undefined) return [];
  return [{ kind: 'fact', fact: { at, about: id, what: 'leftLine', detail: { queue } } }];
}
