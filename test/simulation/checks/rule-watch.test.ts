import { describe, expect, test } from 'vitest';
import type { Agent } from '../../../src/domain/agent/agent.ts';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { withEntry } from '../../../src/domain/collections/ordered-map.ts';
import { EMPTY_FLOOR, type Floor } from '../../../src/domain/queue/floor.ts';
import type { Entry } from '../../../src/domain/queue/line.ts';
import { newTicket } from '../../../src/replay/rules.ts';
import type { FloorMove } from '../../../src/replay/witness.ts';
import { callerScript } from '../../unit/replay/caller-script.ts';
import { crowd, USUAL_CROWD } from '../scenarios/crowd.ts';
import { MORNING, usualDay } from '../scenarios/load.ts';
import { BrokenRule, must } from './broken-rule.ts';
import { RuleWatch } from './rule-watch.ts';
import { shrink, tell, whatBreaks } from './shrink.ts';

const PLACE = { arrivedAt: 1, arrivalSequence: 1 };
const TICKET: Ticket = newTicket(
  'ticket-1',
  { callId: 'call-1', script: callerScript(), place: PLACE },
  '+12025550101',
  2,
);
const DIALLED: Ticket = { ...TICKET, state: { name: 'dialling', agentId: 'anna', startedAt: 3 } };
const TALKER: Agent = {
  id: 'anna',
  idleSince: 0,
  reachable: true,
  next: undefined,
  ahead: undefined,
  activity: {
    name: 'talking',
    entryId: 'call-9',
    since: 1,
  },
};

function withTicket(): RuleWatch {
  const watch = new RuleWatch();
  watch.joined('call-1', { person: 1 }, 1);
  watch.registered(TICKET, 'call-1', 2);
  return watch;
}

/** The floor keeps `agentId` for the ticket. */
function assigned(agentId: string, unexplained = 0, floor: Floor = EMPTY_FLOOR): FloorMove {
  const entry: Entry = { id: TICKET.id, kind: 'ticket', queue: 'general', skills: [], ...PLACE };
  return {
    before: EMPTY_FLOOR,
    event: { type: 'due', entryId: TICKET.id },
    floor,
    effects: [
      {
        type: 'assigned',
        agentId,
        entry,
        ready: true,
        overtook: { count: unexplained, unexplained },
        held: undefined,
      },
    ],
    now: 3,
  };
}

/** What is done wrong, and the rule that must notice it. */
const WRONGS: readonly (readonly [rule: RegExp, wrong: (watch: RuleWatch) => void])[] = [
  [
    /never twice/u,
    (watch) => {
      watch.floorMoved(assigned('anna'));
      watch.dialled(DIALLED, 3);
      watch.dialled(DIALLED, 4);
    },
  ],
  [/no more customers/u, (watch) => watch.dialled(DIALLED, 3)],
  [/hears a machine/u, (watch) => watch.talkBegan(TICKET.id, 'anna', true, 3)],
  [
    /talks with one/u,
    (watch) => {
      watch.talkBegan(TICKET.id, 'anna', false, 3);
      watch.talkBegan('call-2', 'anna', false, 4);
    },
  ],
  [
    /at most one offer/u,
    (watch) => {
      watch.floorMoved(assigned('anna'));
      watch.floorMoved(assigned('anna'));
    },
  ],
  [/without a reason/u, (watch) => watch.floorMoved(assigned('anna', 1))],
  [
    /costs no attempt/u,
    (watch) => {
      const exhausted: Ticket = {
        ...TICKET,
        state: { name: 'exhausted', at: 5, cause: 'carrierFailure' },
      };
      watch.attemptEnded(DIALLED, exhausted, 'carrierFailure', 5);
    },
  ],
  [
    /exactly one place/u,
    (watch) => {
      watch.joined('call-2', { person: 2 }, 3);
      watch.joined('call-3', { person: 2 }, 4);
    },
  ],
  [/was on the line/u, (watch) => watch.registered(TICKET, 'call-1', 5)],
  [
    /never lost/u,
    (watch) => {
      watch.ended({ floor: EMPTY_FLOOR, tickets: [], callersOnLine: 0, now: 9 });
    },
  ],
  [
    /talks with one/u,
    (watch) => {
      const staffed = { agent: TALKER, queues: [], levels: new Map(), skills: new Set<string>() };
      const agents = withEntry(EMPTY_FLOOR.agents, 'anna', staffed);
      watch.ended({ floor: { ...EMPTY_FLOOR, agents }, tickets: [], callersOnLine: 0, now: 9 });
    },
  ],
];

describe('the watch over the rules', () => {
  test.each(WRONGS)('notices what is against %s', (rule, wrong) => {
    const watch = rule.source.startsWith('talks') ? new RuleWatch() : withTicket();
    if (rule.source.startsWith('talks')) watch.joined('call-2', { person: 3 }, 1);
    if (rule.source.startsWith('talks')) watch.joined(TICKET.id as never, { person: 4 }, 1);
    expect(() => wrong(watch)).toThrow(rule);
  });
});

/** A watch that holds a rule of no house: nobody called person 7 may take a ticket. */
class Prejudiced extends RuleWatch {
  #seventh = '';

  override joined(...[callId, caller, now]: Parameters<RuleWatch['joined']>): void {
    super.joined(callId, caller, now);
    if (caller.person === 7) this.#seventh = callId;
  }

  override registered(...[ticket, callId, now]: Parameters<RuleWatch['registered']>): void {
    super.registered(ticket, callId, now);
    must(callId !== this.#seventh, 'person 7 gets no ticket', [ticket.id, callId], now);
  }
}

describe('a day on which a rule breaks', () => {
  const settings = { ...USUAL_CROWD, callers: 300, takesCallback: 1, patienceSeconds: 3_000 };
  const wave = { share: 1, from: MORNING, to: MORNING + 1_800_000 };
  const day = usualDay(5, 4, crowd(5, [wave], settings));
  const newWatch = () => new Prejudiced();

  test('is told by few callers and what happened to them', () => {
    const broken = whatBreaks(day, newWatch());
    expect(broken).toBeInstanceOf(BrokenRule);
    if (broken === undefined) return;
    const smallest = shrink({ day, broken }, newWatch);
    expect(smallest.day.callers.map(({ person }) => person)).toContain(7);
    expect(smallest.day.callers.length).toBeLessThan(15);
    const story = tell(smallest, newWatch);
    expect(story).toMatch(/person 7 gets no ticket/u);
    expect(story).toMatch(/joins the line \(person 7\)/u);
  });

  test('without a broken rule there is nothing to tell', () => {
    expect(whatBreaks(day, new RuleWatch())).toBeUndefined();
  });
});
