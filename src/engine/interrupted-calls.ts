import { keep, type Services } from './services.ts';

/** Ends the records of calls that a stop of the server cut off. @returns how many. */
export async function closeInterruptedCalls(services: Services): Promise<number> {
  const open = await services.store.openCalls();
  const at = services.clock.now();
  for (const call of open) {
    const outcome = call.connectedAt === undefined ? 'failed' : 'served';
    keep(services, 'call', [{ kind: 'call', call: { ...call, end: { at, outcome } } }]);
  }
  return open.length;
}
