import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../src/protocol/sip/address.ts';
import type { SipMessage, SipRequest } from '../../src/protocol/sip/message.ts';
import { parseSipMessage } from '../../src/protocol/sip/parse.ts';
import { SipParseError } from '../../src/protocol/sip/parse-error.ts';
import { refusalOf } from '../../src/protocol/sip/response.ts';
import { serializeSipMessage } from '../../src/protocol/sip/serialize.ts';
import { SipStreamReader, type StreamItem } from '../../src/protocol/sip/stream.ts';
import { formatSipUri, parseSipUri } from '../../src/protocol/sip/uri.ts';

const CORPUS = new URL('../fixtures/sip/torture/', import.meta.url);
const corpus = readdirSync(CORPUS).map((file) => readFileSync(new URL(file, CORPUS)));

/** Messages of the corpus with bytes changed, cut out, repeated and joined. */
const mutated = fc
  .tuple(
    fc.constantFrom(...corpus),
    fc.array(
      fc.record({
        at: fc.nat(4000),
        remove: fc.nat(40),
        insert: fc.oneof(
          fc.uint8Array({ maxLength: 8 }),
          fc
            .constantFrom(
              '\r\n',
              '\r\n ',
              ';',
              ',',
              '"',
              '<',
              '>',
              '%',
              ':',
              '\\',
              '\0',
              '=',
              ' ',
              '@',
              'l: 5\r\n',
            )
            .map((text) => Buffer.from(text)),
        ),
      }),
      { maxLength: 6 },
    ),
  )
  .map(([bytes, changes]) =>
    changes.reduce((whole, { at, remove, insert }) => {
      const from = at % (whole.length + 1);
      return Buffer.concat([whole.subarray(0, from), insert, whole.subarray(from + remove)]);
    }, bytes),
  );

/** The message, or the refusal; any other error fails the property. */
function parseOrRefuse(bytes: Buffer): SipMessage | SipParseError {
  try {
    return parseSipMessage(bytes);
  } catch (error) {
    if (error instanceof SipParseError) return error;
    throw error;
  }
}

