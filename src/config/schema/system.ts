import * as z from 'zod';
import { LOG_LEVELS, SWITCH_KINDS, type SwitchKind } from '../configuration.ts';
import { absoluteFolder, folder, host, line, oneOf, portOrAny, secret, whole } from './blocks.ts';
import { language } from './language.ts';
import { retention } from './retention.ts';

const MIN_CONTROL_SECRET_LENGTH = 4;
const EXTERNAL_PORT = 'with an external switch, the port it listens on';

const settings = z.strictObject({
  switch: oneOf(SWITCH_KINDS).default('embedded').describe('Who carries signalling and sound.'),
  sip: z
    .strictObject({
      address: host.default('127.0.0.1'),
      port: portOrAny.default(5060),
      realm: line(64).default('linekeeper'),
      sessionExpiresSeconds: whole(90, 86_400, 'seconds').default(1800),
      // Half of it less 5 s is a timer of drachtio-server, which dies of a negative one.
      minSessionExpiresSeconds: whole(10, 86_400, 'seconds')
        .default(90)
        .describe('Shorter sessions are refused. Below 90, the least of RFC 4028, for tests only.'),
    })
    .prefault({})
    .describe('Where callers and phones reach us.'),
  rtpPorts: z
    .strictObject({ first: whole(1024, 65_534), last: whole(1025, 65_535) })
    .refine((ports) => ports.last > ports.first, { error: 'first below last' })
    .default({ first: 16_384, last: 24_575 })
    .describe("The embedded switch's UDP ports for sound."),
  drachtio: z
    .strictObject({
      host: host.default('127.0.0.1'),
      port: portOrAny.default(9022),
      secret: secret(MIN_CONTROL_SECRET_LENGTH),
    })
    .describe('Control connection to drachtio-server.'),
  freeswitch: z
    .strictObject({
      host: host.default('127.0.0.1'),
      port: portOrAny.default(8021),
      secret: secret(MIN_CONTROL_SECRET_LENGTH),
      listenAddress: host.default('127.0.0.1'),
      listenPort: portOrAny.default(0),
      advertisedAddress: host.optional(),
      soundsFolder: absoluteFolder.optional(),
      recordingsFolder: absoluteFolder.optional(),
    })
    .describe('Event socket of FreeSWITCH, and the ways back from it to us.'),
  folders: z
    .strictObject({
      data: folder.default('../data'),
      recordings: folder.default('../recordings'),
      sounds: folder.default('../freeswitch/sounds'),
    })
    .prefault({})
    .describe("Relative ones start from this file's folder."),
  language: language
    .default('en')
    .describe('Spoken to agents, and to callers unless their number or a key says otherwise.'),
  logLevel: oneOf(LOG_LEVELS).default('info'),
  retention,
});

/** `system.yaml`. */
export const systemFile = settings
  .refine(({ drachtio, ...rest }) => isReachable(rest.switch, drachtio.port), {
    path: ['drachtio', 'port'],
    error: EXTERNAL_PORT,
  })
  .refine(({ freeswitch, ...rest }) => isReachable(rest.switch, freeswitch.port), {
    path: ['freeswitch', 'port'],
    error: EXTERNAL_PORT,
  });

/** Port 0, any free one, can be told to a switch that we start ourselves alone. */
function isReachable(kind: SwitchKind, port: number): boolean {
  return kind === 'embedded' || port !== 0;
}
