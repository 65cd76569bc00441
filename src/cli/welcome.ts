import type { App } from '../app.ts';
import type { Configuration } from '../config/configuration.ts';

/** What `linekeeper start` prints: where it is, what to dial, how to become an agent. */
export function welcome(
  configuration: Configuration,
  { sip, api }: Pick<App, 'sip' | 'api'>,
): string {
  const { shortCodes: codes, system } = configuration;
  const server = `${sip.address}:${sip.port}`;
  const numbers = [...configuration.entryPoints.keys()].map(
    (dnis) => `    ${dnis}    sip:${dnis}@${server}`,
  );
  const agents = [...configuration.agents.values()].map(
    ({ id, name, queues }) => `    ${id.padEnd(10)} ${name.padEnd(16)} ${queues.join(', ')}`,
  );
  return [
    '',
    `Linekeeper is ready: SIP on ${server}, UDP and TCP (${system.switch} switch).`,
    '',
    '  Numbers to dial',
    ...numbers,
    '',
    '  Agents (passwords in agents.yaml)',
    ...agents,
    '',
    '  To be an agent, give a soft phone or desk phone',
    `    user      an agent's name from above`,
    `    password  the agent's secret`,
    `    server    ${server}`,
    `  and dial ${codes.ready} for ready, ${codes.break} for break, ${codes.logOut} to log out, ${codes.openLine} for ready with an open line.`,
    '',
    ...(api === undefined ? [] : [`  API: http://${api.address}:${api.port}/v1/openapi.json`]),
    `  Recordings: ${system.folders.recordings}`,
    '  Stop with Ctrl-C.',
    '',
    '',
  ].join('\n');
}
