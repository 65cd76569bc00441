import { expect, type TestContext, test } from 'vitest';
import type { Baresip } from '../../support/baresip.ts';
import type { ConfigurationChanges } from '../../support/configuration-folder.ts';
import { eachOnItsOwnServer, HelpLine, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const LINE: TestLine = { name: 'help', dnis: '+18005550180', agents: ['ines'] };
/** Of the queue, and of the area code 202. */
const TIME_ZONE = 'America/New_York';
const CALLER_HZ = 500;
const AGENT_HZ = 1150;
const DAY_MINUTES = 24 * 60;
/** Between ten minutes from now and ninety. */
const OPEN_FOR_MINUTES = 45;
const MINUTE_MS = 60_000;

const OPEN_NOW = aroundNow();
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const CLOSES_SOON = {
  timeZone: TIME_ZONE,
  week: Object.fromEntries(WEEK.map((day) => [day, OPEN_NOW])),
};

interface Case {
  readonly why: string;
  readonly line: TestLine;
  readonly more: ConfigurationChanges;
}
const CASES: readonly Case[] = [
  {
    why: 'the queue is closed',
    line: { ...LINE, queue: { hours: 'closes-soon' } },
    more: { hours: { hours: { 'closes-soon': CLOSES_SOON } } },
  },
  {
    why: 'it is night where they are',
    line: LINE,
    more: { numbers: { callbackNumbers: { callingHours: { everyDay: OPEN_NOW } } } },
  },
];

eachOnItsOwnServer('a customer who asks to be called later', () => {
  for (const { why, line, more } of CASES) {
    test(`is promised no time at which ${why}, but any other`, async (context) => {
      const help = await HelpLine.for(context, [line], more);
      const ines = await help.readyAgent(context, 'ines', AGENT_HZ);

      const soon = await asksForLater(context, help, line, { number: '+12025550134', key: '1' });
      await soon.customer.ear.prompt('callback-later-intro');
      await soon.customer.over();
      expect(await soon.customer.ear.spokenSince('callback-later-intro', 'numbers')).toBe('10');
      expect(await soon.pauseMinutes()).toBeCloseTo(10, 0);

      const late = await asksForLater(context, help, line, { number: '+12025550135', key: '9' });
      await late.customer.ear.prompt('callback-later');
      await late.customer.over();
      expect(late.customer.ear.prompts()).not.toContain('callback-later-intro');
      expect(await late.customer.ear.spokenSince('callback-later-ask', 'numbers')).toBe('');
      expect(await late.pauseMinutes()).toBeCloseTo(90, 0);
      expect(ines.rang).toBe(false);
    });
  }
});

/** A callback that comes at once; they ask for a later one, and press how much later. */
async function asksForLater(
  context: TestContext,
  help: HelpLine,
  line: TestLine,
  { number, key }: { readonly number: string; readonly key: string },
): Promise<{ readonly customer: Baresip; readonly pauseMinutes: () => Promise<number> }> {
  const customer = await help.telephone(context, number, CALLER_HZ);
  const id = await help.bookTicket(line, number);
  await customer.answer(PATIENT_MS);
  await customer.ear.prompt('callback-intro');
  customer.press('2');
  await customer.ear.prompt('callback-later-ask');
  customer.press(key);
  const pauseMinutes = async (): Promise<number> => {
    const { state, attempts } = await help.ticket(id, 'waiting');
    if (state.name !== 'waiting' || state.because !== 'choseLater') throw new Error(state.name);
    return (state.notBefore - (attempts.at(-1)?.endedAt ?? 0)) / MINUTE_MS;
  };
  return { customer, pauseMinutes };
}

/** Open an hour ago, now, and not in ninety minutes: by the clock of the zone, in two at midnight. */
function aroundNow(): string[] {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: TIME_ZONE,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  const [hour = 0, minute = 0] = clock.format(new Date()).split(':').map(Number);
  const now = hour * 60 + minute;
  const from = (now - 60 + DAY_MINUTES) % DAY_MINUTES;
  const to = (now + OPEN_FOR_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  return from < to ? [`${time(from)}-${time(to)}`] : [`${time(from)}-24:00`, `00:00-${time(to)}`];
}

function time(minutes: number): string {
  const [hour, minute] = [Math.trunc(minutes / 60), minutes % 60];
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
