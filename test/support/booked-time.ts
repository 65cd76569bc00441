import type { Slot, Ticket } from '../../src/domain/callback/ticket.ts';
import { ENGLISH } from '../../src/domain/ivr/languages/english.ts';
import { spokenSlot } from '../../src/domain/ivr/spoken-slot.ts';

/** Of the hours `always` in the sample. */
export const TIME_ZONE = 'America/New_York';

/** The time that is booked. @throws Error if none is */
export function slotOf({ slot }: Ticket): Slot {
  if (slot === undefined) throw new Error('no slot');
  return slot;
}

/** The numbers in a time as it is said, by the clock of the queue. */
export function numbersSaid(slot: Slot, { registeredAt }: Ticket): string {
  const sounds = ENGLISH.slot(spokenSlot({ ...slot, timeZone: TIME_ZONE, now: registeredAt }));
  return sounds.flatMap((sound) => /^numbers\/(\d+)$/u.exec(sound)?.[1] ?? []).join(' ');
}