const token = fc.stringMatching(/^[A-Za-z0-9\-.!%*_+`'~]{1,20}$/);
const value = fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/);
const text = fc.string({ unit: 'grapheme', maxLength: 20 });

const wellFormed: fc.Arbitrary<SipRequest> = fc
  .record({
    method: token,
    others: fc.array(fc.record({ name: token.map((name) => `X-${name}`), value }), {
      maxLength: 20,
    }),
    body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  })
  .map(({ method, others, body }) => ({
    kind: 'request',
    method,
    uri: 'sip:b@127.0.0.1',
    headers: [
      { name: 'Via', value: 'SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1' },
      { name: 'From', value: '<sip:a@127.0.0.1>;tag=a' },
      { name: 'To', value: '<sip:b@127.0.0.1>' },
      { name: 'Call-ID', value: 'call' },
      { name: 'CSeq', value: `1 ${method}` },
      ...others,
      { name: 'Content-Length', value: String(body.length) },
    ],
    body,
  }));

describe('any bytes', () => {
  it('are a message or a refusal, and a refusal can be written', () => {
    const anything = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, anything), (bytes) => {
        const result = parseOrRefuse(bytes);
        if (!(result instanceof SipParseError)) return;
        const response = refusalOf(result, 'tag');
        if (response !== undefined) expect(() => serializeSipMessage(response)).not.toThrow();
      }),
      { numRuns: 5000 },
    );
  });

  it('that are a message stay the same one when written and read', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const first = parseOrRefuse(bytes);
        if (first instanceof SipParseError) return;
        const written = serializeSipMessage(first);
        expect(serializeSipMessage(parseSipMessage(written))).toEqual(written);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a stream', () => {
  it('means the same however it is cut', () => {
    const read = (bytes: Buffer, cuts: readonly number[]): StreamItem[] => {
      const reader = new SipStreamReader();
      const edges = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
      let from = 0;
      return edges
        .toSorted((a, b) => a - b)
        .flatMap((to) => reader.push(bytes.subarray(from, (from = to))));
    };
    const streams = fc
      .array(fc.oneof(mutated, wellFormed.map(serializeSipMessage)), { minLength: 1, maxLength: 4 })
      .map((parts) => Buffer.concat(parts));
    const cuts = fc.array(fc.nat(8000), { maxLength: 30 });
    fc.assert(
      fc.property(streams, cuts, (bytes, at) => {
        expect(summary(read(bytes, at))).toEqual(summary(read(bytes, [])));
      }),
      { numRuns: 2000 },
    );
  });

  it('brings back every message put in', () => {
    fc.assert(
      fc.property(
        fc.array(wellFormed, { maxLength: 5 }),
        fc.integer({ min: 1, max: 700 }),
        (sent, size) => {
          const bytes = Buffer.concat(sent.map(serializeSipMessage));
          const reader = new SipStreamReader();
          const came: StreamItem[] = [];
          for (let at = 0; at < bytes.length; at += size) {
            came.push(...reader.push(bytes.subarray(at, at + size)));
          }
          expect(came.map((item) => item.kind === 'message' && item.message)).toEqual(sent);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Items without what depends on how much of a message was there when it was refused. */
function summary(items: readonly StreamItem[]): unknown[] {
  return items.map((item) =>
    item.kind === 'error' ? { reason: item.error.reason, fatal: item.fatal } : item,
  );
}

describe('values', () => {
  it('of addresses survive being written and read', () => {
    const printable = text.filter((name) => !/\p{Cc}/u.test(name));
    fc.assert(
      fc.property(printable, token, value, (displayName, name, parameter) => {
        const parameters = new Map([[name.toLowerCase(), parameter]]);
        const address = { displayName, uri: 'sip:a@b', parameters };
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });

  it('of URIs survive being written and read', () => {
    const whole = text.filter((user) => user !== '');
    fc.assert(
      fc.property(whole, whole, fc.integer({ min: 1, max: 65_535 }), (user, parameter, port) => {
        const parameters = new Map([['x', parameter]]);
        const uri = { scheme: 'sip', user, host: 'b', port, parameters } as const;
        expect(parseSipUri(formatSipUri(uri))).toEqual(uri);
      }),
    );
  });
});

describe('time', () => {
  // Quadratic work on 60 KB takes seconds for each of these, and so would fail by the time-out.
  const HEAD = 'OPTIONS sip:b@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n';
  it.each([
    ['white space', `${HEAD}From:${' '.repeat(60_000)}x\r\n\r\n`],
    ['folding', `${HEAD}From: a${'\r\n '.repeat(20_000)}b\r\n\r\n`],
    ['colons', `${HEAD}${':'.repeat(60_000)}\r\n\r\n`],
    ['quotes', `${HEAD}From: ${'"\\'.repeat(30_000)}\r\n\r\n`],
    ['brackets', `${HEAD}Contact: ${'<'.repeat(60_000)}\r\n\r\n`],
    ['parameters', `${HEAD}Via: a${';x'.repeat(30_000)}\r\n\r\n`],
    ['commas', `${HEAD}Via: ${','.repeat(60_000)}\r\n\r\n`],
    ['fields', `${HEAD}${'a:\r\n'.repeat(15_000)}\r\n`],
    ['line feeds', '\n'.repeat(60_000)],
    ['carriage returns', `${HEAD}${'\r'.repeat(60_000)}`],
    ['blanks in the start line', `OPTIONS ${' '.repeat(60_000)} SIP/2.0\r\n\r\n`],
    ['a status line', `SIP/2.0 200 ${' '.repeat(60_000)}\r\n\r\n`],
  ])('is short for %s, whole or byte by byte', (_, message) => {
    const bytes = Buffer.from(message);
    for (let round = 0; round < 50; round += 1) parseOrRefuse(bytes);
    const reader = new SipStreamReader();
    for (let at = 0; at < bytes.length; at += 1) reader.push(bytes.subarray(at, at + 1));
  });
});
