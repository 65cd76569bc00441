import { describe, expect, it } from 'vitest';
import type { SipResponse } from '../../../src/protocol/sip/message.ts';
import {
  applicationHeaders,
  ordered,
  withBrackets,
} from '../../../src/switch/signalling/header-rules.ts';
import { RegisteredFlows } from '../../../src/switch/signalling/network/flows.ts';
import {
  findWay,
  type Way,
  type WayFailure,
} from '../../../src/switch/signalling/network/hop-resolver.ts';
import { type Listener, Listeners } from '../../../src/switch/signalling/network/listeners.ts';
import {
  bestRefusal,
  newTarget,
  parseTimeoutMs,
} from '../../../src/switch/signalling/proxy/proxy-target.ts';
import type { Received } from '../../../src/switch/sip/hop.ts';

const UDP: Listener = { protocol: 'udp', address: '127.0.0.1', port: 5060 };
const TCP: Listener = { protocol: 'tcp', address: '127.0.0.1', port: 5070, advertise: '192.0.2.7' };

describe('headers of applications', () => {
  it.each([
    ['content-type', 'Content-Type'],
    ['c', 'Content-Type'],
    ['CALL-ID', 'Call-ID'],
    ['p-asserted-identity', 'P-Asserted-Identity'],
    ['x-mine', 'x-mine'],
    ['X-Mine', 'X-Mine'],
    ['my-own', 'My-Own'],
  ])('%s is written %s', (given, written) => {
    expect(applicationHeaders([{ name: given, value: '1' }], 'h:1')).toEqual([
      { name: written, value: '1' },
    ]);
  });

  it.each([
    ['From', 'sip:app@localhost', 'sip:app@h:1'],
    ['Contact', '<sip:app@localhost:9>;x=1', '<sip:app@h:1>;x=1'],
    ['P-Asserted-Identity', '<sip:app@localhost>', '<sip:app@h:1>'],
    ['Subject', 'me@localhost', 'me@localhost'],
  ])('%s: %s becomes %s', (name, value, expected) => {
    expect(applicationHeaders([{ name, value }], 'h:1')[0]?.value).toBe(expected);
  });

  it.each([
    ['sip:a@b', '<sip:a@b>'],
    ['sip:a@b;tag=1', '<sip:a@b>;tag=1'],
    ['<sip:a@b>;tag=1', '<sip:a@b>;tag=1'],
    ['"x" <sip:a@b>', '"x" <sip:a@b>'],
  ])('the address %s is written %s', (given, written) => {
    expect(withBrackets(given)).toBe(written);
  });

  it('stand in the order of the stack, those it does not know last', () => {
    const names = ['X-B', 'Content-Type', 'CSeq', 'Via', 'X-A', 'From', 'Via'];
    const sorted = ordered(names.map((name, index) => ({ name, value: String(index) })));
    expect(sorted.map(({ name, value }) => name + value)).toEqual([
      'Via3',
      'Via6',
      'From5',
      'CSeq2',
      'Content-Type1',
      'X-B0',
      'X-A4',
    ]);
  });
});

describe('listeners', () => {
  const listeners = new Listeners([UDP, TCP]);

  it.each([
    ['sip:127.0.0.1', true],
    ['sip:x@127.0.0.1:5060', true],
    ['sip:x@localhost:5070', true],
    ['sip:x@192.0.2.7:5070', true],
    ['sip:x@192.0.2.7', false],
    ['sip:x@127.0.0.1:5080', false],
    ['tel:+12025550123', false],
    ['nonsense', false],
  ])('%s is ours: %s', (uri, own) => {
    expect(listeners.isOwn(uri)).toBe(own);
  });

  it('name themselves', () => {
    expect(listeners.hostPorts('advertised')).toBe('tcp/192.0.2.7:5070,udp/127.0.0.1:5060');
    expect(listeners.hostPorts('local')).toBe('tcp/127.0.0.1:5070,udp/127.0.0.1:5060');
  });

  it.each<[string, Way | WayFailure]>([
    [
      'sip:a@127.0.0.1',
      { hop: { protocol: 'udp', address: '127.0.0.1', port: 5060 }, listener: UDP },
    ],
    [
      'sip:a@127.0.0.1:9;transport=TCP',
      { hop: { protocol: 'tcp', address: '127.0.0.1', port: 9 }, listener: TCP },
    ],
    [
      'sip:a@h;maddr=127.0.0.2',
      { hop: { protocol: 'udp', address: '127.0.0.2', port: 5060 }, listener: UDP },
    ],
    ['sip:a@127.0.0.1;transport=ws', 'transport'],
    ['tel:+12025550123', 'address'],
    ['', 'address'],
  ])('the way to %j is found at once', (uri, expected) => {
    const found: (Way | WayFailure)[] = [];
    findWay(uri, listeners, (way) => found.push(way));
    expect(found).toEqual([expected]);
  });

  it('the way to a name is looked up', async () => {
    const way = await new Promise((resolve) => findWay('sip:a@localhost:7', listeners, resolve));
    expect(way).toMatchObject({ hop: { protocol: 'udp', address: '127.0.0.1', port: 7 } });
  });
});

describe('registered flows', () => {
  const hop = { protocol: 'tcp', address: '127.0.0.1', port: 40_000 } as const;

  it('last as long as the registration, and only over connections', () => {
    let nowMs = 0;
    const flows = new RegisteredFlows({ nowMs: () => nowMs, after: () => () => undefined }, 10);
    flows.note('sip:a@h', hop, 60);
    flows.note('sip:b@h', { ...hop, protocol: 'udp' }, 60);
    expect(flows.find('sip:a@h:99;transport=tcp')).toEqual(hop);
    expect(flows.find('sip:b@h')).toBeUndefined();
    nowMs = 60_000;
    expect(flows.find('sip:a@h')).toBeUndefined();
    flows.note('sip:a@h', hop, 60);
    flows.note('sip:a@h', hop, 0);
    expect(flows.find('sip:a@h')).toBeUndefined();
  });

  it('are no more than the limit: the oldest goes', () => {
    const flows = new RegisteredFlows({ nowMs: () => 0, after: () => () => undefined }, 2);
    for (const user of ['a', 'b', 'c']) flows.note(`sip:${user}@h`, hop, 60);
    expect(['a', 'b', 'c'].map((user) => flows.find(`sip:${user}@h`) !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('a proxy', () => {
  it.each([
    ['1s', 1_000],
    ['250ms', 250],
    ['0s', 0],
    ['', undefined],
    ['5', undefined],
    ['-1s', undefined],
    ['1h', undefined],
  ])('reads the time-out %j as %s ms', (text, expected) => {
    expect(parseTimeoutMs(text)).toBe(expected);
  });

  it.each([
    [[486, 603, 404], 603],
    [[503, 404], 404],
    [[404, 401, 486], 401],
    [[302, 500], 500],
    [[486, 404], 486],
    [[], undefined],
  ])('of refusals %j prefers %s', (statuses, expected) => {
    const targets = statuses.map((status) => {
      const message: SipResponse = {
        kind: 'response',
        status,
        reason: '',
        headers: [],
        body: Buffer.alloc(0),
      };
      const hop = { protocol: 'udp', address: '', port: 0 } as const;
      const refusal: Received<SipResponse> = { message, bytes: 0, source: hop, local: hop };
      return { ...newTarget('sip:x'), refusal };
    });
    expect(bestRefusal(targets)?.status).toBe(expected);
  });
});
