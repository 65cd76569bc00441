import type { CallerContext, KnownCaller } from '../../domain/call/caller.ts';
import type { AgentId, CallId, E164, TicketId, TrunkId } from '../../domain/ids.ts';
import { checkCallbackNumber } from '../../domain/numbering/check.ts';
import { asE164 } from '../../domain/numbering/e164.ts';
import type { NumberRule } from '../../domain/numbering/policy.ts';
import type { Dialler } from '../callbacks/dialler.ts';
import type { IncomingCall } from '../ports.ts';
import { keep, type Services } from '../services.ts';
import { CallerSession } from './caller-session.ts';
import type { CallerRooms } from './inbound-call.ts';
import type { KnownCallers } from './known-callers.ts';

/** After the caller who took a ticket has hung up, their telephone is given this time to rest. */
export const HANG_UP_PAUSE_MS = 2_000;

/** While the call in which a ticket was taken goes on, it is not dialled for this long. */
const ON_THE_LINE_MS = 30_000;

/** What the reception works with besides the services. */
export interface ReceptionRooms extends Omit<CallerRooms, 'ticketTaken' | 'ticketFreed'> {
  readonly dialler: Dialler;
  readonly known: KnownCallers;
}

/** Answers callers and keeps their sessions. */
export class Reception {
  readonly #services: Services;
  readonly #rooms: ReceptionRooms;
  readonly #sessions = new Map<CallId, CallerSession>();

  constructor(services: Services, rooms: ReceptionRooms) {
    this.#services = services;
    this.#rooms = rooms;
  }

  /** Calls under way. */
  get size(): number {
    return this.#sessions.size;
  }

  /** A call from a trunk. @throws CallFailure if it could not be answered; the caller was refused then. */
  async receive(call: IncomingCall, trunk: TrunkId): Promise<void> {
    const id = this.#services.ids.next('call');
    const context = this.#contextOf(call, id);
    if (context === undefined) {
      await call.reject(404);
      return;
    }
    const { dnis } = context.entryPoint;
    this.#services.observe({ what: 'callArrived', callId: id, dnis }, this.#services.clock.now());
    const known = await this.#recognise(context.ani);
    const leg = await call.answer();
    const held = known?.ticket.id;
    if (held !== undefined) this.#rooms.dialler.hold(held);
    const inbound = {
      id,
      trunk,
      party: asE164(call.ani),
      context: { ...context, known },
    };
    const session = new CallerSession(this.#services, this.#callerRooms(), inbound, leg, () => {
      this.#sessions.delete(id);
      if (held !== undefined) this.#rooms.dialler.release(held, HANG_UP_PAUSE_MS);
    });
    this.#sessions.set(id, session);
    session.start();
  }

  /** An agent is kept for a caller. */
  assigned(callId: CallId, agentId: AgentId): void {
    this.#sessions.get(callId)?.post({ type: 'assigned', agentId });
  }

  /** Ends every call. */
  stop(): void {
    for (const session of this.#sessions.values()) session.hangUp();
  }

  async #recognise(ani: E164 | undefined): Promise<KnownCaller | undefined> {
    return ani === undefined ? undefined : this.#rooms.known.find(ani);
  }

  #callerRooms(): CallerRooms {
    const { dialler } = this.#rooms;
    return {
      ...this.#rooms,
      ticketTaken: (ticketId: TicketId) => {
        this.#unlessBooked(ticketId, () => dialler.dueAfter(ticketId, ON_THE_LINE_MS));
      },
      ticketFreed: (ticketId: TicketId) => {
        this.#unlessBooked(ticketId, () => dialler.dueAfter(ticketId, HANG_UP_PAUSE_MS));
      },
    };
  }

  /** A ticket for a later time waits for that. */
  #unlessBooked(ticketId: TicketId, otherwise: () => void): void {
    const ticket = this.#rooms.tickets.get(ticketId);
    if (ticket?.state.name !== 'waiting') return;
    if (ticket.state.because === 'registered') {
      otherwise();
      return;
    }
    this.#rooms.dialler.dueAt(ticketId, ticket.state.notBefore);
  }

  /** What a call's rules need, from the plan in force when it came in. */
  #contextOf(call: IncomingCall, id: CallId): Omit<CallerContext, 'known'> | undefined {
    const plan = this.#services.plan();
    const entryPoint = plan.entryPoints.get(call.dialled as E164);
    if (entryPoint === undefined) return undefined;
    const check = (text: string) => checkCallbackNumber(text, plan.numbers);
    const shown = call.ani === undefined ? undefined : check(call.ani);
    const party = asE164(call.ani);
    return {
      entryPoint,
      menus: plan.menus,
      hours: plan.hours,
      queues: plan.queues,
      ani: shown?.ok === true ? shown.number : undefined,
      isRelay: party !== undefined && entryPoint.accessible?.relayCallers.has(party) === true,
      checkNumber: (digits) => {
        const checked = check(digits);
        if (!checked.ok) this.#tellRefusal(id, checked.rule);
        return checked;
      },
    };
  }

  /** Every number that was turned down is in the ledger, with the rule and without the number. */
  #tellRefusal(callId: CallId, rule: NumberRule): void {
    const at = this.#services.clock.now();
    const detail = { rule, stage: 'registration' };
    const fact = { at, about: callId, what: 'numberRefused', detail };
    keep(this.#services, 'refusal', [{ kind: 'fact', fact }]);
  }
}
