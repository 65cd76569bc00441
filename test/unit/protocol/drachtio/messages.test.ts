import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildCommand,
  type Command,
  CommandError,
  MAX_PROXY_TARGETS,
  parseCommand,
} from '../../../../src/protocol/drachtio/command.ts';
import {
  buildEvent,
  formatTime,
  parseEvent,
  type ServerEvent,
  ServerEventError,
} from '../../../../src/protocol/drachtio/event.ts';

const sip = {
  startLine: '',
  headers: [{ name: 'X-App', value: 'yes' }],
  body: Buffer.from('v=0\r\n'),
};

const COMMANDS: readonly Command[] = [
  { type: 'ping', messageId: 'm' },
  { type: 'route', messageId: 'm', verb: 'cdr:attempt' },
  { type: 'remove_route', messageId: 'm', verb: 'invite' },
  { type: 'authenticate', messageId: 'm', secret: 'cymru', tags: ['a', 'b'] },
  { type: 'authenticate', messageId: 'm', secret: '', tags: [] },
  {
    type: 'response',
    messageId: 'm',
    transactionId: 't',
    status: 183,
    reason: 'Session Progress',
    sip: { ...sip, startLine: 'SIP/2.0 183 Session Progress' },
  },
  {
    type: 'request',
    messageId: 'm',
    transactionId: '',
    dialogId: 'call;from-tag=1',
    method: 'BYE',
    uri: 'sip:placeholder',
    sip: { ...sip, startLine: 'BYE sip:placeholder SIP/2.0' },
  },
  {
    type: 'request',
    messageId: 'm',
    transactionId: '',
    dialogId: '',
    outboundProxy: 'sip:127.0.0.1:5090',
    method: 'INVITE',
    uri: 'sip:a@b',
    sip: { ...sip, startLine: 'INVITE sip:a@b SIP/2.0' },
  },
  {
    type: 'request',
    messageId: 'm',
    transactionId: 't',
    dialogId: '',
    method: 'CANCEL',
    uri: 'sip:a@b',
    sip: { ...sip, startLine: 'CANCEL sip:a@b SIP/2.0' },
  },
  {
    type: 'proxy',
    messageId: 'm',
    transactionId: 't',
    remainInDialog: true,
    fullResponse: true,
    followRedirects: true,
    forking: 'simultaneous',
    provisionalTimeout: '1s',
    finalTimeout: '18s',
    targets: ['sip:a', 'sip:b'],
    sip: { ...sip, startLine: 'INVITE sip:a SIP/2.0' },
  },
];

const meta = {
  source: 'network',
  bytes: 491,
  protocol: 'udp',
  address: '127.0.0.1',
  port: '5070',
  time: '09:56:04.664630',
} as const;
const raw = Buffer.from('SIP/2.0 200 OK\r\n\r\n');

const EVENTS: readonly ServerEvent[] = [
  { type: 'response', messageId: 'm', inReplyTo: 'x', outcome: 'OK', fields: [] },
  { type: 'response', messageId: 'm', inReplyTo: 'x', outcome: 'NOK', fields: ['why'] },
  {
    type: 'response',
    messageId: 'm',
    inReplyTo: 'x',
    outcome: 'OK',
    fields: ['network', '', 'continue'],
    sip: raw,
  },
  { type: 'sip', messageId: 'm', meta, transactionId: 't', dialogId: 'd', sip: raw },
  {
    type: 'sip',
    messageId: 'm',
    meta,
    transactionId: 't',
    dialogId: '',
    local: { address: '::1', port: '1' },
    sip: raw,
  },
  { type: 'cdr', messageId: 'm', record: 'attempt', source: 'network', time: meta.time, sip: raw },
  {
    type: 'cdr',
    messageId: 'm',
    record: 'stop',
    source: 'application',
    time: meta.time,
    detail: 'normal-release',
    sip: raw,
  },
];

