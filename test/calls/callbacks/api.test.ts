import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';
import { WebhookReceiver } from '../../support/webhook-receiver.ts';

const ASKED: TestLine = { name: 'asked', dnis: '+18005550162', agents: ['wanda'] };
const CANCELLED: TestLine = { name: 'cancelled', dnis: '+18005550163', agents: ['xaver'] };
const SWITCHED: TestLine = { name: 'switched', dnis: '+18005550164', agents: ['yara'] };
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;

const receiver = await WebhookReceiver.open();
afterAll(() => {
  receiver.close();
});

const helpLine = helpLineForThisFile([ASKED, CANCELLED, SWITCHED], {
  api: {
    webhooks: { cases: { url: receiver.url, secrets: [receiver.secret] } },
  },
});

/** What the API says of a ticket, as far as these tests look at it. */
interface TicketAnswer {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly because: string | null;
  readonly source: string;
}

/** Asks for a callback on a line. */
async function asksFor(line: TestLine, number: string, key?: string): Promise<TicketAnswer> {
  const { name: queue, dnis } = line;
  const answer = await helpLine().ask(
    '/v1/tickets',
    { queue, dnis, number, promptVersion: 'web-1' },
    key,
  );
  expect(answer.status).toBe(201);
  return (await answer.json()) as TicketAnswer;
}

async function ticketNow(id: string): Promise<TicketAnswer> {
  return (await (await helpLine().ask(`/v1/tickets/${id}`)).json()) as TicketAnswer;
}

describe.concurrent('a callback asked for by a program', () => {
  test('is made once, and every change of it is told', async (context) => {
    const number = '+12025550145';
    const key = randomUUID();
    const ticket = await asksFor(ASKED, '(202) 555-0145', key);
    expect(ticket).toMatchObject({ state: 'waiting', source: 'api' });
    expect(ticket.number).not.toContain('555');
    expect((await asksFor(ASKED, '(202) 555-0145', key)).id).toBe(ticket.id);

    const { name: queue, dnis } = ASKED;
    const twice = { queue, dnis, number, promptVersion: 'web-1' };
    const refused = await helpLine().ask('/v1/tickets', twice);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      type: '/v1/problems/already-booked',
      ticket: ticket.id,
    });

    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const wanda = await helpLine().readyAgent(context, 'wanda', AGENT_HZ);
    const { invite } = await helpLine().carrier.call(number, PATIENT_MS);
    expect(header(invite, 'From')).toContain(`sip:${ASKED.dnis}@`);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await wanda.answer();
    await Promise.all([wanda.ear.tone(CALLER_HZ), customer.ear.tone(AGENT_HZ)]);
    customer.hangUp();
    await wanda.over();

    const told: string[] = [];
    while (told.at(-1) !== 'ticket.connected') told.push((await receiver.of(ticket.id)).type);
    expect(told).toEqual([
      'ticket.waiting',
      'ticket.dialling',
      'ticket.reached',
      'ticket.connected',
    ]);
    expect(await ticketNow(ticket.id)).toMatchObject({ state: 'connected', agent: 'wanda' });
    const { tickets } = await helpLine().kept('one ticket', (kept) =>
      kept.tickets.some(({ queue }) => queue === ASKED.name),
    );
    expect(tickets.filter(({ queue }) => queue === ASKED.name)).toMatchObject([
      { number, consent: { key: 'api', source: 'api', promptVersion: 'web-1' } },
    ]);
  });

  test('is not made when it is cancelled before', async (context) => {
    const number = '+12025550146';
    const { id } = await asksFor(CANCELLED, number);
    const cancelled = await helpLine().ask(`/v1/tickets/${id}/cancel`, {});
    expect(cancelled.status).toBe(200);
    const again = await helpLine().ask(`/v1/tickets/${id}/cancel`, {});
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ state: 'cancelled' });
    expect((await receiver.of(id)).type).toBe('ticket.waiting');
    expect((await receiver.of(id)).type).toBe('ticket.cancelled');
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const xaver = await helpLine().readyAgent(context, 'xaver', AGENT_HZ);
    const holder = await helpLine().holder(context, CANCELLED, '+12025550147', SECOND_CALLER_HZ);
    await xaver.answer();
    await xaver.ear.tone(SECOND_CALLER_HZ);
    holder.hangUp();
    await xaver.over();
    expect(customer.rang).toBe(false);
    expect(await ticketNow(id)).toMatchObject({ state: 'cancelled', because: 'asked' });
  });

  test('keeps its place while dialling is switched off, and is made as soon as it is on', async (context) => {
    const number = '+12025550148';
    const dialling = async (on: boolean): Promise<void> => {
      const path = `/v1/queues/${SWITCHED.name}/switches/dialling`;
      const queue: unknown = await (await helpLine().ask(path, { on, reason: 'a test' })).json();
      expect(queue).toMatchObject({ switches: { dialling: on, offering: true } });
    };
    await dialling(false);
    const { id } = await asksFor(SWITCHED, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const yara = await helpLine().readyAgent(context, 'yara', AGENT_HZ);
    const holder = await helpLine().holder(context, SWITCHED, '+12025550149', SECOND_CALLER_HZ);
    await yara.answer();
    await yara.ear.tone(SECOND_CALLER_HZ);
    expect(customer.rang).toBe(false);
    expect(await ticketNow(id)).toMatchObject({
      state: 'waiting',
      attempts: [],
      line: { ahead: 0 },
    });
    holder.hangUp();
    await yara.over();
    await dialling(true);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await yara.answer();
    await yara.ear.tone(CALLER_HZ);
    customer.hangUp();
    await yara.over();
  });
});

test('figures tell of them, and neither they nor the log of a number', async () => {
  const metrics = await (await helpLine().ask('/metrics')).text();
  for (const line of [
    `linekeeper_callbacks_registered_total{queue="${ASKED.name}",source="api"} 1`,
    `linekeeper_callbacks_ended_total{queue="${ASKED.name}",state="connected"} 1`,
    `linekeeper_callbacks_ended_total{queue="${CANCELLED.name}",state="cancelled"} 1`,
    `linekeeper_queue_switch{queue="${SWITCHED.name}",switch="dialling"} 1`,
  ]) {
    expect(metrics).toContain(line);
  }
  expect(metrics).not.toMatch(/unexplained_overtakes_total\{[^}]*\} [1-9]/u);
  const written = [...helpLine().server.output, metrics].join('\n');
  expect(written).not.toMatch(/202\D{0,2}555\D{0,2}01\d\d/u);
});

test('nobody gets in without a key', async () => {
  const answer = await fetch(`${await helpLine().server.api()}/metrics`);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
});
