import type { Attempt, AttemptEvent, AttemptStep } from '../domain/callback/attempt.ts';
import { beginAttempt, stepAttempt } from '../domain/callback/attempt-step.ts';
import { type CallbackSettings, USUAL_CALLBACKS } from '../domain/callback/settings.ts';
import type { PauseReason, Ticket } from '../domain/callback/ticket.ts';
import {
  hasEnded,
  isUnderWay,
  REGISTRATION_PAUSE_MS,
  stepTicket,
  type TicketEvent,
} from '../domain/callback/ticket-step.ts';
import { mayCall } from '../domain/hours/calling-hours.ts';
import { isOpen, nextOpening } from '../domain/hours/hours.ts';
import type { CallId, EpochMs, QueueId, TicketId } from '../domain/ids.ts';
import { checkCallbackNumber } from '../domain/numbering/check.ts';
import type { NumberCheck } from '../domain/numbering/policy.ts';
import type { Floor } from '../domain/queue/floor.ts';
import { stepFloor } from '../domain/queue/floor-step.ts';
import { type Entry, lineLength, type Place } from '../domain/queue/line.ts';
import type { Plan } from '../engine/plan.ts';
import type { CallerScript } from './day.ts';

/**
 * The rules that a run goes by: those of the house, none of its own. The one file of this folder
 * that knows how they are called.
 */
export { beginAttempt, hasEnded, isUnderWay, stepFloor };

/** After the caller who took a ticket has hung up, their telephone is given this time to rest. */
export const HANG_UP_PAUSE_MS = 2_000;

export function settingsOf(plan: Plan, queue: QueueId): CallbackSettings {
  return plan.queues.get(queue)?.callback ?? USUAL_CALLBACKS;
}

const MINUTE_MS = 60_000;
/** How soon it is tried again where as many are being called as may be. */
const FULL_PAUSE_MS = 2_000;

/** Why a customer is not to be called just now, and when to look again. */
export function obstacleTo(
  plan: Plan,
  ticket: Ticket,
  callsOut: number,
  now: EpochMs,
): { readonly because: PauseReason; readonly afterMs: number } | undefined {
  const queue = plan.queues.get(ticket.queue);
  const { dialling, dial } = queue?.callback ?? USUAL_CALLBACKS;
  const untilNextMinuteMs = MINUTE_MS - (now % MINUTE_MS);
  if (!dialling) return { because: 'dialling', afterMs: untilNextMinuteMs };
  const hours = queue === undefined ? undefined : plan.hours.get(queue.hours);
  if (hours !== undefined && !isOpen(hours, now)) {
    const opensAt = nextOpening(hours, now);
    return {
      because: 'closed',
      afterMs: opensAt === undefined ? untilNextMinuteMs : opensAt - now,
    };
  }
  const called = mayCall(ticket.number, plan.numbers, now);
  if (!called.ok) return { because: 'calledHours', afterMs: called.opensAt - now };
  return callsOut < dial.maxCallsOut ? undefined : { because: 'dialling', afterMs: FULL_PAUSE_MS };
}

/** Whether the number dialled is answered now. */
export function isNumberOpen(plan: Plan, dnis: CallerScript['dnis'], now: EpochMs): boolean {
  const entryPoint = plan.entryPoints.get(dnis);
  const hours = entryPoint === undefined ? undefined : plan.hours.get(entryPoint.hours);
  return hours === undefined || isOpen(hours, now);
}

export function isLineFull(floor: Floor, queueId: QueueId): boolean {
  const queue = floor.queues.get(queueId);
  return queue === undefined || lineLength(queue.line) >= queue.settings.hold.maxWaiting;
}

/** A holder as they stand in line. */
export function holderEntry(id: CallId, queue: QueueId, place: Place): Entry {
  return { id, kind: 'holder', queue, skills: [], ...place };
}

/** A ticket as it stands in line. */
export function ticketEntry({ id, queue, arrivedAt, arrivalSequence }: Ticket): Entry {
  return { id, kind: 'ticket', queue, skills: [], arrivedAt, arrivalSequence };
}

export function checkNumber(plan: Plan, number: string): NumberCheck {
  return checkCallbackNumber(number, plan.numbers);
}

/** A ticket that takes over the place of its caller. */
export function newTicket(
  id: TicketId,
  from: { readonly callId: CallId; readonly script: CallerScript; readonly place: Place },
  number: Ticket['number'],
  now: EpochMs,
): Ticket {
  const { place, script, callId } = from;
  const { arrivedAt, arrivalSequence } = place;
  return {
    id,
    queue: script.queue,
    number,
    dnis: script.dnis,
    origin: {
      callId,
      waitingSince: arrivedAt,
      language: 'en',
      path: [],
      code: undefined,
      isTty: false,
    },
    arrivedAt,
    arrivalSequence,
    registeredAt: now,
    consent: { key: '1', source: 'ani', at: now, promptVersion: '', language: 'en' },
    slot: undefined,
    state: { name: 'waiting', notBefore: now + REGISTRATION_PAUSE_MS, because: 'registered' },
    attempts: [],
  };
}

export function moveTicket(plan: Plan, ticket: Ticket, event: TicketEvent, now: EpochMs): Ticket {
  return stepTicket(ticket, event, settingsOf(plan, ticket.queue), now);
}

export function moveAttempt(
  plan: Plan,
  ticket: Ticket,
  attempt: Attempt,
  event: AttemptEvent,
  now: EpochMs,
): AttemptStep {
  const settings = settingsOf(plan, ticket.queue);
  const { language, code, isTty } = ticket.origin;
  return stepAttempt(attempt, event, { settings, namePrompt: '', language, code, isTty }, now);
}
