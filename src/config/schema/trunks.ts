import * as z from 'zod';
import { parseAddressRange } from '../../domain/trunk/address-range.ts';
import { CALLER_ID_PRIVACY, NUMBER_FORMATS, TRUNK_TRANSPORTS } from '../../domain/trunk/trunk.ts';
import {
  agentName,
  host,
  MAX_TRUNKS,
  MIN_SECRET_LENGTH,
  name,
  named,
  oneOf,
  port,
  secret,
  TELEPHONE_NUMBER,
  TELEPHONE_NUMBER_FORM,
  whole,
} from './blocks.ts';

const MAX_SOURCES = 100;
const MAX_TRUNK_CALLS = 2_000;

const credentials = z.strictObject({ user: agentName, secret: secret(MIN_SECRET_LENGTH) });

const inbound = z
  .strictObject({
    sources: z
      .array(
        z.string().refine((text) => parseAddressRange(text) !== undefined, {
          error: 'an IP address or range, such as 192.0.2.7 or 192.0.2.0/24',
        }),
      )
      .max(MAX_SOURCES, { error: `at most ${MAX_SOURCES} addresses` })
      .default([])
      .describe('Addresses the carrier calls from.'),
    digest: credentials.optional().describe('What the carrier must prove from any other address.'),
    transports: z
      .array(oneOf(TRUNK_TRANSPORTS))
      .min(1, { error: `at least one of ${TRUNK_TRANSPORTS.join(', ')}` })
      .max(TRUNK_TRANSPORTS.length)
      .default(['udp', 'tcp']),
    trustAssertedIdentity: z
      .boolean({ error: 'true or false' })
      .default(false)
      .describe('Whether P-Asserted-Identity is believed before From.'),
  })
  .refine((trunk) => trunk.sources.length > 0 || trunk.digest !== undefined, {
    error: 'sources or digest: without either anybody could call in',
  });

const outbound = z
  .strictObject({
    host,
    port: port.default(5060),
    transport: oneOf(TRUNK_TRANSPORTS).default('udp'),
    credentials: credentials.optional().describe("What we answer the carrier's challenge with."),
    callerId: z
      .string()
      .regex(new RegExp(`^dialled$|${TELEPHONE_NUMBER.source}`, 'u'), {
        error: `dialled, or ${TELEPHONE_NUMBER_FORM}`,
      })
      .default('dialled')
      .describe('What the customer sees: the number they had dialled, or always the same.'),
    numberFormat: oneOf(NUMBER_FORMATS)
      .default('e164')
      .describe('+12025550123, 12025550123 or 2025550123.'),
    callerIdFormat: oneOf(NUMBER_FORMATS)
      .default('e164')
      .describe('The same for the number shown.'),
    callerIdHost: host
      .optional()
      .describe(
        'Host beside the number shown; our own SIP address unless the carrier wants another.',
      ),
    assertIdentity: z
      .boolean({ error: 'true or false' })
      .default(true)
      .describe('Whether P-Asserted-Identity is sent.'),
    privacy: oneOf(CALLER_ID_PRIVACY)
      .default('none')
      .describe('id: the number is asserted to the carrier and hidden from the customer.'),
    maxCalls: whole(1, MAX_TRUNK_CALLS)
      .default(MAX_TRUNK_CALLS)
      .describe('Calls that leave by this trunk at once; one more takes the next trunk.'),
  })
  .refine((trunk) => trunk.privacy === 'none' || trunk.assertIdentity, {
    error: 'none, or assertIdentity: true; else the carrier would not know who calls',
    path: ['privacy'],
  });

const trunk = z
  .strictObject({
    country: oneOf(['US']).default('US'),
    inbound: inbound.optional(),
    outbound: outbound.optional(),
  })
  .refine((both) => both.inbound !== undefined || both.outbound !== undefined, {
    error: 'inbound, outbound, or both',
  });

/** `trunks.yaml`. */
export const trunksFile = z.strictObject({ trunks: named(name, trunk, MAX_TRUNKS) });
