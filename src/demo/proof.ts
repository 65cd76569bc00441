import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shareAt } from '../protocol/audio/spectrum.ts';
import { decodeWav } from '../protocol/audio/wav.ts';
import { AGENT, PEOPLE } from './story.ts';
import type { Watch } from './watch.ts';

/** One conversation as it really happened. */
interface Served {
  readonly name: string;
  readonly how: 'on hold' | 'called back';
  readonly waitedMs: number;
  readonly talkMs: number;
  /** Path of the recording, or undefined if there is none. */
  readonly recording: string | undefined;
}

export interface Proof {
  readonly served: readonly Served[];
  /** What did not happen as it should; empty if all did. */
  readonly failures: readonly string[];
}

/** Who must have been served, in order of arrival. */
const EXPECTED = [
  { person: PEOPLE.dan, how: 'on hold' },
  { person: PEOPLE.ann, how: 'called back' },
  { person: PEOPLE.ben, how: 'called back' },
  { person: PEOPLE.cho, how: 'on hold' },
] as const;

/** A party's tone carries at least this share of the power of its channel. */
const OWN_SHARE = 0.3;

/** Checks what happened: order, callbacks, and each recording by the tones on its channels. */
export async function proveStory(watch: Watch, recordings: string): Promise<Proof> {
  const failures: string[] = [];
  const talks = watch.all('talking');
  const ends = watch.all('conversationEnded');
  const served: Served[] = [];
  for (const [index, { person, how }] of EXPECTED.entries()) {
    const talk = talks[index];
    if (talk === undefined) {
      failures.push(`${person.name} was not served`);
      continue;
    }
    const really = talk.ticketId === undefined ? 'on hold' : 'called back';
    if (really !== how) failures.push(`conversation ${index + 1} was ${really}, not ${how}`);
    const end = ends.find(({ callId }) => callId === talk.callId);
    const file = end?.recording;
    const recording = file === undefined ? undefined : join(recordings, file);
    if (recording === undefined) failures.push(`${person.name}'s conversation was not recorded`);
    else failures.push(...(await checkRecording(recording, person)));
    served.push({
      name: person.name,
      how,
      waitedMs: talk.waitedMs,
      talkMs: end?.talkMs ?? 0,
      recording,
    });
  }
  if (watch.all('customerConfirmed').length !== 2) failures.push('not both customers pressed 1');
  const connected = watch.all('attemptEnded').filter(({ cause }) => cause === 'connected');
  if (connected.length !== 2) failures.push('not both tickets ended as connected');
  return { served, failures };
}

/** Left must carry the caller's tone, right the agent's: so each is proved to be who it is. */
async function checkRecording(
  path: string,
  person: { readonly name: string; readonly voiceHz: number },
): Promise<readonly string[]> {
  try {
    const { channels } = decodeWav(await readFile(path));
    const [left, right] = channels;
    if (left === undefined || right === undefined) return [`${path} is not stereo`];
    const failures: string[] = [];
    if (shareAt(middle(left), [person.voiceHz]) < OWN_SHARE) {
      failures.push(`${person.name} is not heard on the left of ${path}`);
    }
    if (shareAt(middle(right), [AGENT.voiceHz]) < OWN_SHARE) {
      failures.push(`${AGENT.name} is not heard on the right of ${path}`);
    }
    return failures;
  } catch (error) {
    return [`${path} can not be read: ${String(error)}`];
  }
}

/** The middle second, when both surely talk. */
function middle(samples: Int16Array): Int16Array {
  const start = Math.max(0, Math.floor(samples.length / 2) - 4000);
  return samples.subarray(start, start + 8000);
}
