import { PAUSE_REASONS, type PauseReason } from '../callback/ticket.ts';
import type { EpochMs } from '../ids.ts';
import type { RecordedFact } from '../queue/line-fact.ts';
import type { Tally } from './tally.ts';

/** What somebody was told of their wait. */
interface Quote {
  readonly at: EpochMs;
  readonly waitMs: number;
  /** The 80 % band, where one was said. */
  readonly band: { readonly lowMs: number; readonly highMs: number } | undefined;
}

/** Somebody's way through the line, as far as the ledger has told it; counted in `tally`. */
export interface Journey {
  readonly tally: Tally;
  readonly joinedAt: EpochMs;
  /** Told when they joined. */
  firstQuote: Quote | undefined;
  /** Told last before they took a ticket. */
  lastQuote: Quote | undefined;
  wasOffered: boolean;
  hasDeclined: boolean;
  ticket: TicketJourney | undefined;
}

interface TicketJourney {
  readonly registeredAt: EpochMs;
  slot: { readonly from: EpochMs; readonly to: EpochMs } | undefined;
  pause: { readonly since: EpochMs; readonly because: PauseReason } | undefined;
  /** Waited by their own wish. */
  wishedMs: number;
  /** Waited for a reason that hold would not have known, before the first attempt. */
  asideMs: number;
  firstAttemptAt: EpochMs | undefined;
  wasReached: boolean;
}

/** Pauses that the customer chose. */
const WISHED: ReadonlySet<PauseReason> = new Set(['slot', 'choseLater']);
/** Pauses in which their turn would have come, had they held. */
const IN_TURN: ReadonlySet<PauseReason> = new Set(['registered', 'unreachable']);

/** Begins when a caller joins the line, or a ticket is created by API. */
export function beginJourney(tally: Tally, at: EpochMs, detail: RecordedFact['detail']): Journey {
  const quote = quoteOf(at, detail);
  return {
    tally,
    joinedAt: at,
    firstQuote: quote,
    lastQuote: quote,
    wasOffered: false,
    hasDeclined: false,
    ticket: undefined,
  };
}

/** Takes up one fact about the person or their ticket. @returns whether the way has ended */
export function goOn(journey: Journey, fact: RecordedFact): boolean {
  const { tally, ticket } = journey;
  const { at, detail } = fact;
  switch (fact.what) {
    case 'callbackOffered':
      if (!journey.wasOffered) tally.offered += 1;
      journey.wasOffered = true;
      journey.lastQuote = quoteOf(at, detail) ?? journey.lastQuote;
      return false;
    case 'callbackDeclined':
      if (journey.wasOffered && !journey.hasDeclined) {
        tally.declined += 1;
        journey.hasDeclined = true;
      }
      return false;
    case 'ticketRegistered':
      register(journey, fact);
      return false;
    case 'leftLine':
      return ticket === undefined;
    default:
      return ticket !== undefined && goOnWithTicket(journey, ticket, fact);
  }
}

/** Whoever takes a later offer has not declined. */
function register(journey: Journey, { at, detail }: RecordedFact): void {
  const { tally } = journey;
  if (journey.wasOffered) tally.accepted += 1;
  if (journey.hasDeclined) tally.declined -= 1;
  tally.registered += 1;
  tally.open += 1;
  journey.lastQuote = quoteOf(at, detail) ?? journey.lastQuote;
  const slot = slotOf(detail);
  journey.ticket = {
    registeredAt: at,
    slot,
    pause: { since: at, because: slot === undefined ? 'registered' : 'slot' },
    wishedMs: 0,
    asideMs: 0,
    firstAttemptAt: undefined,
    wasReached: false,
  };
}

function goOnWithTicket(journey: Journey, ticket: TicketJourney, fact: RecordedFact): boolean {
  const { tally } = journey;
  const { at, what, detail } = fact;
  switch (what) {
    case 'ticketPaused':
      beginPause(ticket, at, pauseOf(detail['because']));
      return false;
    case 'ticketSlotChanged':
      ticket.slot = slotOf(detail);
      beginPause(ticket, at, ticket.slot === undefined ? 'registered' : 'slot');
      return false;
    case 'ticketDue':
      endPause(ticket, at);
      return false;
    case 'attemptStarted':
      endPause(ticket, at);
      beginAttempt(journey, ticket, at);
      return false;
    case 'customerConfirmed':
      reach(tally, ticket);
      return false;
    case 'attemptEnded':
      beginPause(ticket, at, detail['cause'] === 'choseLater' ? 'choseLater' : 'unreachable');
      return end(journey, detail['state']);
    case 'ticketConnected':
      connect(journey, ticket, at);
      return end(journey, 'connected');
    case 'ticketCancelled':
      return end(journey, 'cancelled');
    case 'ticketExpired':
      return end(journey, 'expired');
    default:
      return false;
  }
}

