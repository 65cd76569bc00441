import * as z from 'zod';
import {
  TEXT_OCCASIONS,
  TEXT_PLACEHOLDERS,
  TICKET_STATES,
} from '../../domain/notification/settings.ts';
import { line, MAX_ENTRIES, name, oneOf, secret, whole } from './blocks.ts';

const MAX_HEADERS = 10;
const MAX_FIELDS = 20;
/** Longer ones go out in more than three parts. */
const MAX_TEXT_LENGTH = 450;

const yesOrNo = z.boolean({ error: 'true or false' });

const URL_FORM = 'https://host/path; http:// for this machine only; no user and no fragment';
const url = z.string({ error: URL_FORM }).max(500, { error: URL_FORM }).refine(isTarget, {
  error: URL_FORM,
});

/** Whether a text names a place to post to that is safe to put a secret on. */
function isTarget(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname));
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.[\d.]+$/u.test(hostname);
}

const SIGNING_SECRET =
  'whsec_ and 24 to 64 random bytes in base64, or ${ENV:NAME}, or ${FILE:path}';
const signingSecret = secret(1).refine(isSigningSecret, { error: SIGNING_SECRET });

/** The form of Standard Webhooks, "Signature scheme". */
function isSigningSecret(text: string): boolean {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/u.exec(text)?.[1];
  if (encoded === undefined) return false;
  const bytes = Buffer.from(encoded, 'base64').length;
  return bytes >= 24 && bytes <= 64;
}

/** A receiver of webhooks. */
export const webhook = z.strictObject({
  url,
  secrets: z
    .array(signingSecret)
    .min(1, { error: 'at least one secret' })
    .max(2, { error: 'at most two, while one takes the place of the other' }),
  states: z
    .array(oneOf(TICKET_STATES))
    .min(1, { error: `at least one of ${TICKET_STATES.join(', ')}` })
    .default([...TICKET_STATES]),
  queues: z
    .array(name)
    .max(MAX_ENTRIES.queues, { error: `at most ${MAX_ENTRIES.queues} queues` })
    .default([])
    .describe('Left out: every queue.'),
  numbers: yesOrNo.default(false).describe('Whether whole telephone numbers are told.'),
  keepHours: whole(1, 168, 'hours').default(24),
  disableAfterHours: whole(1, 720, 'hours').default(72),
});

const http = z.strictObject({
  url,
  format: oneOf(['json', 'form']).default('json'),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/u, { error: 'the name of an HTTP header' }),
      z.string().regex(/^[\x20-\x7e]{1,500}$/u, {
        error: '1 to 500 visible characters, or ${ENV:NAME}, or ${FILE:path}',
      }),
    )
    .refine((entries) => Object.keys(entries).length <= MAX_HEADERS, {
      error: `at most ${MAX_HEADERS} headers`,
    })
    .default({})
    .describe('Sent with each message; a value may be ${ENV:NAME} or ${FILE:path}.'),
  body: z
    .record(line(60), line(500))
    .refine((entries) => Object.keys(entries).length <= MAX_FIELDS, {
      error: `at most ${MAX_FIELDS} fields`,
    })
    .refine((entries) => ['{to}', '{text}'].every((part) => holds(entries, part)), {
      error: 'fields in which {to} and {text} stand; {reference} is the ticket',
    }),
  timeoutSeconds: whole(1, 60, 'seconds').default(10),
});

function holds(entries: Readonly<Record<string, string>>, part: string): boolean {
  return Object.values(entries).some((value) => value.includes(part));
}

const LANGUAGE_FORM = 'a language of two letters, such as en';
const PLACES = TEXT_PLACEHOLDERS.map((place) => `{${place}}`).join(' and ');

const wording = z.record(
  z.string().regex(/^[a-z]{2}$/u, { error: LANGUAGE_FORM }),
  line(MAX_TEXT_LENGTH).refine(hasKnownPlaces, {
    error: `in braces only ${PLACES}`,
  }),
);

function hasKnownPlaces(text: string): boolean {
  const known = new RegExp(`\\{(?:${TEXT_PLACEHOLDERS.join('|')})\\}`, 'gu');
  return !/[{}]/u.test(text.replaceAll(known, ''));
}

/** Texts to customers. */
export const messages = z
  .strictObject({
    provider: oneOf(['off', 'log', 'http']).default('off'),
    http: http.optional().describe('Needed if the provider is http.'),
    texts: z
      .partialRecord(oneOf(TEXT_OCCASIONS), wording)
      .default({})
      .describe('What is sent when, by language. An occasion left out is not texted.'),
  })
  .refine((all) => all.provider !== 'http' || all.http !== undefined, {
    path: ['http'],
    error: 'with provider http, where messages are posted: url and body',
  });
