import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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
import { KEYS, type Key } from '../../../src/domain/ivr/keys.ts';
import type { AccessibleLine } from '../../../src/domain/ivr/menu.ts';
import type { NumberCheck } from '../../../src/domain/numbering/policy.ts';
import { samplePlan } from '../../simulation/world/sample-plan.ts';

const plan = samplePlan(1, {});
const sample = plan.entryPoints.get('+18005550100');
const ANI: E164 = '+12025550123';

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
function lineOf(ahead: number, waitSeconds: number, openTickets = 0): LineView {
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
class OnThePhone {
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
    return this.tell({ type: 'joined', line: lineOf(4, waitSeconds) });
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

describe('a caller in the menu', () => {
  test('hears the greeting with its notice, then the menu', () => {
    expect(new OnThePhone().said).toBe('greeting main-menu');
  });

  test.each<[string, (phone: OnThePhone) => OnThePhone, string]>([
    ['a wrong key', (phone) => phone.keys('9'), 'invalid-key main-menu'],
    ['silence', (phone) => phone.hearsAll().silent(), 'take-your-time'],
    [
      'silence again',
      (phone) => phone.hearsAll().silent().hearsAll().silent(),
      'timeout main-menu',
    ],
  ])('after %s hears why, and the menu again', (_name, act, said) => {
    expect(act(new OnThePhone()).said).toBe(said);
  });

  test('after the last try hears goodbye, and the call ends', () => {
    const phone = new OnThePhone().keys('9').silent().keys('9');
    expect(phone.said).toBe('goodbye');
    expect(phone.hearsAll().phase).toBe('ended');
    expect(phone.did('hangUp')).toBe(true);
  });

  test('ignores silence that belongs to an earlier turn', () => {
    const phone = new OnThePhone().tell({ type: 'silence', turn: 0 });
    expect(phone.said).toBe('greeting main-menu');
  });
});

describe('the offer', () => {
  test('is not made when the wait is short', () => {
    const phone = new OnThePhone().inLine(30);
    expect(phone.phase).toBe('holding');
    expect(phone.said).toBe('hold-intro');
  });

  test('begins with a notice that keys do not shorten', () => {
    const phone = new OnThePhone().inLine(600).keys('1');
    expect(phone.said).toBe('notice-callback');
    expect(phone.did('registerTicket')).toBe(false);
  });

  test('takes the number shown on 1', () => {
    const phone = new OnThePhone().inLine(600).hearsAll();
    expect(phone.said).toBe(`offer-use-ani-intro ${ANI} offer-use-ani-keys`);
    phone.keys('1');
    expect(phone.phase).toBe('saving');
    expect(phone.effects.at(-1)).toEqual({
      type: 'registerTicket',
      number: ANI,
      consent: { key: '1', source: 'ani' },
    });
  });

  test('says "you may hang up" only once the ticket is kept', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('1');
    expect(phone.said).not.toContain('ticket-confirmed');
    phone.tell({ type: 'ticketRegistered', ticketId: 'ticket-1' });
    expect(phone.said).toBe('ticket-confirmed');
    expect(phone.hearsAll().caller.state).toEqual({ phase: 'ended', outcome: 'ticketTaken' });
  });

  test('a ticket that was not kept is said so, and the caller holds', () => {
    const phone = new OnThePhone()
      .inLine(600)
      .hearsAll()
      .keys('1')
      .tell({ type: 'ticketFailed', because: 'store' });
    expect(phone.said).toBe('ticket-failed');
    expect(phone.phase).toBe('holding');
  });

  test('silence declines: the caller holds with the place kept', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().hearsAll().silent();
    expect(phone.phase).toBe('holding');
    expect(phone.did('leaveLine')).toBe(false);
  });

  test('takes a keyed number once it is confirmed', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('2');
    expect(phone.said).toBe('key-number');
    phone.keys('2125550142');
    expect(phone.said).toBe('confirm-number-intro +12125550142 confirm-number-keys');
    phone.keys('1');
    expect(phone.effects.at(-1)).toMatchObject({
      type: 'registerTicket',
      number: '+12125550142',
      consent: { source: 'keyed' },
    });
  });

  test.each([
    ['eleven digits with the country code', '12125550142'],
    ['a star to begin again', '999*2125550142'],
  ])('understands %s', (_name, keys) => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('2').keys(keys);
    expect(phone.said).toBe('confirm-number-intro +12125550142 confirm-number-keys');
  });

  test('goes straight to keying when no number is shown', () => {
    const phone = new OnThePhone('withheld').inLine(600).hearsAll();
    expect(phone.said).toBe('offer-no-ani');
    expect(phone.hearsAll().silent().phase).toBe('holding');
  });

  test.each([
    ['too short', '555#', 'number-not-understood key-number'],
    ['not allowed', '9005550142', 'number-invalid key-number'],
  ])('asks again for a number that is %s', (_name, keys, said) => {
    expect(new OnThePhone().inLine(600).hearsAll().keys('2').keys(keys).said).toBe(said);
  });

  test('after three tries the caller is back on hold with the place kept', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('2');
    phone.keys('555#').keys('2125550142').keys('2').keys('#');
    expect(phone.said).toBe('number-not-understood back-on-hold');
    expect(phone.phase).toBe('holding');
    expect(phone.did('leaveLine')).toBe(false);
  });
});

