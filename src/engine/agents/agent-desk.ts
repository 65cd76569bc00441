import type { AgentPresence } from '../../domain/agent/agent.ts';
import type { AgentId } from '../../domain/ids.ts';
import { prompts } from '../../domain/ivr/dialogue.ts';
import { soundsFor } from '../../domain/ivr/speech.ts';
import { voiceIn } from '../../domain/ivr/voice.ts';
import type { FloorKeeper } from '../line/floor-keeper.ts';
import type { AgentScreen, IncomingCall, Leg } from '../ports.ts';
import type { Services } from '../services.ts';
import { type AgentLine, OpenLine, RungPhone } from './agent-line.ts';

/**
 * Where agents are reached: their registered phones, or a line that they keep open. Their phones
 * dial short codes to change what they are.
 */
export class AgentDesk {
  readonly #services: Services;
  readonly #floor: FloorKeeper;
  readonly #openLines = new Map<AgentId, OpenLine>();
  readonly #registered = new Set<AgentId>();

  constructor(services: Services, floor: FloorKeeper) {
    this.#services = services;
    this.#floor = floor;
  }

  /** The registrar's word: the agent's first phone came, or the last went. */
  phonesChanged(agentId: AgentId, registered: boolean): void {
    if (registered) this.#registered.add(agentId);
    else this.#registered.delete(agentId);
    this.#tellReachable(agentId);
  }

  /** Tells the floor again whose telephone is there: it may have taken up agents it did not know. */
  tellWhoIsReachable(): void {
    for (const agentId of new Set([...this.#registered, ...this.#openLines.keys()])) {
      this.#tellReachable(agentId);
    }
  }

  /**
   * Rings the agent's phones, or takes the open line at once.
   * @throws DialFailure, CallFailure
   */
  async reach(
    agentId: AgentId,
    { callerName, screen, ringSeconds }: AgentCall,
    signal: AbortSignal,
  ): Promise<AgentLine> {
    const openLine = this.#openLines.get(agentId);
    if (openLine !== undefined) return await openLine.take();
    const target = { kind: 'agent', agentId, callerName, screen } as const;
    const leg = await this.#services.telephony.dial(target, ringSeconds, signal);
    return new RungPhone(leg, voiceIn(this.#services.plan().language));
  }

  /** Whether the agent's line is open, so that no phone will ring. */
  hasOpenLine(agentId: AgentId): boolean {
    return this.#openLines.has(agentId);
  }

  /** A call from an agent's phone: a short code. */
  async takeShortCode(call: IncomingCall, agentId: AgentId): Promise<void> {
    const code = this.#meaningOf(call.dialled);
    if (code === undefined) {
      await call.reject(404);
      return;
    }
    const leg = await call.answer();
    if (code.openLine) {
      this.#openLine(agentId, leg, code.presence, code.prompt);
      return;
    }
    this.#floor.post({ type: 'chose', agentId, presence: code.presence });
    try {
      await this.#say(leg, code.prompt);
    } finally {
      await leg.hangUp();
    }
  }

  #meaningOf(dialled: string): ShortCodeMeaning | undefined {
    const codes = this.#services.plan().shortCodes;
    const since = this.#services.clock.now();
    switch (dialled) {
      case codes.ready:
        return { presence: { name: 'ready', since }, prompt: 'agent-ready', openLine: false };
      case codes.break:
        return {
          presence: { name: 'break', since, reason: 'chosen' },
          prompt: 'agent-break',
          openLine: false,
        };
      case codes.logOut:
        return { presence: { name: 'loggedOut' }, prompt: 'agent-logged-out', openLine: false };
      case codes.openLine:
        return { presence: { name: 'ready', since }, prompt: 'agent-open-line', openLine: true };
      default:
        return undefined;
    }
  }

  #openLine(agentId: AgentId, leg: Leg, presence: AgentPresence, prompt: string): void {
    const before = this.#openLines.get(agentId);
    const line = new OpenLine(
      leg,
      this.#services.log,
      voiceIn(this.#services.plan().language),
      (by) => {
        this.#lineEnded(agentId, leg, by);
      },
    );
    this.#openLines.set(agentId, line);
    if (before !== undefined) void before.leg.hangUp();
    const ready = () => {
      if (this.#openLines.get(agentId) !== line) return;
      this.#tellReachable(agentId);
      this.#floor.post({ type: 'chose', agentId, presence });
    };
    this.#say(leg, prompt).then(ready, (error: unknown) => {
      this.#services.log.warn('open line failed', { agentId, error: String(error) });
      void leg.hangUp();
    });
  }

  async #say(leg: Leg, prompt: string): Promise<void> {
    const { language } = this.#services.plan();
    await leg.play(soundsFor(prompts(prompt), language), voiceIn(language));
  }

  /** Hanging up an open line is leaving the desk; losing it is not. */
  #lineEnded(agentId: AgentId, leg: Leg, by: 'party' | 'us' | 'failure'): void {
    if (this.#openLines.get(agentId)?.leg !== leg) return;
    this.#openLines.delete(agentId);
    if (by === 'party') {
      const since = this.#services.clock.now();
      const presence: AgentPresence = { name: 'break', since, reason: 'chosen' };
      this.#floor.post({ type: 'chose', agentId, presence });
    }
    this.#tellReachable(agentId);
  }

  #tellReachable(agentId: AgentId): void {
    const reachable = this.#registered.has(agentId) || this.#openLines.has(agentId);
    this.#floor.post({ type: 'reachable', agentId, reachable });
  }
}

/** How an agent is called. */
export interface AgentCall {
  readonly callerName: string;
  readonly screen: AgentScreen;
  readonly ringSeconds: number;
}

interface ShortCodeMeaning {
  readonly presence: AgentPresence;
  readonly prompt: string;
  readonly openLine: boolean;
}
