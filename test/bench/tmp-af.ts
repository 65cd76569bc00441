import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type PhoneCall, SipPhone } from '../support/sip-phone.ts';
import { soon } from '../support/waiting.ts';
import { signIn } from './agent-phone.ts';
import { type Findings, percentile, remark, under } from './figure.ts';
import { AGENTS, DNIS, makePlace, QUEUE_KEYS, startServer } from './server.ts';
import { Sound, speakAll } from './sound.ts';
import { fillLine } from './tickets.ts';

const TICKETS = 10_000;
/** INVITEs of each kind. */
const SAMPLES = 40;
/** Callers on hold at any time. */
const HOLDERS = 4;
/** mu-law value by which the agent's voice is known; the loudest there is, so no prompt has it. */
const AGENT_VOICE = 0x80;
/** Conversations go on for a moment after the agent's voice is heard. */
const TALK_MS = 60;
const PRESS_AGAIN_MS = 400;
const PATIENCE_MS = 10_000;

/**
 * `agent_free_to_invite_p99_ms`: from the BYE that ends an agent's call to the INVITE for the next,
 * as the phones see them, without wrap-up and with 10,000 tickets in line. Half of the INVITEs go
 * to customers whose ticket is next (after a commit to the disk), half to an agent for a holder.
 */
export async function measureAgentFree(): Promise<Findings> {
  const place = await makePlace();
  const carrier = await SipPhone.open(place.server, 'carrier');
  const stage: Stage = { server: place.server, carrier, sounds: new Set() };
  const stopSpeaking = speakAll(stage.sounds);
  try {
    await place.useCarrier(carrier.port);
    await fillLine(place.data, 'refunds', TICKETS);
    const syncsMs = diskSyncs(place.data);
    const server = await startServer(place);
    try {
      const holdersMs = await serveHolders(stage);
      const customersMs = await callCustomersBack(stage);
      return findings({ holdersMs, customersMs, syncsMs, startMs: server.startMs });
    } finally {
      await server.stop();
    }
  } finally {
    stopSpeaking();
    for (const sound of stage.sounds) sound.close();
    carrier.close();
    await place.remove();
  }
}

interface Stage {
  readonly server: string;
  /** Takes the calls to customers. */
  readonly carrier: SipPhone;
  /** All sound that is up. */
  readonly sounds: Set<Sound>;
}

/** Conversations with customers called back, one after another. @returns BYE to INVITE, each */
async function callCustomersBack(stage: Stage): Promise<readonly number[]> {
  const voice = await openSound(stage, AGENT_VOICE);
  const agent = await signIn(stage.server, AGENTS.refunds, voice);
  const timesMs: number[] = [];
  let customer = await stage.carrier.calls.take('the first callback');
  while (timesMs.length < SAMPLES) {
    const ear = await openSound(stage);
    await answer(customer, ear);
    await within(ear.hears(), 'the greeting');
    const atAgent = await pressUntilItRings(customer, agent);
    await answer(atAgent, voice);
    await within(ear.hears(AGENT_VOICE), "the agent's voice");
    await pause(TALK_MS);
    const freeAt = performance.now();
    atAgent.request('BYE');
    customer = await stage.carrier.calls.take('the next callback', undefined, PATIENCE_MS);
    timesMs.push(performance.now() - freeAt);
    closeSound(stage, ear);
  }
  agent.close();
  return timesMs;
}

/** Conversations with callers on hold, one after another. @returns BYE to INVITE, each */
async function serveHolders(stage: Stage): Promise<readonly number[]> {
  const callers = await SipPhone.open(stage.server, '+12025550199');
  const holding = new Set<Sound>();
  const callAgain = () => hold(stage, callers, holding);
  await Promise.all(Array.from({ length: HOLDERS }, callAgain));
  const voice = await openSound(stage, AGENT_VOICE);
  const agent = await signIn(stage.server, AGENTS.general, voice);
  const timesMs: number[] = [];
  let atAgent = await agent.calls.take('the first call', undefined, PATIENCE_MS);
  while (timesMs.length < SAMPLES) {
    const voiceHeard = Promise.race(
      [...holding].map(async (ear) => {
        await ear.hears(AGENT_VOICE);
        return ear;
      }),
    );
    await answer(atAgent, voice);
    const served = await within(voiceHeard, "the agent's voice");
    holding.delete(served);
    await Promise.all([pause(TALK_MS), callAgain()]);
    const freeAt = performance.now();
    atAgent.request('BYE');
    atAgent = await agent.calls.take('the next call', undefined, PATIENCE_MS);
    timesMs.push(performance.now() - freeAt);
    closeSound(stage, served);
  }
  agent.close();
  callers.close();
  return timesMs;
}

