import { setTimeout as pause } from 'node:timers/promises';
import { SipPhone } from '../support/sip-phone.ts';
import { percentile } from './figure.ts';
import { DNIS, QUEUE_KEYS } from './server.ts';
import { Sound, speakAll } from './sound.ts';

/** What a process of phones is to do. */
export interface Task {
  readonly server: string;
  readonly calls: number;
  readonly seconds: number;
}

/** What it tells its parent, in this order. */
export type Report =
  | { readonly what: 'measuring' }
  | {
      readonly what: 'measured';
      readonly p50Ms: number;
      readonly p99Ms: number;
      readonly maxMs: number;
      readonly packets: number;
      readonly lost: number;
      /** From the INVITE to the answer, of the slowest in a hundred. */
      readonly answerP99Ms: number;
    };

const PAUSE_BETWEEN_CALLS_MS = 20;
const MAX_TRIES = 10;
const PAUSE_BETWEEN_TRIES_MS = 1_000;
/** Until the last of those who press a key is on hold. */
const SETTLE_MS = 3_000;

interface OpenCall {
  readonly sound: Sound;
  readonly answerMs: number;
  readonly press: (key: string) => void;
  readonly hangUp: () => void;
}

process.once('message', (task: Task) => {
  run(task).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

/** Places the calls, sends every second one on hold, measures what all receive, hangs up. */
async function run({ server, calls, seconds }: Task): Promise<void> {
  const phone = await SipPhone.open(server, '+12025550199');
  const sounds: Sound[] = [];
  const stopSpeaking = speakAll(sounds);
  const opening: Promise<OpenCall>[] = [];
  for (let count = 0; count < calls; count += 1) {
    opening.push(openCall(phone, sounds));
    await pause(PAUSE_BETWEEN_CALLS_MS);
  }
  const open = await Promise.all(opening);
  for (const [index, call] of open.entries()) {
    if (index % 2 === 0) call.press(QUEUE_KEYS.refunds);
  }
  await pause(SETTLE_MS);
  for (const sound of sounds) sound.measure();
  report({ what: 'measuring' });
  await pause(seconds * 1000);
  report({
    ...summary(sounds),
    answerP99Ms: percentile(
      open.map(({ answerMs }) => answerMs),
      0.99,
    ),
  });
  stopSpeaking();
  for (const call of open) call.hangUp();
  await pause(500);
  for (const sound of sounds) sound.close();
  phone.close();
}

async function openCall(phone: SipPhone, sounds: Sound[]): Promise<OpenCall> {
  const sound = await Sound.open();
  sounds.push(sound);
  const startedAt = performance.now();
  const { call, answer } = await answered(phone, sound);
  sound.aim(answer.body);
  return {
    sound,
    answerMs: performance.now() - startedAt,
    press: (key) => {
      const digit = `Signal=${key}\r\nDuration=160\r\n`;
      call.request('INFO', digit, { 'Content-Type': 'application/dtmf-relay' });
    },
    hangUp: () => {
      call.request('BYE');
    },
  };
}

/** On a machine that is too busy a call may be refused; people try again. */
async function answered(phone: SipPhone, sound: Sound) {
  for (let tries = 1; ; tries += 1) {
    const call = phone.invite(DNIS, sound.sdp);
    const answer = await call.final();
    call.ack(answer);
    if (answer.status === 200) return { call, answer };
    if (tries === MAX_TRIES) throw new Error(`INVITE was answered with ${answer.status}`);
    await pause(PAUSE_BETWEEN_TRIES_MS);
  }
}

function summary(sounds: readonly Sound[]) {
  const receptions = sounds.flatMap(({ reception }) => reception ?? []);
  const gapsMs = receptions.flatMap((reception) => reception.gapsMs);
  return {
    what: 'measured',
    p50Ms: percentile(gapsMs, 0.5),
    p99Ms: percentile(gapsMs, 0.99),
    maxMs: percentile(gapsMs, 1),
    packets: receptions.reduce((sum, { packets }) => sum + packets, 0),
    lost: receptions.reduce((sum, { lost }) => sum + lost, 0),
  } as const;
}

function report(message: Report): void {
  process.send?.(message);
}
