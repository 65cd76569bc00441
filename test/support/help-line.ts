import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, type TestContext } from 'vitest';
import { SCOPES } from '../../src/domain/access/scope.ts';
import type { Ticket } from '../../src/domain/callback/ticket.ts';
import type { TicketId } from '../../src/domain/ids.ts';
import { Baresip } from './baresip.ts';
import { Carrier } from './carrier.ts';
import { type ConfigurationChanges, merged, type PlainMap } from './configuration-folder.ts';
import { type Kept, keptOnce } from './kept.ts';
import { freeUdpPort } from './ports.ts';
import { LinekeeperServer, onRealServers } from './server.ts';
import { playScenario, type SippRun } from './sipp.ts';
import { SippCaller } from './sipp-caller.ts';
import { type Refusal, refusingCustomer } from './sipp-customer.ts';
import { registration } from './sipp-scenario.ts';
import { PATIENT_MS } from './waiting.ts';

/** Agents' password at their phones. */
const SECRET = 'secret-of-the-tests';
/** With every scope. */
const API_KEY = 'a-key-of-the-tests-for-the-api';

/**
 * A number with a queue and agents of its own, so that tests on one server do not meet. One key, 1,
 * leads from its short greeting into the queue.
 */
export interface TestLine {
  /** Of the queue and the menu. */
  readonly name: string;
  readonly dnis: string;
  readonly agents: readonly string[];
  /** Changes to the queue, the number, the menu, and each of the agents. */
  readonly queue?: PlainMap;
  readonly number?: PlainMap;
  readonly menu?: PlainMap;
  readonly agent?: PlainMap;
}

const QUEUE: PlainMap = {
  namePrompt: 'queue-refunds',
  hours: 'always',
  agentRingSeconds: 20,
  wrapUpSeconds: 0,
  hold: { fullPrompts: ['queue-full'], announceEverySeconds: 20 },
  callback: {
    offer: { aboveSeconds: 1, belowSeconds: 1 },
    dial: { ringSeconds: 20, confirmSeconds: 5, confirmTries: 1 },
    retry: { maxAttempts: 2, rules: quickRules(), graceMinutes: 0 },
  },
};

/** Every failure is tried again after a second or so. */
function quickRules(): PlainMap {
  const kinds = ['busy', 'noAnswer', 'machine', 'declined', 'congestion', 'carrierFailure'];
  return Object.fromEntries([...kinds, 'ourFailure'].map((kind) => [kind, { pauseMinutes: 0.02 }]));
}

/** What these lines change in the sample configuration. */
export function changesFor(lines: readonly TestLine[], carrierPort: number): ConfigurationChanges {
  return {
    numbers: { numbers: lines.map(numberOf) },
    menus: { menus: { main: null, 'main-spanish': null, ...named(lines, menuOf) } },
    queues: { queues: named(lines, queueOf) },
    agents: { agents: Object.fromEntries(lines.flatMap(agentsOf)) },
    trunks: { trunks: { loopback: { outbound: { port: carrierPort } } } },
  };
}

/** A server with test lines, the carrier behind its trunk, and the people who use them. */
export class HelpLine {
  readonly server: LinekeeperServer;
  readonly carrier: Carrier;

  private constructor(server: LinekeeperServer, carrier: Carrier) {
    this.server = server;
    this.carrier = carrier;
  }

  /** `more`: changes to what is made of the lines, and to the rest. */
  static async open(
    lines: readonly TestLine[],
    more: ConfigurationChanges = {},
  ): Promise<HelpLine> {
    const carrier = await Carrier.open();
    const api = { keys: { tests: { secret: API_KEY, scopes: [...SCOPES] } } };
    const ours = { ...changesFor(lines, carrier.port), api };
    const changes = merged(ours, more) as ConfigurationChanges;
    const server = await LinekeeperServer.start({ changes });
    return new HelpLine(server, carrier);
  }

  /** One for a test alone, closed after it. */
  static async for(
    context: TestContext,
    lines: readonly TestLine[],
    more: ConfigurationChanges = {},
  ): Promise<HelpLine> {
    const line = await HelpLine.open(lines, more);
    context.onTestFinished(() => line.close());
    return line;
  }