describe('a caller on hold', () => {
  test('hears music, and place and wait at the interval', () => {
    const phone = new OnThePhone().inLine(30).hearsAll();
    expect(phone.effects.slice(-2).map(({ type }) => type)).toEqual(['music', 'announceAfter']);
    const line = lineOf(2, 240);
    phone.tell({ type: 'announceDue', turn: phone.caller.turn, line });
    expect(phone.said).toBe('position-intro number wait-intro waitRange');
  });

  test('is joined with an agent, and the call ends with the conversation', () => {
    const phone = new OnThePhone().inLine(30).tell({ type: 'assigned', agentId: 'alice' });
    expect(phone.effects.at(-1)).toEqual({ type: 'ringAgent', agentId: 'alice' });
    phone.tell({ type: 'talking' }, { type: 'conversationEnded' });
    expect(phone.caller.state).toEqual({ phase: 'ended', outcome: 'served' });
    expect(phone.did('hangUp')).toBe(true);
  });

  test('is taken out of the offer when an agent is free', () => {
    const phone = new OnThePhone().inLine(600).hearsAll().tell({ type: 'assigned', agentId: 'a' });
    expect(phone.phase).toBe('ringing');
    expect(phone.said).toBe('connecting');
  });

  test('holds again when the agent does not answer', () => {
    const phone = new OnThePhone().inLine(30).tell({ type: 'assigned', agentId: 'alice' });
    expect(phone.tell({ type: 'agentMissed' }).phase).toBe('holding');
  });

  test('hears that the line is full', () => {
    const phone = new OnThePhone().keys('1').tell({ type: 'lineFull' });
    expect(phone.said).toBe('queue-full');
  });
});

describe('a hang-up', () => {
  const HANG_UP: CallerEvent = { type: 'hungUp', by: 'party' };
  test.each<[string, (phone: OnThePhone) => OnThePhone, string, readonly string[]]>([
    ['in the menu', (phone) => phone, 'abandonedInMenu', []],
    ['at the offer', (phone) => phone.inLine(600), 'abandonedOnHold', ['leaveLine']],
    ['on hold', (phone) => phone.inLine(30), 'abandonedOnHold', ['leaveLine']],
    [
      'while the agent rings',
      (phone) => phone.inLine(30).tell({ type: 'assigned', agentId: 'a' }),
      'abandonedOnHold',
      ['stopRinging', 'leaveLine'],
    ],
    [
      'in talk',
      (phone) => phone.inLine(30).tell({ type: 'assigned', agentId: 'a' }, { type: 'talking' }),
      'served',
      ['endConversation'],
    ],
  ])('%s ends the call', (_name, act, outcome, undone) => {
    const phone = act(new OnThePhone());
    const before = phone.effects.length;
    phone.tell(HANG_UP);
    expect(phone.caller.state).toEqual({ phase: 'ended', outcome });
    expect(phone.effects.slice(before).map(({ type }) => type)).toEqual([...undone, 'ended']);
  });
});

describe('a hang-up while the ticket is saved', () => {
  test.each<[CallerEvent, string, readonly string[]]>([
    [{ type: 'ticketRegistered', ticketId: 'ticket-1' }, 'ticketTaken', ['ended']],
    [{ type: 'ticketFailed', because: 'store' }, 'failed', ['leaveLine', 'ended']],
  ])('ends the call by what becomes of the ticket: %o', (event, outcome, undone) => {
    const phone = new OnThePhone().inLine(600).hearsAll().keys('1');
    phone.tell({ type: 'hungUp', by: 'party' });
    const before = phone.effects.length;
    phone.tell(event);
    expect(phone.caller.state).toEqual({ phase: 'ended', outcome });
    expect(phone.effects.slice(before).map(({ type }) => type)).toEqual(undone);
  });
});

