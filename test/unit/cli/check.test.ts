import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCheck } from '../../../src/cli/check.ts';
import { configFolder, ENVIRONMENT, SAMPLE } from '../config/folder.ts';

async function check(folder: string, environment = {}) {
  const lines: string[] = [];
  const code = await runCheck(folder, environment, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
}

describe('linekeeper check', () => {
  it('says what a good configuration amounts to: 0', async () => {
    expect(await check(SAMPLE)).toEqual({
      code: 0,
      text: `${SAMPLE} is good: 1 number, 2 menus, 2 queues, 3 agents, 1 trunk, 69 prompts; embedded switch.`,
    });
  });

  it('warns of what should not stay, and is still content: 0', async () => {
    const { code, text } = await check(SAMPLE, { LINEKEEPER_SIP: '192.0.2.10:5060' });
    expect(code).toBe(0);
    expect(text).toMatch(/^warning: alice, bob, carol: the sample's secrets are in use/u);
  });

  it('tells of every problem and counts them: 1', async () => {
    const folder = await configFolder('everything');
    const { code, text } = await check(folder, ENVIRONMENT);
    expect(code).toBe(1);
    expect(text).toContain('menus.main.timeoutSeconds: too large');
    expect(text).toContain('agents.alice.secret: too short');
    expect(text).toContain(`8 problems in ${folder}.`);
  });

  it('says which files cannot be read: 2', async () => {
    const folder = await configFolder();
    await rm(join(folder, 'hours.yaml'));
    const { code, text } = await check(folder, ENVIRONMENT);
    expect(code).toBe(2);
    expect(text).toContain('hours.yaml: this file is missing');
  });
});