describe('commands', () => {
  it.each(COMMANDS.map((command) => [command.type, command] as const))(
    '%s is read as it was written',
    (_type, command) => {
      expect(parseCommand(buildCommand(command))).toEqual(command);
    },
  );

  it.each([
    ['', 'Invalid message format'],
    ['m', 'Invalid message format'],
    ['m|', 'Unknown message type'],
    ['m|nonsense|x', 'Unknown message type'],
    ['m|route', 'Invalid message format'],
    ['m|sip|t', 'Invalid message format'],
    ['m|sip||', 'Invalid message format'],
    ['m|sip||\r\nSIP/2.0 200 OK\r\n\r\n', 'transaction id missing'],
    ['m|sip|t|\r\nSIP/2.0 nonsense\r\n\r\n', 'Invalid message format'],
    ['m|sip|t|\r\nBYE sip:x SIP/2.0\r\n\r\n', 'Invalid message format'],
    ['m|proxy|t', 'Invalid proxy request: not enough information provided'],
    [
      `m|proxy|t||||||||${'sip:a|'.repeat(MAX_PROXY_TARGETS + 1)}`,
      'Invalid proxy request: not enough information provided',
    ],
  ])('%j is refused', (payload, message) => {
    expect(() => parseCommand(Buffer.from(payload))).toThrow(
      expect.objectContaining({
        name: 'CommandError',
        messageId: payload === '' ? '' : 'm',
        message,
      }),
    );
  });

  it('leave out lines that are no header, whatever they hold', () => {
    const lines = ['no colon', 'bad name: x', ': empty', 'X-Good:  1 ', 'X-Two:', 'x\u0000y: z'];
    const payload = Buffer.from(`m|sip|t|\r\nSIP/2.0 200 OK\r\n${lines.join('\r\n')}\r\n\r\nbody`);
    expect(parseCommand(payload)).toMatchObject({
      sip: {
        headers: [
          { name: 'X-Good', value: '1' },
          { name: 'X-Two', value: '' },
        ],
        body: Buffer.from('body'),
      },
    });
  });

  it('never fail in another way', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200, unit: 'binary' }),
        fc.constantFrom('', 'm|sip|', 'm|proxy|'),
        (text, start) => {
          try {
            parseCommand(Buffer.from(start + text));
          } catch (error) {
            expect(error).toBeInstanceOf(CommandError);
          }
        },
      ),
    );
  });
});

describe('events', () => {
  it.each(EVENTS.map((event) => [event.type, event] as const))(
    '%s is read as it was written',
    (_type, event) => {
      expect(parseEvent(buildEvent(event))).toEqual(event);
    },
  );

  it('are written as drachtio-server writes them', () => {
    const told = buildEvent({
      type: 'sip',
      messageId: 'm',
      meta,
      transactionId: 't',
      dialogId: '',
      local: { address: '127.0.0.1', port: '5060' },
      sip: raw,
    });
    expect(told.toString()).toBe(
      `m|sip|network|491|udp|127.0.0.1|5070|09:56:04.664630|t||127.0.0.1|5060|\r\n${raw.toString()}`,
    );
  });

  it.each([
    '',
    'm',
    'm|what',
    'm|response|x',
    'm|response|x|MAYBE',
    'm|sip|network',
    'm|sip|moon|1|udp|a|1|t|t|d|\r\nx',
    'm|cdr:start|network|t',
  ])('%j is refused', (payload) => {
    expect(() => parseEvent(Buffer.from(payload))).toThrow(ServerEventError);
  });

  it('tell the time of day to the microsecond', () => {
    expect(formatTime(Date.UTC(2026, 10, 22, 9, 56, 4, 664) + 0.63)).toMatch(
      /^09:56:04\.66463\d$|^09:56:04\.664629$/,
    );
    expect(formatTime(Date.UTC(2026, 10, 22))).toBe('00:00:00.000000');
    expect(formatTime(Date.UTC(2026, 10, 22, 23, 59, 59, 999))).toBe('23:59:59.999000');
  });
});
