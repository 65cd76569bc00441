import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureAgentFree } from './agent-free.ts';
import { measureCallRate } from './call-rate.ts';
import { type Figure, table } from './figure.ts';
import { measureLine } from './line.ts';
import { load, machine } from './machine.ts';
import { measureRtpGap } from './rtp-gap.ts';
import { measureSimulation } from './simulation.ts';
import { measureStart } from './start.ts';
import { measureTicketCost } from './ticket-cost.ts';
import { measureWait } from './wait.ts';

/**
 * `npm run bench [-- --json FILE] [--only NAME]`: measures the running system and prints what was
 * found. A goal that is missed is no error; something that broke is.
 */
const BENCHES = {
  start: measureStart,
  tickets: measureTicketCost,
  'rtp-gap': measureRtpGap,
  'agent-free': measureAgentFree,
  'call-rate': measureCallRate,
  line: measureLine,
  wait: measureWait,
  simulation: measureSimulation,
} as const;

const { values } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string' } },
});
if (values.only !== undefined && !(values.only in BENCHES)) {
  throw new Error(`no bench "${values.only}"; there are: ${Object.keys(BENCHES).join(', ')}`);
}
const figures: Figure[] = [];
console.log(machine());
for (const [name, measure] of Object.entries(BENCHES)) {
  if (values.only !== undefined && values.only !== name) continue;
  const before = load();
  try {
    const findings = await measure();
    figures.push(...findings.figures);
    console.log(`\n${name} (${before} before, ${load()} after)\n${table(findings)}`);
  } catch (error) {
    console.error(`\n${name} broke (${before} before)`, error);
    process.exitCode = 1;
  }
}
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
}
