import type { Offer, OfferView } from '../callback/offer.ts';
import type { Slot } from '../callback/ticket.ts';
import { isOpen, type OpeningHours } from '../hours/hours.ts';
import type { AgentId, E164, EpochMs, HoursId, MenuId, QueueId, TicketId } from '../ids.ts';
import type { DialogueEffect, DialogueEvent } from '../ivr/dialogue.ts';
import { type Listener, listenerWith } from '../ivr/listener.ts';
import type { EntryPoint, Menu } from '../ivr/menu.ts';
import type { MenuDialogue } from '../ivr/menu-dialogue.ts';
import type { CheckNumber, OfferConsent, OfferDialogue } from '../ivr/offer-state.ts';
import type { BookedTicket, RepeatDialogue } from '../ivr/repeat-dialogue.ts';
import { voiceIn } from '../ivr/voice.ts';
import type { QueueSettings } from '../queue/settings.ts';
import type { CallOutcome } from './call-record.ts';

/**
 * A caller, from the first ring to the end.
 *
 *     arriving ─▶ menu ─▶ joining ─┬──────────────▶ holding ◀──missed── ringing ─▶ talking
 *        │ ▲        │       │ ▲    │ long wait, key   ▲ │                 ▲
 *        ▼ │        │       │ └ back from a ticket    │ │                 │
 *      repeat ─▶ changingTicket    │                  │ │                 │
 *        │          │       │      ▼                  │ └────assigned─────┤
 *        │          │       │    offer ──declined─────┘                   │
 *        │          │       │      │ │                                    │
 *        │          │       │      │ └──────────────assigned──────────────┘
 *        │          │       │      ▼
 *        │          │       │    saving ──refused──▶ holding, or ringing
 *        ▼          ▼       ▼      ▼
 *      lastWords (closed, line full, ticket taken) ─▶ ended
 */
export type CallerState =
  | { readonly phase: 'arriving' }
  | { readonly phase: 'menu'; readonly menu: MenuDialogue }
  /** Has a callback booked, and is asked about it. */
  | { readonly phase: 'repeat'; readonly repeat: RepeatDialogue }
  /** What was asked for the ticket is on its way to the disk. */
  | {
      readonly phase: 'changingTicket';
      readonly change: TicketChoice;
      readonly ticket: BookedTicket;
      readonly timesAsked: number;
    }
  /** `back`: to the place of a ticket of theirs, which we called in vain, or because they asked. */
  | {
      readonly phase: 'joining';
      readonly queue: QueueId;
      readonly back: 'missed' | 'asked' | undefined;
    }
  | {
      readonly phase: 'offer';
      readonly queue: QueueId;
      readonly offer: OfferDialogue;
      readonly kind: Offer;
    }
  /** The ticket is on its way to the disk; an agent kept meanwhile is needed if it does not get there. */
  | {
      readonly phase: 'saving';
      readonly queue: QueueId;
      readonly agentId: AgentId | undefined;
      readonly kind: Offer;
      readonly code: string | undefined;
    }
  /** Hung up while the ticket was being saved: what becomes of it decides how the call ended. */
  | { readonly phase: 'savingUnheard' }
  /** `offeredAt`: when they last heard of the offer. */
  | { readonly phase: 'holding'; readonly queue: QueueId; readonly offeredAt: EpochMs }
  | { readonly phase: 'ringing'; readonly queue: QueueId; readonly agentId: AgentId }
  | { readonly phase: 'talking'; readonly queue: QueueId; readonly agentId: AgentId }
  | { readonly phase: 'lastWords'; readonly outcome: CallOutcome }
  | { readonly phase: 'ended'; readonly outcome: CallOutcome };

export interface Caller {
  readonly state: CallerState;
  /** Number of the last thing said. */
  readonly turn: number;
  /** How they are spoken to, and what was said last. */
  readonly listener: Listener;
  /** The way through the menus, as `main 1`. */
  readonly path: readonly string[];
  /** Of a text telephone: an agent with the skill `tty` is asked for, where there is one. */
  readonly isTty: boolean;
}

/** What does not change while the call lasts; a new configuration reaches new calls only. */
export interface CallerContext {
  readonly entryPoint: EntryPoint;
  readonly menus: ReadonlyMap<MenuId, Menu>;
  readonly hours: ReadonlyMap<HoursId, OpeningHours>;
  readonly queues: ReadonlyMap<QueueId, QueueSettings>;
  /** The number shown, if it can be called back. */
  readonly ani: E164 | undefined;
  /** Whether the number shown is that of a relay service. */
  readonly isRelay: boolean;
  readonly checkNumber: CheckNumber;
  /** A callback of theirs, recognised by the number shown. */
  readonly known: KnownCaller | undefined;
}

/** A caller who has, or lately had, a ticket. */
export interface KnownCaller {
  readonly ticket: BookedTicket;
  readonly queue: QueueId;
  /** We tried to call them and missed them not long ago: they go to the front. */
  readonly wasMissed: boolean;
}

