import { describe, expect, test } from 'vitest';
import type { AttemptRecord, Ticket } from '../../../src/domain/callback/ticket.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const line = (place: number, name: string, agent: string, queue?: TestLine['queue']): TestLine => ({
  name,
  dnis: `+1800555011${place}`,
  agents: [agent],
  ...(queue === undefined ? {} : { queue }),
});
const LATER = line(0, 'later', 'abel');
const CANCELLED = line(1, 'cancelled', 'bert');
const BUSY = line(2, 'busy', 'cleo', { callback: { retry: { maxAttempts: 2 } } });
const DECLINED = line(3, 'declined', 'dave', { callback: { retry: { maxAttempts: 1 } } });
const UNANSWERED = line(4, 'unanswered', 'enid', {
  callback: { dial: { ringSeconds: 5 } },
});
const MACHINE = line(5, 'machine', 'fern', {
  callback: { dial: { confirmSeconds: 2 }, retry: { maxAttempts: 1 } },
});
const GONE = line(6, 'gone', 'glen');
const MISSED = line(7, 'missed', 'hera', { agentRingSeconds: 5 });
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;

const helpLine = helpLineForThisFile([
  LATER,
  CANCELLED,
  BUSY,
  DECLINED,
  UNANSWERED,
  MACHINE,
  GONE,
  MISSED,
]);