  /** A phone that registers as the agent. */
  async phone(context: TestContext, agent: string, voiceHz: number): Promise<Baresip> {
    const phone = await this.#baresip(context, { user: agent, voiceHz, secret: SECRET });
    if (!(await phone.registered())) throw new Error(`the phone of ${agent} was not registered`);
    return phone;
  }

  /** The phone of an agent who is ready. */
  async readyAgent(context: TestContext, agent: string, voiceHz: number): Promise<Baresip> {
    const phone = await this.phone(context, agent, voiceHz);
    await dialCode(phone, '*11', 'agent-ready');
    return phone;
  }

  /** A further phone of the agent. It rings until it is given up; SIPp logs what comes to it. */
  async ringingPhone(context: TestContext, agent: string): Promise<SippRun> {
    const { sip } = this.server;
    // A phone is reached where it registered from.
    const port = await freeUdpPort();
    const account = { server: sip, port, dialled: agent, caller: agent };
    await playScenario({ ...account, scenario: registration(agent, SECRET) });
    const run = await refusingCustomer(sip, { how: 'unanswered' }, { port });
    context.onTestFinished(() => run.abort());
    return run;
  }

  /** The telephone of somebody with a number: it calls in, and the carrier rings it. */
  async telephone(context: TestContext, number: string, voiceHz: number): Promise<Baresip> {
    const phone = await this.#baresip(context, { user: number, voiceHz });
    this.carrier.connect(number, phone.port);
    return phone;
  }

  /** Somebody who calls a line and presses 1 for its queue. */
  async holder(
    context: TestContext,
    line: TestLine,
    number: string,
    voiceHz: number,
  ): Promise<Baresip> {
    const phone = await this.telephone(context, number, voiceHz);
    await phone.call(line.dnis);
    await phone.ear.prompt('name-tax-help');
    phone.press('1');
    return phone;
  }

  /** SIPp calls a line. */
  async dial(context: TestContext, { dnis }: TestLine, number: string): Promise<SippCaller> {
    const { sip } = this.server;
    const caller = await SippCaller.call({ server: sip, dialled: dnis, caller: number });
    context.onTestFinished(() => caller.close());
    return caller;
  }

  /** Who has a callback booked calls again, and is asked what they want. */
  async callAgain(context: TestContext, line: TestLine, number: string): Promise<SippCaller> {
    const caller = await this.dial(context, line, number);
    await caller.hears('repeat-intro');
    await caller.hears('repeat-keys');
    return caller;
  }

  /** SIPp calls a line and presses 1; it stands before the offer of a callback. */
  async caller(context: TestContext, line: TestLine, number: string): Promise<SippCaller> {
    const caller = await this.dial(context, line, number);
    await caller.hears('name-tax-help');
    await caller.press('1');
    return caller;
  }

  /** A callback is taken on the number shown; resolves when the call has ended. */
  async takeTicket(context: TestContext, line: TestLine, number: string): Promise<void> {
    await acceptOffer(await this.caller(context, line, number));
  }