/** One caller more on hold in the queue without tickets. */
async function hold(stage: Stage, callers: SipPhone, holding: Set<Sound>): Promise<void> {
  const ear = await openSound(stage);
  const call = callers.invite(DNIS, ear.sdp);
  const ok = await call.final();
  if (ok.status !== 200) throw new Error(`INVITE was answered with ${ok.status}`);
  call.ack(ok);
  ear.aim(ok.body);
  await within(ear.hears(), 'the greeting');
  holding.add(ear);
  press(call, QUEUE_KEYS.general);
}

async function answer(call: PhoneCall, sound: Sound): Promise<void> {
  const invite = await call.requests.take('INVITE', ({ method }) => method === 'INVITE');
  sound.aim(invite.body);
  call.reply(invite, 200, sound.sdp);
  await call.requests.take('ACK', ({ method }) => method === 'ACK');
}

/** The customer presses 1, again if the key came too early. */
async function pressUntilItRings(customer: PhoneCall, agent: SipPhone): Promise<PhoneCall> {
  press(customer, '1');
  const again = setInterval(() => press(customer, '1'), PRESS_AGAIN_MS);
  try {
    return await agent.calls.take("the agent's call", undefined, PATIENCE_MS);
  } finally {
    clearInterval(again);
  }
}

function press(call: PhoneCall, key: string): void {
  const digit = `Signal=${key}\r\nDuration=160\r\n`;
  call.request('INFO', digit, { 'Content-Type': 'application/dtmf-relay' });
}

async function openSound({ sounds }: Stage, level?: number): Promise<Sound> {
  const sound = await Sound.open();
  if (level !== undefined) sound.say(level);
  sounds.add(sound);
  return sound;
}

function closeSound({ sounds }: Stage, sound: Sound): void {
  sounds.delete(sound);
  sound.close();
}

function within<T>(promise: Promise<T>, what: string): Promise<T> {
  return soon(promise, what, PATIENCE_MS);
}

/** How long this disk takes to make one page durable: a ticket is committed before its INVITE. */
function diskSyncs(folder: string): readonly number[] {
  const file = openSync(join(folder, 'sync'), 'w');
  const page = Buffer.alloc(4096, 1);
  const timesMs = Array.from({ length: SAMPLES }, () => {
    const startedAt = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  return timesMs;
}

function findings(times: {
  readonly holdersMs: readonly number[];
  readonly customersMs: readonly number[];
  readonly syncsMs: readonly number[];
  readonly startMs: number;
}): Findings {
  const { holdersMs, customersMs, syncsMs, startMs } = times;
  const all = [...holdersMs, ...customersMs];
  return {
    figures: [under('agent_free_to_invite_p99_ms', percentile(all, 0.99), 'ms', 20)],
    remarks: [
      remark('samples', all.length, ''),
      remark('to agents, for holders: median', percentile(holdersMs, 0.5), 'ms'),
      remark('to agents, for holders: p99', percentile(holdersMs, 0.99), 'ms'),
      remark('to customers, by ticket: median', percentile(customersMs, 0.5), 'ms'),
      remark('to customers, by ticket: p99', percentile(customersMs, 0.99), 'ms'),
      remark('longest', percentile(all, 1), 'ms'),
      remark('one sync of this disk: median', percentile(syncsMs, 0.5), 'ms'),
      remark('one sync of this disk: p99', percentile(syncsMs, 0.99), 'ms'),
      remark(`start with ${TICKETS} tickets in line`, startMs, 'ms'),
    ],
  };
}
