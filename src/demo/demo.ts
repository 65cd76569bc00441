import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, startApp } from '../app.ts';
import type { Configuration } from '../config/configuration.ts';
import { freePort } from '../free-port.ts';
import { createClock } from '../observe/clock.ts';
import { createIds } from '../observe/ids.ts';
import { createLog } from '../observe/log.ts';
import { type KnownSounds, knownSounds } from '../protocol/audio/recogniser.ts';
import { decodeWav } from '../protocol/audio/wav.ts';
import { createMediaClock } from '../switch/rtp/clock.ts';
import { createRtpPorts } from '../switch/rtp/ports.ts';
import { Ladder } from './ladder.ts';
import { type Proof, proveStory } from './proof.ts';
import { demoConfiguration } from './settings.ts';
import { AGENT, LINEKEEPER, PEOPLE, playStory } from './story.ts';
import { Watch } from './watch.ts';

/** Longest that the story may take; it is about a minute. */
const LIMIT_MS = 110_000;
const PROGRESS_MS = 250;
const SPINNER = ['⠋', '⠙', '⠸', '⠴', '⠦', '⠇'];
/** Earlier runs that are kept, with their recordings. */
const KEPT_RUNS = 4;

/** Where the demo writes, and how. */
export interface DemoOptions {
  readonly sample: Configuration;
  /** Gets text as it is. */
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
}

/**
 * Starts everything, places real calls through it, and shows it as it happens.
 * @returns 0 only if all of it really happened.
 */
export async function runDemo({ sample, write, isTerminal }: DemoOptions): Promise<0 | 1> {
  const places = await makePlaces(sample);
  const configuration = demoConfiguration(sample, places);
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;
  const parties = [...Object.values(PEOPLE).map(({ name }) => name), LINEKEEPER, AGENT.name];
  const ladder = new Ladder(parties, elapsedMs, write, isTerminal);
  const watch = new Watch();
  const clock = createClock();
  const log = createLog({ level: configuration.system.logLevel, pretty: true });
  const app = await startApp({
    configuration: () => configuration,
    clock,
    ids: createIds(),
    log,
    observe: (happening) => {
      watch.observe(happening, elapsedMs());
      tell(ladder, happening);
    },
  });
  write(introduction(elapsedMs(), app.sip));
  ladder.heading();
  const mediaClock = createMediaClock({ onError: (error) => log.warn(String(error)) });
  const [entryPoint] = configuration.entryPoints.keys();
  const [agent] = configuration.agents.values();
  if (entryPoint === undefined || agent === undefined) throw new Error('nothing is configured');
  const stopProgress = showProgress(ladder, app);
  let failure: string | undefined;
  try {
    const stage = {
      ladder,
      watch,
      server: { protocol: 'udp', ...app.sip } as const,
      carrierPort: places.carrierPort,
      dialled: entryPoint,
      agent: { id: agent.id, secret: agent.secret, readyCode: configuration.shortCodes.ready },
      clock: mediaClock,
      rtpPorts: createRtpPorts({ address: '127.0.0.1', minPort: 0, maxPort: 0 }),
      prompts: await promptsOf(configuration),
      textOf: (prompt: string) =>
        configuration.prompts.get(prompt)?.texts.get(configuration.system.language) ?? prompt,
    };
    await withinLimit((signal) => playStory(stage, signal));
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    stopProgress();
    mediaClock.stop();
    await app.stop();
  }
  const proof = await proveStory(watch, places.recordings);
  const failures = failure === undefined ? proof.failures : [failure, ...proof.failures];
  write(summary({ ...proof, failures }, elapsedMs()));
  return failures.length === 0 ? 0 : 1;
}

/** A line that moves while the story waits. @returns what ends it. */
function showProgress(ladder: Ladder, app: App): () => void {
  let turn = 0;
  const timer = setInterval(() => {
    const { calls, callbacks, openTickets } = app.state().engine;
    turn += 1;
    ladder.progress(
      `${SPINNER[turn % SPINNER.length] ?? ''} ${calls} on the line, ${openTickets} tickets open, ${callbacks} being called back`,
    );
  }, PROGRESS_MS);
  return () => {
    clearInterval(timer);
  };
}