function beginAttempt(journey: Journey, ticket: TicketJourney, at: EpochMs): void {
  const { tally } = journey;
  tally.attempts += 1;
  if (ticket.firstAttemptAt !== undefined) return;
  tally.attempted += 1;
  ticket.firstAttemptAt = at;
  const { slot } = ticket;
  const quote = journey.lastQuote;
  if (slot !== undefined) {
    judgePromise(tally, at, slot.from, slot.to);
    return;
  }
  if (quote?.band !== undefined) {
    judgePromise(tally, at, quote.at + quote.band.lowMs, quote.at + quote.band.highMs + 1);
  }
  // Night and closing time are no fault of the estimate.
  if (quote !== undefined && ticket.wishedMs + ticket.asideMs === 0) judgeQuote(tally, quote, at);
}

/** Whether an attempt began within what was promised; `to` excluded. */
function judgePromise(tally: Tally, at: EpochMs, from: EpochMs, to: EpochMs): void {
  tally.promised += 1;
  if (at < from) tally.early += 1;
  else if (at < to) tally.punctual += 1;
  else tally.late += 1;
}

function judgeQuote(tally: Tally, quote: Quote, turnAt: EpochMs): void {
  const errorMs = quote.waitMs - (turnAt - quote.at);
  tally.estimates += 1;
  tally.estimateErrorMs += Math.abs(errorMs);
  tally.estimateBiasMs += errorMs;
  if (quote.band === undefined) return;
  const waitedMs = turnAt - quote.at;
  tally.bands += 1;
  if (waitedMs >= quote.band.lowMs && waitedMs <= quote.band.highMs) tally.bandsHeld += 1;
}

function reach(tally: Tally, ticket: TicketJourney): void {
  if (!ticket.wasReached) tally.reached += 1;
  ticket.wasReached = true;
}

function connect({ tally, joinedAt }: Journey, ticket: TicketJourney, at: EpochMs): void {
  const { registeredAt, firstAttemptAt, wishedMs, asideMs, slot } = ticket;
  reach(tally, ticket);
  tally.connected += 1;
  tally.callbackWaitMs += Math.max(0, at - joinedAt - wishedMs);
  if (firstAttemptAt === undefined || slot !== undefined) return;
  tally.holdSavedMs += Math.max(0, firstAttemptAt - registeredAt - asideMs);
}

/** @returns whether `state` is one that ends a ticket; it is counted then */
function end({ tally }: Journey, state: unknown): boolean {
  if (state === 'cancelled' || state === 'exhausted' || state === 'expired') tally[state] += 1;
  else if (state !== 'connected') return false;
  tally.open -= 1;
  return true;
}

/** Counts a holder whom an agent answered. */
export function answeredOnHold({ tally, joinedAt, firstQuote }: Journey, at: EpochMs): void {
  tally.answeredOnHold += 1;
  tally.holdWaitMs += at - joinedAt;
  if (firstQuote !== undefined) judgeQuote(tally, firstQuote, at);
}

/** Counts a holder who hung up without a ticket. */
export function abandonedOnHold({ tally, joinedAt }: Journey, at: EpochMs): void {
  tally.abandonedOnHold += 1;
  tally.abandonedAfterMs += at - joinedAt;
}

function beginPause(ticket: TicketJourney, at: EpochMs, because: PauseReason): void {
  endPause(ticket, at);
  ticket.pause = { since: at, because };
}

function endPause(ticket: TicketJourney, at: EpochMs): void {
  const { pause } = ticket;
  if (pause === undefined) return;
  ticket.pause = undefined;
  if (WISHED.has(pause.because)) ticket.wishedMs += at - pause.since;
  if (ticket.firstAttemptAt === undefined && !IN_TURN.has(pause.because)) {
    ticket.asideMs += at - pause.since;
  }
}

function quoteOf(at: EpochMs, detail: RecordedFact['detail']): Quote | undefined {
  const { waitSeconds, lowSeconds, highSeconds } = detail;
  if (typeof waitSeconds !== 'number') return undefined;
  const band =
    typeof lowSeconds === 'number' && typeof highSeconds === 'number'
      ? { lowMs: milliseconds(lowSeconds), highMs: milliseconds(highSeconds) }
      : undefined;
  return { at, waitMs: milliseconds(waitSeconds), band };
}

function slotOf({ slotFrom, slotTo }: RecordedFact['detail']): TicketJourney['slot'] {
  return typeof slotFrom === 'number' && typeof slotTo === 'number'
    ? { from: slotFrom, to: slotTo }
    : undefined;
}

function pauseOf(value: unknown): PauseReason {
  return PAUSE_REASONS.find((reason) => reason === value) ?? 'registered';
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