describe.concurrent('a customer who is called back', () => {
  test('presses 2 and 3 to be called in half an hour; who calls in before is known, and goes back in line', async (context) => {
    const number = '+12025550130';
    await helpLine().bookTicket(LATER, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const abel = await helpLine().readyAgent(context, 'abel', AGENT_HZ);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('2');
    await customer.ear.prompt('callback-later-ask');
    customer.press('3');
    await customer.ear.prompt('callback-later-intro');
    await customer.over();
    expect(abel.rang).toBe(false);
    const waiting = await found(LATER, 'waiting');
    expect(waiting.state).toMatchObject({ because: 'choseLater' });
    expect(pauseMinutes(waiting)).toBeCloseTo(30, 0);
    await customer.call(LATER.dnis);
    await customer.ear.prompt('repeat-intro');
    await customer.ear.prompt('repeat-keys');
    customer.press('5');
    await abel.answer();
    await abel.ear.tone(CALLER_HZ);
    customer.hangUp();
    await abel.over();
    const ticket = await found(LATER, 'cancelled');
    expect(ticket.state).toMatchObject({ by: 'caller', because: 'returned' });
    expect(causes(ticket)).toEqual(['choseLater']);
  });

  test('presses 3 and is not called any more', async (context) => {
    const number = '+12025550131';
    await helpLine().bookTicket(CANCELLED, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const bert = await helpLine().readyAgent(context, 'bert', AGENT_HZ);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-keys');
    customer.press('3');
    await customer.ear.prompt('callback-cancelled');
    await customer.over();
    const ticket = await found(CANCELLED, 'cancelled');
    expect(ticket.state).toMatchObject({ by: 'callee' });
    expect(causes(ticket)).toEqual(['choseCancel']);
    expect(bert.rang).toBe(false);
  });

  test('is busy: the agent serves another at once, and the busy one is tried again', async (context) => {
    const number = '+12025550132';
    await helpLine().bookTicket(BUSY, number);
    const busy = await helpLine().refuses(context, number, { how: 'refused', status: 486 });
    const holder = await helpLine().holder(context, BUSY, '+12025550133', SECOND_CALLER_HZ);
    await holder.ear.prompt('offer-use-ani-intro', PATIENT_MS);
    const cleo = await helpLine().readyAgent(context, 'cleo', AGENT_HZ);
    await helpLine().carrier.call(number, PATIENT_MS);
    await busy.over();
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    await cleo.answer();
    await cleo.ear.tone(SECOND_CALLER_HZ);
    holder.hangUp();
    await cleo.over();
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await cleo.answer();
    await cleo.ear.tone(CALLER_HZ);
    customer.hangUp();
    await cleo.over();
    expect(causes(await found(BUSY, 'connected'))).toEqual(['busy', 'connected']);
  });

  test('declines as often as is tried, and is given up', async (context) => {
    const number = '+12025550134';
    await helpLine().bookTicket(DECLINED, number);
    const refused = await helpLine().refuses(context, number, { how: 'refused', status: 603 });
    const dave = await helpLine().readyAgent(context, 'dave', AGENT_HZ);
    await refused.over();
    const ticket = await found(DECLINED, 'exhausted');
    expect(ticket.state).toMatchObject({ cause: 'declined' });
    expect(causes(ticket)).toEqual(['declined']);
    expect(dave.rang).toBe(false);
  });

  test('does not answer: rung no longer than configured, and again after a pause', async (context) => {
    const number = '+12025550135';
    await helpLine().bookTicket(UNANSWERED, number);
    const first = await helpLine().refuses(context, number, { how: 'unanswered' });
    const enid = await helpLine().readyAgent(context, 'enid', AGENT_HZ);
    const calledAt = (await helpLine().carrier.call(number, PATIENT_MS)).atMs;
    await first.over();
    const second = await helpLine().refuses(context, number, { how: 'refused', status: 480 });
    await second.over();
    const ticket = await found(UNANSWERED, 'exhausted');
    expect(causes(ticket)).toEqual(['noAnswer', 'noAnswer']);
    const [attempt] = ticket.attempts;
    expect(lengthMs(attempt)).toBeGreaterThan(4_900);
    // Ring time and pause, on the wire.
    const again = await helpLine().carrier.call(number);
    expect(again.atMs - calledAt).toBeGreaterThan(6_000);
    expect(enid.rang).toBe(false);
  });

  test('is a machine: it talks, presses nothing, and never reaches an agent', async (context) => {
    const number = '+12025550136';
    await helpLine().bookTicket(MACHINE, number);
    const machine = await helpLine().telephone(context, number, CALLER_HZ);
    const fern = await helpLine().readyAgent(context, 'fern', AGENT_HZ);
    await machine.answer(PATIENT_MS);
    await machine.ear.prompt('callback-no-key', PATIENT_MS);
    await machine.over();
    expect(['noKey', 'machine']).toContain(causes(await found(MACHINE, 'exhausted'))[0]);
    expect(fern.rang).toBe(false);
    expect(machine.ear.everHeard(AGENT_HZ)).toBe(false);
  });

  test('hangs up while the agent rings: the agent stops ringing, is free, and it is tried again', async (context) => {
    const number = '+12025550137';
    await helpLine().bookTicket(GONE, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const glen = await helpLine().readyAgent(context, 'glen', AGENT_HZ);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await glen.rings();
    customer.hangUp();
    await glen.over();
    await customer.answer();
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await glen.answer();
    await glen.ear.tone(CALLER_HZ);
    glen.hangUp();
    await customer.over();
    expect(causes(await found(GONE, 'connected'))).toEqual(['hungUp', 'connected']);
  });

  test('waits with music when the agent does not answer, for the next agent', async (context) => {
    const number = '+12025550138';
    await helpLine().bookTicket(MISSED, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const hera = await helpLine().readyAgent(context, 'hera', AGENT_HZ);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await customer.ear.prompt('callback-wait');
    await hera.rings();
    await hera.over();
    await hera.call('*11');
    await hera.rings();
    await hera.over();
    await hera.pickUp();
    await Promise.all([hera.ear.tone(CALLER_HZ), customer.ear.tone(AGENT_HZ)]);
    customer.hangUp();
    await hera.over();
    expect(causes(await found(MISSED, 'connected'))).toEqual(['connected']);
  });
});

test('no number of a caller stands in what the server wrote', () => {
  const written = helpLine().server.output.join('\n');
  expect(written).toContain('agent did not take the call');
  expect(written).not.toMatch(/202\D{0,2}555\D{0,2}01\d\d/u);
});

/** The ticket of a line, once it is in this state. */
async function found({ name }: TestLine, how: Ticket['state']['name']): Promise<Ticket> {
  const fits = ({ queue, state }: Ticket) => queue === name && state.name === how;
  const kept = await helpLine().kept(`a ticket that is ${how}`, ({ tickets }) =>
    tickets.some(fits),
  );
  const tickets = kept.tickets.filter(({ queue }) => queue === name);
  expect(tickets).toHaveLength(1);
  const [ticket] = tickets;
  if (ticket === undefined) throw new Error('no ticket');
  return ticket;
}

function causes(ticket: Ticket): readonly AttemptRecord['cause'][] {
  return ticket.attempts.map(({ cause }) => cause);
}

/** Between the last attempt and the next. */
function pauseMinutes({ state, attempts }: Ticket): number {
  const endedAt = attempts.at(-1)?.endedAt ?? 0;
  return state.name === 'waiting' ? (state.notBefore - endedAt) / 60_000 : 0;
}

function lengthMs(attempt: AttemptRecord | undefined): number {
  return attempt === undefined ? 0 : attempt.endedAt - attempt.startedAt;
}