test('an agent found while the ticket is saved is rung if it can not be kept', () => {
  const phone = new OnThePhone().inLine(600).hearsAll().keys('1');
  phone.tell({ type: 'assigned', agentId: 'alice' });
  expect(phone.did('ringAgent')).toBe(false);
  phone.tell({ type: 'ticketFailed', because: 'store' });
  expect(phone.phase).toBe('ringing');
  expect(phone.did('ringAgent')).toBe(true);
});

describe('a leg that is lost', () => {
  test.each<[string, (phone: OnThePhone) => OnThePhone, string]>([
    ['on hold', (phone) => phone.inLine(30), 'failed'],
    ['in the menu', (phone) => phone, 'failed'],
    [
      'in talk',
      (phone) => phone.inLine(30).tell({ type: 'assigned', agentId: 'a' }, { type: 'talking' }),
      'served',
    ],
    [
      'after the ticket was kept',
      (phone) =>
        phone
          .inLine(600)
          .hearsAll()
          .keys('1')
          .tell({ type: 'ticketRegistered', ticketId: 'ticket-1' }),
      'ticketTaken',
    ],
  ])('%s gives the outcome that is true', (_name, act, outcome) => {
    for (const by of ['failure', 'us'] as const) {
      const phone = act(new OnThePhone()).tell({ type: 'hungUp', by });
      expect(phone.caller.state).toEqual({ phase: 'ended', outcome });
    }
  });
});

test('sound that fails late does not cut a conversation', () => {
  const phone = new OnThePhone().inLine(30);
  phone.tell({ type: 'assigned', agentId: 'a' }, { type: 'talking' }, { type: 'mediaFailed' });
  expect(phone.phase).toBe('talking');
});

test('a fault of ours is said, and the place in line is given up', () => {
  const phone = new OnThePhone().inLine(30).tell({ type: 'ourFault' });
  expect(phone.said).toBe('service-error');
  expect(phone.did('leaveLine')).toBe(true);
  expect(phone.hearsAll().caller.state).toEqual({ phase: 'ended', outcome: 'failed' });
});

test('whatever comes in whatever order, a caller ends at most once and never throws', () => {
  const line = lineOf(1, 600);
  const event = fc.oneof(
    fc.constantFrom<CallerEvent>(
      { type: 'answered' },
      { type: 'joined', line },
      { type: 'lineFull' },
      { type: 'ticketRegistered', ticketId: 'ticket-1' },
      { type: 'ticketFailed', because: 'store' },
      { type: 'assigned', agentId: 'alice' },
      { type: 'agentMissed' },
      { type: 'talking' },
      { type: 'conversationEnded' },
      { type: 'hungUp', by: 'party' },
      { type: 'mediaFailed' },
    ),
    fc.record({ type: fc.constantFrom('said', 'silence'), turn: fc.nat(12) }),
    fc.record({ type: fc.constant('announceDue'), turn: fc.nat(12), line: fc.constant(line) }),
    fc.record({ type: fc.constant('key'), key: fc.constantFrom(...KEYS) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const phone = new OnThePhone().tell(...(events as CallerEvent[]));
      const ends = phone.effects.filter(({ type }) => type === 'ended').length;
      expect(ends).toBe(phone.phase === 'ended' ? 1 : 0);
    }),
  );
});

const HALF_PAST = { from: 1_800_000, to: 3_600_000 };
const TERMS = {
  slots: [HALF_PAST],
  slot: undefined,
  timeZone: 'UTC',
  now: 0,
  askCode: false,
};

