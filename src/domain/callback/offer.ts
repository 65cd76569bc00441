import type { CallbackSettings } from '../queue/settings.ts';

/** Whether a caller who joins the line is offered a callback. */
export function isCallbackOffered(
  settings: CallbackSettings,
  line: { readonly waitSeconds: number; readonly openTickets: number },
): boolean {
  return (
    settings.offered &&
    line.waitSeconds >= settings.offerAboveSeconds &&
    line.openTickets < settings.maxOpenTickets
  );
}
