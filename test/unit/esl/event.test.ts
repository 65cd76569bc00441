import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { urlDecode } from '../../../src/protocol/esl/encoding.ts';
import { serializeEventJson, serializeEventPlain } from '../../../src/protocol/esl/event.ts';
import {
  apiResponse,
  commandReply,
  disconnectNotice,
  RUDE_REJECTION,
} from '../../../src/protocol/esl/reply.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/freeswitch/${name}`, import.meta.url), 'utf8');

describe('an event', () => {
  it.each(['playback-stop.json', 'callstate-hangup.json'])(
    'is written in json as the real server wrote %s',
    (name) => {
      const text = fixture(name).trim();
      const headers = new Map(
        Object.entries(JSON.parse(text) as Record<string, string | string[]>),
      );
      expect(serializeEventJson({ headers, body: undefined })).toBe(text);
    },
  );

  it('is written in plain as the real server wrote a dump', () => {
    const text = fixture('uuid-dump.txt');
    const headers = new Map(
      text
        .trim()
        .split('\n')
        .map((line): [string, string] => {
          const colon = line.indexOf(': ');
          return [line.slice(0, colon), urlDecode(line.slice(colon + 2))];
        }),
    );
    expect(serializeEventPlain({ headers, body: undefined })).toBe(text);
  });

  it('carries a body with its length', () => {
    const headers = new Map([['Event-Name', 'BACKGROUND_JOB']]);
    expect(serializeEventPlain({ headers, body: 'é' })).toBe(
      'Event-Name: BACKGROUND_JOB\nContent-Length: 2\n\né',
    );
    expect(serializeEventJson({ headers, body: 'é' })).toBe(
      '{"Event-Name":"BACKGROUND_JOB","Content-Length":"2","_body":"é"}',
    );
  });

  it('writes an empty value as _undef_', () => {
    expect(serializeEventPlain({ headers: new Map([['X', '']]), body: undefined })).toBe(
      'X: _undef_\n\n',
    );
  });
});

describe('replies', () => {
  it('are FreeSWITCH’s, byte for byte', () => {
    expect(commandReply('+OK accepted')).toBe(
      'Content-Type: command/reply\nReply-Text: +OK accepted\n\n',
    );
    expect(commandReply('+OK Job-UUID: 1', { 'Job-UUID': '1' })).toBe(
      'Content-Type: command/reply\nReply-Text: +OK Job-UUID: 1\nJob-UUID: 1\n\n',
    );
    expect(apiResponse('')).toBe(
      'Content-Type: api/response\nContent-Length: 14\n\n-ERR no reply\n',
    );
    expect(disconnectNotice('abc')).toBe(
      'Content-Type: text/disconnect-notice\nControlled-Session-UUID: abc\nContent-Disposition: disconnect\n' +
        'Content-Length: 67\n\nDisconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n',
    );
    expect(RUDE_REJECTION.split('\n\n')[1]).toHaveLength(24);
  });
});
