import type {
  Attempt,
  AttemptEffect,
  AttemptEvent,
  CustomerChoice,
} from '../domain/callback/attempt.ts';
import type { AttemptCause, Ticket } from '../domain/callback/ticket.ts';
import type { TicketEvent } from '../domain/callback/ticket-step.ts';
import type { AgentId, EpochMs } from '../domain/ids.ts';
import type { Key } from '../domain/ivr/keys.ts';
import { answerOf } from './answers.ts';
import type { Answer, CallerScript } from './day.ts';
import { Meeting } from './meeting.ts';
import { beginAttempt, moveAttempt, settingsOf } from './rules.ts';
import type { Run } from './run.ts';
import type { SimulatedAgents } from './simulated-agents.ts';
import type { SimulatedFloor } from './simulated-floor.ts';

interface Rooms {
  readonly run: Run;
  readonly floor: SimulatedFloor;
  readonly agents: SimulatedAgents;
}

/** Who is called, for whom. */
interface AttemptWork {
  readonly ticket: Ticket;
  readonly script: CallerScript;
  readonly agentId: AgentId;
  readonly ready: boolean;
}

interface AttemptListener {
  /** Moves the ticket, while its attempt is under way. */
  move(event: TicketEvent): void;
  /** Told once. */
  over(cause: AttemptCause | 'connected'): void;
}

/** About how long one prompt is. */
const PROMPT_MS = 2_500;
/** A trunk that is down refuses after this. */
const REFUSED_MS = 1_000;
/** Who has pressed 1 waits so long for the agent. */
const CUSTOMER_PATIENCE_MS = 90_000;
const NEXT_KEY_MS = 3_000;

/** One call to a customer, by the rules of the house, answered as the customer's script says. */
export class SimulatedAttempt {
  readonly #rooms: Rooms;
  readonly #work: AttemptWork;
  readonly #listener: AttemptListener;
  readonly #answer: Answer;
  #attempt: Attempt;
  #first: readonly AttemptEffect[];
  #agentId: AgentId;
  #meeting: Meeting | undefined;
  #over = false;
  readonly #startedAt: EpochMs;
  #dialledAt: EpochMs | undefined;
  #confirmedAt: EpochMs | undefined;
  #agentRang = false;

  constructor(rooms: Rooms, work: AttemptWork, listener: AttemptListener) {
    this.#rooms = rooms;
    this.#work = work;
    this.#startedAt = rooms.run.now;
    this.#listener = listener;
    this.#agentId = work.agentId;
    const { dial } = settingsOf(rooms.run.plan, work.ticket.queue);
    this.#answer = answerOf(work.script, work.ticket.attempts.length, dial.ringSeconds);
    const begun = beginAttempt(work.agentId, work.ready, dial.order, work.ticket.origin.language);
    this.#attempt = begun.attempt;
    this.#first = begun.effects;
  }

  begin(): void {
    const effects = this.#first;
    this.#first = [];
    for (const effect of effects) this.#carryOut(effect);
  }

