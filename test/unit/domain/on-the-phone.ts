import {
  arriving,
  type Caller,
  type CallerContext,
  type CallerEffect,
  type CallerEvent,
  type KnownCaller,
  type LineView,
} from '../../../src/domain/call/caller.ts';
import { stepCaller } from '../../../src/domain/call/caller-step.ts';
import type { E164 } from '../../../src/domain/ids.ts';
import type { Key } from '../../../src/domain/ivr/keys.ts';
import type { AccessibleLine } from '../../../src/domain/ivr/menu.ts';
import type { NumberCheck } from '../../../src/domain/numbering/policy.ts';
import { samplePlan } from '../../simulation/world/sample-plan.ts';

const plan = samplePlan(1, {});
const sample = plan.entryPoints.get('+18005550100');
/** The number shown. */
export const ANI: E164 = '+12025550123';

function context(
  shown: E164 | 'withheld',
  known: KnownCaller | undefined,
  accessible: AccessibleLine | undefined,
): CallerContext {
  if (sample === undefined) throw new Error('the sample has no entry point');
  const entryPoint = { ...sample, accessible };
  const { menus, queues } = plan;
  const ani = shown === 'withheld' ? undefined : shown;
  return {
    entryPoint,
    menus,
    queues,
    hours: new Map(),
    ani,
    checkNumber,
    known,
    isRelay: false,
  };
}

function checkNumber(digits: string): NumberCheck {
  const bare = digits.replace(/^\+?1(?=\d{10}$)/u, '');
  if (!/^\d{10}$/u.test(bare)) return { ok: false, rule: 'notNanp' };
  if (bare.startsWith('900')) return { ok: false, rule: 'premium' };
  return { ok: true, number: `+1${bare}` };
}

/** A line with so many ahead. */
export function lineOf(ahead: number, waitSeconds: number, openTickets = 0): LineView {
  return {
    ahead,
    waitSeconds,
    lowSeconds: waitSeconds,
    highSeconds: waitSeconds,
    openTickets,
    secondsToClosing: undefined,
    isOffering: waitSeconds >= 120,
    offering: true,
    registering: true,
    trunksFree: true,
    slotsFree: false,
    slots: [],
    timeZone: 'UTC',
  };
}

/** A caller on the telephone: what is said is heard to its end unless a key comes first. */
export class OnThePhone {
  caller: Caller;
  readonly effects: CallerEffect[] = [];
  now = 0;
  readonly #context: CallerContext;

  constructor(shown: E164 | 'withheld' = ANI, known?: KnownCaller, accessible?: AccessibleLine) {
    this.#context = context(shown, known, accessible);
    this.caller = arriving(this.#context.entryPoint);
    this.tell({ type: 'answered' });
  }

  tell(...events: CallerEvent[]): this {
    for (const event of events) {
      const step = stepCaller(this.caller, event, this.#context, this.now);
      this.caller = step.caller;
      this.effects.push(...step.effects);
    }
    return this;
  }

  keys(keys: string): this {
    return this.tell(...keys.split('').map((key) => ({ type: 'key', key: key as Key }) as const));
  }

  hearsAll(): this {
    return this.tell({ type: 'said', turn: this.caller.turn });
  }

  silent(): this {
    return this.tell({ type: 'silence', turn: this.caller.turn });
  }

  /** In line behind `ahead` callers, with a wait long enough for the offer or not. */
  inLine(waitSeconds: number): this {
    this.keys('1');
    return this.tell({ type: 'joined', line: lineOf(4, waitSeconds), isBack: false });
  }

  /** The prompts said last. */
  get said(): string {
    const say = this.effects.findLast((effect) => effect.type === 'say');
    return (say?.utterances ?? [])
      .map((each) => ('prompt' in each ? each.prompt : 'number' in each ? each.number : each.say))
      .join(' ');
  }

  get phase(): string {
    return this.caller.state.phase;
  }

  did(type: CallerEffect['type']): boolean {
    return this.effects.some((effect) => effect.type === type);
  }
}