/** What a caller may have done with a ticket. */
export type TicketChoice =
  | { readonly choice: 'keep' }
  | { readonly choice: 'cancel' }
  | { readonly choice: 'number'; readonly number: E164; readonly consent: OfferConsent }
  | { readonly choice: 'slot'; readonly slot: Slot };

/**
 * Why a ticket was not taken or changed. `refused`: the number is not to be called, or not now;
 * `alreadyBooked`: it has another ticket in the same queue.
 */
export type NoTicket = 'store' | 'refused' | 'slotTaken' | 'alreadyBooked';

/** Why a ticket is as it was. `gone`: it has ended meanwhile, by another call or a program. */
export type TicketUnchanged = NoTicket | 'gone';

/** The line as it stands for a caller. */
export interface LineView extends OfferView {
  /** Callers before this one. */
  readonly ahead: number;
  /** The 80 % band of the wait. */
  readonly lowSeconds: number;
  readonly highSeconds: number;
  /** Times that can be booked, soonest first. */
  readonly slots: readonly Slot[];
  /** Of the queue, for saying times. */
  readonly timeZone: string;
}

export type CallerEvent =
  | { readonly type: 'answered' }
  | DialogueEvent
  /** `isBack`: at the place of their ticket, not at the end of the line. */
  | { readonly type: 'joined'; readonly line: LineView; readonly isBack: boolean }
  | { readonly type: 'lineFull' }
  /** The queue was taken out of the configuration since the call began. */
  | { readonly type: 'queueGone' }
  /** The caller pressed the key of the offer: the line as it is now. */
  | { readonly type: 'offerAsked'; readonly line: LineView }
  /** What was asked for the ticket is on disk. */
  | { readonly type: 'ticketChanged' }
  | { readonly type: 'ticketUnchanged'; readonly because: TicketUnchanged }
  /** Time to announce position and wait. */
  | { readonly type: 'announceDue'; readonly turn: number; readonly line: LineView }
  | { readonly type: 'ticketRegistered'; readonly ticketId: TicketId }
  | { readonly type: 'ticketFailed'; readonly because: NoTicket }
  /** The carrier tones of a text telephone were heard. */
  | { readonly type: 'ttyHeard' }
  | { readonly type: 'assigned'; readonly agentId: AgentId }
  | { readonly type: 'agentMissed' }
  | { readonly type: 'talking' }
  | { readonly type: 'conversationEnded' }
  /** The caller hung up, or the leg was lost. */
  | { readonly type: 'hungUp'; readonly by: 'party' | 'us' | 'failure' }
  /** The media server refused something. */
  | { readonly type: 'mediaFailed' }
  /** A defect of ours stopped the call where it stood. */
  | { readonly type: 'ourFault' };

export type CallerEffect =
  | DialogueEffect
  | { readonly type: 'music' }
  | { readonly type: 'joinLine'; readonly queue: QueueId }
  /** In place of the ticket, where it stands or stood; where that can not be, at the end; post `joined`. */
  | {
      readonly type: 'returnToLine';
      readonly queue: QueueId;
      readonly ticketId: TicketId;
      readonly toFront: boolean;
    }
  /** Write it down, then post `ticketChanged`; or `ticketUnchanged`. */
  | { readonly type: 'changeTicket'; readonly ticketId: TicketId; readonly change: TicketChoice }
  /** Post `offerAsked`. */
  | { readonly type: 'askOffer' }
  /** For the ledger and the reports. */
  | { readonly type: 'offered'; readonly waitSeconds: number }
  | { readonly type: 'declined' }
  | { readonly type: 'leaveLine' }
  /** Post `announceDue` with the line as it then is. */
  | { readonly type: 'announceAfter'; readonly turn: number; readonly afterMs: EpochMs }
  | {
      readonly type: 'registerTicket';
      readonly number: E164;
      readonly consent: OfferConsent;
      readonly slot: Slot | undefined;
      readonly code: string | undefined;
    }
  | { readonly type: 'ringAgent'; readonly agentId: AgentId }
  /** The caller went away while the agent's phone rang. */
  | { readonly type: 'stopRinging' }
  /** The caller went away during talk. */
  | { readonly type: 'endConversation' }
  | { readonly type: 'hangUp' }
  | { readonly type: 'ended'; readonly outcome: CallOutcome };

/** A caller after an event, and what is to be done about it. */
export interface CallerStep {
  readonly caller: Caller;
  readonly effects: readonly CallerEffect[];
}

/** A call that comes in, spoken to in the language of the number dialled. */
export function arriving({ language }: EntryPoint): Caller {
  const listener = listenerWith(voiceIn(language));
  return { state: { phase: 'arriving' }, turn: 0, listener, path: [], isTty: false };
}

/** Whether number or queue is open; one without hours always is. */
export function openNow(context: CallerContext, hoursId: HoursId, now: EpochMs): boolean {
  const hours = context.hours.get(hoursId);
  return hours === undefined || isOpen(hours, now);
}