describe('a caller whom we know', () => {
  const known = (wasMissed: boolean): KnownCaller => ({
    ticket: {
      id: 'ticket-1',
      lastFour: '0123',
      wait: [{ say: 'wait', waitSeconds: 600 }],
      terms: TERMS,
    },
    queue: 'refunds',
    wasMissed,
  });

  test.each([
    ['1', 'repeat-kept', 'ticketKept'],
    ['3', 'repeat-cancelled', 'ticketCancelled'],
  ])('key %s: hears %s', (key, prompt, outcome) => {
    const phone = new OnThePhone(ANI, known(false));
    expect(phone.said).toBe('greeting repeat-intro digits repeat-key-slot repeat-keys');
    phone.keys(key).tell({ type: 'ticketChanged', kept: true });
    expect(phone.said).toBe(prompt);
    expect(phone.hearsAll().caller.state).toEqual({ phase: 'ended', outcome });
  });

  test('a cancellation that could not be kept is not promised', () => {
    const phone = new OnThePhone(ANI, known(false)).keys('3');
    expect(phone.tell({ type: 'ticketChanged', kept: false }).said).toBe('service-error');
  });

  test('keys another number, which is kept before it is said', () => {
    const phone = new OnThePhone(ANI, known(false)).keys('2').keys('2125550123').keys('1');
    expect(phone.effects.at(-1)).toMatchObject({
      type: 'changeTicket',
      ticketId: 'ticket-1',
      change: { choice: 'number', number: '+12125550123' },
    });
    expect(phone.tell({ type: 'ticketChanged', kept: true }).said).toBe('repeat-number-changed');
  });

  test('books another time, which is kept before it is said', () => {
    const phone = new OnThePhone(ANI, known(false)).keys('6');
    expect(phone.said).toBe('slot slot-keys');
    phone.keys('1');
    expect(phone.effects.at(-1)).toMatchObject({
      type: 'changeTicket',
      change: { choice: 'slot', slot: HALF_PAST },
    });
    expect(phone.tell({ type: 'ticketChanged', kept: true }).said).toBe('slot-booked');
  });

  test('hears the wait, and is asked again', () => {
    expect(new OnThePhone(ANI, known(false)).keys('4').said).toBe(
      'wait repeat-intro digits repeat-key-slot repeat-keys',
    );
  });

  test('goes back to the line at the place of the ticket, without an offer', () => {
    const phone = new OnThePhone(ANI, known(false)).keys('5');
    expect(phone.effects.at(-1)).toEqual({ type: 'returnToLine', ticketId: 'ticket-1' });
    phone.tell({ type: 'joined', line: lineOf(0, 600) });
    expect(phone.said).toBe('welcome-back position-intro number wait-intro waitRange');
  });

  test('silence leads to the menu: they may call about something else', () => {
    const phone = new OnThePhone(ANI, known(false)).hearsAll().silent().hearsAll().silent();
    expect(phone.said).toBe('main-menu');
  });

  test('after a missed callback is welcomed back to the front at once', () => {
    const phone = new OnThePhone(ANI, known(true));
    expect(phone.effects.at(-1)).toEqual({ type: 'returnToLine', ticketId: 'ticket-1' });
  });
});

describe('the offer on hold', () => {
  test('comes by key at any time, whatever the wait', () => {
    const phone = new OnThePhone().inLine(30).hearsAll().keys('2');
    expect(phone.effects.at(-1)).toEqual({ type: 'askOffer' });
    expect(phone.tell({ type: 'offerAsked', line: lineOf(1, 30) }).said).toBe('notice-callback');
  });

  test('is told of again at its interval', () => {
    const phone = new OnThePhone().inLine(30).hearsAll();
    const announce = () =>
      phone.tell({ type: 'announceDue', turn: phone.caller.turn, line: lineOf(3, 600) }).said;
    expect(announce()).not.toContain('hold-offer-again');
    phone.hearsAll();
    phone.now = 120_000;
    expect(announce()).toContain('hold-offer-again key');
    phone.hearsAll();
    expect(announce()).not.toContain('hold-offer-again');
  });

  test('is refused in words when no callbacks are taken', () => {
    const phone = new OnThePhone().inLine(30).hearsAll().keys('2');
    phone.tell({ type: 'offerAsked', line: { ...lineOf(3, 600), registering: false } });
    expect(phone.said).toBe('registering-off back-on-hold');
    expect(phone.phase).toBe('holding');
  });
});

test('a text telephone goes where the operator leads it, out of any menu', () => {
  const phone = new OnThePhone(ANI, undefined, { queue: 'general', relayCallers: new Set() });
  phone.tell({ type: 'ttyHeard' });
  expect(phone.effects.at(-1)).toEqual({ type: 'joinLine', queue: 'general' });
  phone.tell({ type: 'joined', line: lineOf(3, 600) });
  expect(phone.said).toContain('relay-welcome');
});