  post(event: AttemptEvent): void {
    if (this.#over) return;
    if (event.type === 'assigned') this.#agentId = event.agentId;
    const { run } = this.#rooms;
    const step = moveAttempt(run.plan, this.#work.ticket, this.#attempt, event, run.now);
    this.#attempt = step.attempt;
    for (const effect of step.effects) this.#carryOut(effect);
  }

  agentReady(): void {
    this.post({ type: 'agentReady', agentId: this.#agentId });
  }

  /** The process died. */
  cutOff(): void {
    this.#over = true;
    this.#meeting?.cancel();
  }

  #carryOut(effect: AttemptEffect): void {
    switch (effect.type) {
      case 'dial':
        this.#dial();
        return;
      case 'say':
        this.#later(effect.utterances.length * PROMPT_MS, { type: 'said', turn: effect.turn });
        return;
      case 'awaitKey':
        this.#later(effect.afterMs, { type: 'silence', turn: effect.turn });
        return;
      case 'confirmed':
        this.#confirmed();
        return;
      case 'settle':
        this.#settle(effect.choice);
        return;
      case 'summonAgent':
        this.#summon(effect.agentId);
        return;
      case 'ringAgent':
        this.#ringAgent(effect.agentId);
        return;
      case 'stopRinging':
        this.#meeting?.cancel();
        return;
      case 'ended':
        this.#end(effect.cause);
        return;
      case 'hush':
      case 'music':
      case 'listen':
      case 'useVoice':
      case 'hangUp':
      case 'endConversation':
        return;
    }
  }

  #dial(): void {
    const { run } = this.#rooms;
    this.#dialledAt = run.now;
    if (!run.trunkUp) {
      this.#later(REFUSED_MS, { type: 'dialFailed', cause: 'carrierFailure' });
      return;
    }
    const { what, afterMs } = this.#answer;
    if (what === 'busy' || what === 'noAnswer' || what === 'declined') {
      this.#later(afterMs, { type: 'dialFailed', cause: what });
      return;
    }
    run.after(afterMs, () => {
      if (this.#over) return;
      if (!run.trunkUp) {
        this.post({ type: 'dialFailed', cause: 'carrierFailure' });
        return;
      }
      run.tally.reached += 1;
      this.post({ type: 'answered' });
      this.#react();
    });
  }

  /** What the customer does who has answered. */
  #react(): void {
    const { what, reactsMs } = this.#answer;
    switch (what) {
      case 'presses1':
        this.#press(reactsMs, '1');
        return;
      case 'choosesCancel':
        this.#press(reactsMs, '3');
        return;
      case 'choosesLater':
        this.#press(reactsMs, '2');
        this.#press(reactsMs + NEXT_KEY_MS, '3');
        return;
      case 'hangsUp':
        this.#later(reactsMs, { type: 'hungUp', by: 'party' });
        return;
      default:
        return;
    }
  }

  #press(afterMs: number, key: Key): void {
    this.#later(afterMs, { type: 'key', key });
  }

  #confirmed(): void {
    const { run } = this.#rooms;
    this.#confirmedAt = run.now;
    this.#listener.move({ type: 'confirmed' });
    run.after(CUSTOMER_PATIENCE_MS, () => {
      if (this.#over || this.#attempt.state.phase === 'talking') return;
      this.post({ type: 'hungUp', by: 'party' });
    });
  }

  #settle(choice: CustomerChoice): void {
    this.#listener.move(
      choice.choice === 'later'
        ? { type: 'choseLater', minutes: choice.minutes }
        : this.#ending('choseCancel'),
    );
    this.post({ type: 'settled', kept: true, onTime: true });
  }

  #ending(cause: Exclude<AttemptCause, 'choseLater'>): TicketEvent {
    return { type: 'attemptEnded', cause, back: this.#rooms.run.endOfLine() };
  }

  /** Agent first: the agent's phone is answered before the customer's rings. */
  #summon(agentId: AgentId): void {
    const { run, agents } = this.#rooms;
    const ringSeconds = run.plan.queues.get(this.#work.ticket.queue)?.agentRingSeconds ?? 20;
    const pickup = agents.pickUp(agentId, ringSeconds);
    this.#later(pickup.afterMs, { type: pickup.answered ? 'agentAnswered' : 'agentGone' });
  }

  #ringAgent(agentId: AgentId): void {
    const { run, floor, agents } = this.#rooms;
    const { ticket, script } = this.#work;
    if (!this.#agentRang && this.#confirmedAt !== undefined) {
      run.tally.customerWaited(run.now - this.#confirmedAt);
    }
    this.#agentRang = true;
    const parties = { entryId: ticket.id, agentId, queue: ticket.queue, talkMs: script.talkMs };
    this.#meeting = new Meeting(run, floor, agents, parties, {
      missed: () => {
        this.post({ type: 'agentMissed' });
      },
      talking: () => {
        run.witness.talkBegan(ticket.id, agentId, this.#answer.what !== 'presses1', run.now);
        this.#listener.move({ type: 'connected' });
        this.post({ type: 'talking' });
      },
      ended: () => {
        run.witness.talkEnded(ticket.id, agentId, run.now);
        this.post({ type: 'conversationEnded' });
      },
    });
  }

  #end(cause: AttemptCause | 'connected'): void {
    this.#over = true;
    this.#measure(cause === 'connected');
    if (cause !== 'connected' && cause !== 'choseLater') this.#listener.move(this.#ending(cause));
    this.#listener.over(cause);
  }

  /** What the next estimate and the next call ahead learn from this one. */
  #measure(reached: boolean): void {
    const { run, floor } = this.#rooms;
    const { queue } = this.#work.ticket;
    const keptSeconds = ((this.#confirmedAt ?? run.now) - this.#startedAt) / 1000;
    floor.estimates.attempted(queue, { reached, keptSeconds });
    if (this.#dialledAt === undefined) return;
    const confirmMs =
      this.#confirmedAt === undefined ? undefined : this.#confirmedAt - this.#dialledAt;
    floor.estimates.confirmed(queue, confirmMs);
  }

  #later(ms: number, event: AttemptEvent): void {
    this.#rooms.run.after(ms, () => {
      this.post(event);
    });
  }
}
