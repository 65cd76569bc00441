import { rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { eachOnItsOwnServer, HelpLine, type TestLine } from '../../support/help-line.ts';
import { openRecording, toneShare } from '../../support/recordings.ts';

const LINE: TestLine = {
  name: 'talk',
  dnis: '+18005550101',
  agents: ['paul'],
  queue: { callback: { offering: false } },
};
const NUMBER = '+12025550113';
const AGENT_HZ = 1150;
const CALLER_HZ = 500;

eachOnItsOwnServer('a conversation', () => {
  test('is heard by both and recorded, the caller left and the agent right', async (context) => {
    const help = await HelpLine.for(context, [LINE]);
    const paul = await help.readyAgent(context, 'paul', AGENT_HZ);
    const caller = await help.holder(context, LINE, NUMBER, CALLER_HZ);
    await paul.answer();
    await Promise.all([paul.ear.tone(CALLER_HZ, 1), caller.ear.tone(AGENT_HZ, 1)]);
    paul.hangUp();
    await caller.over();

    const { recordings, calls, ledgerIsSound } = await help.kept(
      'a finished recording and call',
      (kept) =>
        kept.recordings.some(({ state }) => state.name === 'finished') &&
        [...kept.calls.values()].every(({ end }) => end !== undefined),
    );
    const [recording] = recordings;
    if (recording === undefined || recordings.length !== 1) throw new Error('not one recording');
    expect(recording).toMatchObject({ agentId: 'paul', queue: 'talk', ticketId: undefined });
    expect(calls.get(recording.callId)).toMatchObject({
      direction: 'inbound',
      party: NUMBER,
      dnis: LINE.dnis,
      queue: 'talk',
      connectedAt: expect.any(Number),
      end: { outcome: 'served' },
    });
    expect(ledgerIsSound).toBe(true);

    const sound = await openRecording(help.server.folders.recordings, recording.file);
    expect(toneShare(sound.left, CALLER_HZ)).toBeGreaterThan(0.8);
    expect(toneShare(sound.right, AGENT_HZ)).toBeGreaterThan(0.8);
    expect(toneShare(sound.left, AGENT_HZ)).toBeLessThan(0.1);
    expect(toneShare(sound.right, CALLER_HZ)).toBeLessThan(0.1);
    const { state } = recording;
    if (state.name !== 'finished') throw new Error('not finished');
    expect(Math.abs(sound.seconds - state.durationMs / 1000)).toBeLessThan(0.5);
  });

  test('whose recording can not start goes on; the log and its row say so', async (context) => {
    const help = await HelpLine.for(context, [LINE]);
    const { recordings: folder } = help.server.folders;
    const paul = await help.readyAgent(context, 'paul', AGENT_HZ);
    // No folder any more: even the superuser can write nothing there.
    await rm(folder, { recursive: true });
    await writeFile(folder, 'not a folder');
    const caller = await help.holder(context, LINE, NUMBER, CALLER_HZ);
    await paul.answer();
    const line = await help.server.log.take(
      'an error in the log',
      ({ message }) => message === 'recording failed',
    );
    expect(line).toMatchObject({ level: 'error', reason: expect.stringMatching(/./u) });
    await Promise.all([paul.ear.tone(CALLER_HZ), caller.ear.tone(AGENT_HZ)]);
    const { recordings } = await help.kept('a failed recording', ({ recordings: rows }) =>
      rows.some(({ state }) => state.name === 'failed'),
    );
    expect(recordings).toMatchObject([{ id: line['recording'], agentId: 'paul' }]);
    caller.hangUp();
    await paul.over();
  });
});