  /** A request to the API; POST if there is a body, by default one that was not sent before. */
  async ask(
    path: string,
    body?: unknown,
    idempotencyKey: string = randomUUID(),
  ): Promise<Response> {
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify(body),
    };
    const { headers = {}, ...rest } = body === undefined ? {} : post;
    return await fetch(`${await this.server.api()}${path}`, {
      ...rest,
      headers: { ...headers, authorization: `Bearer ${API_KEY}` },
    });
  }

  /**
   * A callback is asked for by API, for tests whose subject comes after that: it takes no time.
   * `more`: further fields of what is asked. @returns the id of the ticket
   */
  async bookTicket(
    { name, dnis }: TestLine,
    number: string,
    more: PlainMap = {},
  ): Promise<TicketId> {
    const asked = { queue: name, dnis, number, promptVersion: 'test', ...more };
    const answer = await this.ask('/v1/tickets', asked);
    if (answer.status !== 201) throw new Error(`no ticket: ${await answer.text()}`);
    return ((await answer.json()) as { readonly id: TicketId }).id;
  }

  /** A ticket on disk, once it is in this state. */
  async ticket(id: TicketId, state: Ticket['state']['name']): Promise<Ticket> {
    const fits = (ticket: Ticket): boolean => ticket.id === id && ticket.state.name === state;
    const { tickets } = await this.kept(`the ticket ${state}`, (kept) => kept.tickets.some(fits));
    const found = tickets.find(fits);
    if (found === undefined) throw new Error('no ticket');
    return found;
  }

  /** Callbacks are taken by several who stand in line in this order. */
  async takeTickets(
    context: TestContext,
    line: TestLine,
    numbers: readonly string[],
  ): Promise<void> {
    const accepted: Promise<void>[] = [];
    for (const number of numbers) {
      accepted.push(acceptOffer(await this.caller(context, line, number)));
    }
    await Promise.all(accepted);
  }

  /** The telephone of `number` does not answer the next call. Resolves once SIPp stands ready. */
  async refuses(context: TestContext, number: string, refusal: Refusal): Promise<Refused> {
    const run = await refusingCustomer(this.server.sip, refusal);
    context.onTestFinished(() => run.abort());
    this.carrier.connect(number, run.port);
    return { over: () => run.finished().then(() => undefined) };
  }

  /** What is on disk once it fits. */
  kept(what: string, fits: (kept: Kept) => boolean): Promise<Kept> {
    return keptOnce(this.server.folders.data, what, fits);
  }

  async close(): Promise<void> {
    await this.server.close();
    this.carrier.close();
  }

  async #baresip(
    context: TestContext,
    options: { readonly user: string; readonly voiceHz: number; readonly secret?: string },
  ): Promise<Baresip> {
    const phone = await Baresip.open({ ...options, server: this.server.sip });
    context.onTestFinished(() => phone.close());
    return phone;
  }
}

export interface Refused {
  /** Resolves when the one call has been refused or given up as it should. */
  over(): Promise<void>;
}

/** Tests with a server each: side by side, except on real servers, which are there once. */
export const eachOnItsOwnServer = onRealServers ? describe : describe.concurrent;

/** One help line for all tests of a file; to be called once at its top. */
export function helpLineForThisFile(
  lines: readonly TestLine[],
  more: ConfigurationChanges = {},
): () => HelpLine {
  let helpLine: HelpLine | undefined;
  beforeAll(async () => {
    helpLine = await HelpLine.open(lines, more);
  });
  afterAll(async () => {
    await helpLine?.close();
  });
  return () => {
    if (helpLine === undefined) throw new Error('the help line has not been opened');
    return helpLine;
  };
}

/** Takes the callback that is offered, on the number shown. */
async function acceptOffer(caller: SippCaller): Promise<void> {
  await caller.hears('offer-use-ani-intro', PATIENT_MS);
  await caller.press('1');
  await caller.hears('ticket-confirmed', PATIENT_MS);
  await caller.ended();
}

/** Dials a short code, and hears it confirmed. */
export async function dialCode(phone: Baresip, code: string, prompt: string): Promise<void> {
  await phone.call(code);
  await phone.ear.prompt(prompt);
  await phone.over();
}

function named(
  lines: readonly TestLine[],
  make: (line: TestLine) => PlainMap,
): Record<string, PlainMap> {
  return Object.fromEntries(lines.map((line) => [line.name, make(line)]));
}

function numberOf(line: TestLine): PlainMap {
  return {
    dnis: line.dnis,
    namePrompt: 'name-tax-help',
    greeting: ['name-tax-help'],
    menu: line.name,
    hours: 'always',
    closedPrompts: ['closed'],
    ...line.number,
  };
}

function menuOf(line: TestLine): PlainMap {
  const usual: PlainMap = {
    prompts: ['queue-refunds'],
    keys: { 1: { queue: line.name } },
    person: line.name,
    timeoutSeconds: 20,
    timeoutPrompt: 'timeout',
    invalidPrompt: 'invalid-key',
    exhausted: { hangUp: ['goodbye'] },
  };
  return merged(usual, line.menu ?? {}) as PlainMap;
}

function queueOf({ queue = {} }: TestLine): PlainMap {
  return merged(QUEUE, queue) as PlainMap;
}

function agentsOf(line: TestLine): readonly [string, PlainMap][] {
  return line.agents.map((agent) => [
    agent,
    { name: `Agent ${agent}`, queues: [line.name], secret: SECRET, ...line.agent },
  ]);
}
