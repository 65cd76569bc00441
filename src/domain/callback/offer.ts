import type { CallbackSettings } from './settings.ts';

/** Whether a caller who joins the line is offered a callback. */
export function isCallbackOffered(
  settings: CallbackSettings,
  line: { readonly waitSeconds: number; readonly openTickets: number },
): boolean {
  return (
    settings.offering &&
    line.waitSeconds >= settings.offer.aboveSeconds &&
    line.openTickets < settings.offer.maxOpenTickets
  );
}