async function makePlaces(sample: Configuration) {
  const base = join(sample.system.folders.data, 'demo');
  await mkdir(base, { recursive: true });
  await removeOldRuns(base);
  const folder = await mkdtemp(join(base, 'run-'));
  const recordings = join(folder, 'recordings');
  return { data: join(folder, 'data'), recordings, carrierPort: await freePort('127.0.0.1') };
}

async function removeOldRuns(base: string): Promise<void> {
  const runs = (await readdir(base)).filter((name) => name.startsWith('run-'));
  const aged = await Promise.all(
    runs.map(async (name) => ({ name, at: (await stat(join(base, name))).mtimeMs })),
  );
  aged.sort((a, b) => b.at - a.at);
  for (const { name } of aged.slice(KEPT_RUNS)) {
    await rm(join(base, name), { recursive: true, force: true });
  }
}

/** What people in the story can hear; to listen for all would keep a small machine busy. */
const STORY_PROMPTS = [
  'greeting',
  'main-menu',
  'connecting',
  'hold-intro',
  'position-intro',
  'wait-intro',
  'notice-callback',
  'offer-use-ani-intro',
  'offer-use-ani-keys',
  'key-number',
  'confirm-number-intro',
  'confirm-number-keys',
  'back-on-hold',
  'ticket-confirmed',
  'callback-intro',
  'callback-intro-2',
  'callback-keys',
  'callback-wait',
  'agent-ready',
];

async function promptsOf({ system }: Configuration): Promise<KnownSounds> {
  const folder = join(system.folders.sounds, system.language, 'prompts');
  const sounds = new Map<string, Int16Array>();
  for (const prompt of STORY_PROMPTS) {
    const [samples] = decodeWav(await readFile(join(folder, `${prompt}.wav`))).channels;
    if (samples !== undefined) sounds.set(prompt, samples);
  }
  return knownSounds(sounds);
}

async function withinLimit(story: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new Error(`the story did not end within ${LIMIT_MS / 1000} s`));
  }, LIMIT_MS);
  try {
    await story(limit.signal);
  } finally {
    clearTimeout(timer);
  }
}

function tell(ladder: Ladder, happening: Parameters<Watch['observe']>[0]): void {
  switch (happening.what) {
    case 'joinedLine':
      ladder.note(
        LINEKEEPER,
        `one more in line: ${happening.ahead} ahead, estimated wait ${happening.waitSeconds} s`,
      );
      return;
    case 'ticketRegistered':
      ladder.note(LINEKEEPER, 'the ticket is on disk');
      return;
    case 'agentRinging':
      ladder.arrow(LINEKEEPER, AGENT.name, 'rings');
      return;
    case 'recordingStarted':
      ladder.note(LINEKEEPER, 'recording');
      return;
    case 'conversationEnded':
      ladder.note(LINEKEEPER, `talked ${(happening.talkMs / 1000).toFixed(1)} s`);
      return;
    default:
      return;
  }
}

function introduction(startedMs: number, sip: { address: string; port: number }): string {
  return [
    `Linekeeper with its embedded switch, ready after ${(startedMs / 1000).toFixed(1)} s on ${sip.address}:${sip.port}.`,
    'Real SIP and real sound from here: four callers, one agent.',
    '',
    '',
  ].join('\n');
}

function summary({ served, failures }: Proof, elapsedMs: number): string {
  const rows = served.map(({ name, how, waitedMs, talkMs }, index) =>
    [
      `  ${index + 1}. ${name.padEnd(5)}`,
      how.padEnd(12),
      `waited ${(waitedMs / 1000).toFixed(1).padStart(5)} s`,
      `talked ${(talkMs / 1000).toFixed(1).padStart(5)} s`,
    ].join('  '),
  );
  const files = served.flatMap(({ recording }) => (recording === undefined ? [] : [recording]));
  return [
    '',
    `Served in order of arrival, in ${(elapsedMs / 1000).toFixed(0)} s:`,
    ...rows,
    '',
    'Recordings (caller left, agent right; each party speaks one tone):',
    ...files.map((file) => `  ${file}`),
    ...(files[0] === undefined ? [] : [`Play one:  ffplay -nodisp -autoexit ${files[0]}`]),
    '',
    ...(failures.length === 0
      ? ['All of it happened: order, callbacks, and both voices in every recording.']
      : ['Not all of it happened:', ...failures.map((failure) => `  ${failure}`)]),
    '',
  ].join('\n');
}
