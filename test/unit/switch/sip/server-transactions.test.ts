import { describe, expect, it } from 'vitest';
import { header } from '../../../../src/protocol/sip/headers.ts';
import { TransactionError, TransportError } from '../../../../src/switch/sip/errors.ts';
import type { Hop } from '../../../../src/switch/sip/hop.ts';
import { answer, bench, request } from './bench.ts';

function receiving(method: string, protocol: Hop['protocol'] = 'udp') {
  const wire = bench(protocol);
  wire.receive(request(method));
  const transaction = wire.requests[0];
  if (transaction === undefined) throw new Error('no transaction');
  const respond = (status: number): void =>
    transaction.respond(answer(transaction.received.message, status));
  return { ...wire, transaction, respond };
}

describe('INVITE server transaction', () => {
  it('says 100 after 200 ms of silence, and again when asked', () => {
    const { clock, times, receive, requests } = receiving('INVITE');
    clock.advance(199);
    receive(request('INVITE'));
    expect(times('100')).toEqual([]);
    clock.advance(1);
    receive(request('INVITE'));
    expect(times('100')).toEqual([200, 200]);
    expect(requests).toHaveLength(1);
  });

  it('does not say 100 when its user spoke first', () => {
    for (const status of [180, 200, 486]) {
      const { clock, names, respond } = receiving('INVITE', 'tcp');
      respond(status);
      clock.advance(1000);
      expect(names()).toEqual([String(status)]);
    }
  });

  it('repeats the last provisional response when asked', () => {
    const { names, receive, respond, transaction } = receiving('INVITE');
    respond(180);
    respond(183);
    receive(request('INVITE'));
    expect(names()).toEqual(['180', '183', '183']);
    expect(transaction.state).toBe('proceeding');
  });

  it('repeats a refusal at T1 doubling up to T2 until 64 T1 over UDP', () => {
    const { clock, times, respond, transaction, layer } = receiving('INVITE');
    respond(486);
    clock.advance(15_500);
    expect(times('486')).toEqual([0, 500, 1500, 3500, 7500, 11_500, 15_500]);
    clock.advance(16_500);
    expect(transaction.state).toBe('terminated');
    expect(layer.counts().server).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('does not repeat a refusal over TCP', () => {
    const { clock, times, respond, transaction } = receiving('INVITE', 'tcp');
    respond(486);
    clock.advance(31_999);
    expect(times('486')).toEqual([0]);
    expect(transaction.state).toBe('completed');
    clock.advance(1);
    expect(transaction.state).toBe('terminated');
  });

  it('absorbs the ACK of a refusal, and its repetitions for T4', () => {
    const { clock, names, receive, respond, acks, transaction } = receiving('INVITE');
    respond(486);
    receive(request('ACK'));
    receive(request('ACK'));
    receive(request('INVITE'));
    clock.advance(4999);
    expect(names()).toEqual(['486']);
    expect(transaction.state).toBe('completed');
    clock.advance(1);
    expect(transaction.state).toBe('terminated');
    expect(acks).toEqual([]);
  });

  it('is over at once with the ACK of a refusal over TCP', () => {
    const { clock, receive, respond, layer } = receiving('INVITE', 'tcp');
    respond(486);
    receive(request('ACK'));
    expect(layer.counts().server).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('sends a 2xx once and absorbs the repeated INVITE for 64 T1', () => {
    const { clock, names, receive, respond, requests, transaction, layer } = receiving('INVITE');
    respond(200);
    receive(request('INVITE'));
    clock.advance(31_999);
    receive(request('INVITE'));
    expect(names()).toEqual(['200']);
    expect(requests).toHaveLength(1);
    expect(transaction.state).toBe('accepted');
    clock.advance(1);
    expect(layer.counts().server).toBe(0);
  });

  it('lets its user repeat a 2xx, without living longer for it', () => {
    const { clock, times, respond, transaction } = receiving('INVITE');
    respond(200);
    clock.advance(500);
    respond(200);
    expect(times('200')).toEqual([0, 500]);
    clock.advance(31_500);
    expect(transaction.state).toBe('terminated');
    expect(() => respond(200)).toThrow(TransactionError);
  });

  it('hands over the ACK of a 2xx, whatever its branch', () => {
    const { receive, respond, acks } = receiving('INVITE');
    respond(200);
    receive(request('ACK', { Via: 'SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKown' }));
    receive(request('ACK'));
    expect(acks).toHaveLength(2);
  });

  it.each([
    [486, 180],
    [486, 487],
    [486, 200],
    [200, 180],
    [200, 486],
  ])('does not allow %i and then %i', (first, second) => {
    const { names, respond } = receiving('INVITE');
    respond(first);
    expect(() => respond(second)).toThrow(TransactionError);
    expect(names()).toEqual([String(first)]);
  });

  it('is over when the peer is gone; what is said then is lost without harm', () => {
    const { sent, clock, names, peer, respond, transaction } = receiving('INVITE', 'tcp');
    respond(180);
    sent[0]?.failed(new TransportError(peer, 'gone'));
    expect(transaction.state).toBe('terminated');
    expect(() => respond(200)).not.toThrow();
    expect(names()).toEqual(['180']);
    expect(clock.pending).toBe(0);
  });
});

describe('CANCEL', () => {
  it('comes with its INVITE', () => {
    const { receive, cancels, requests, respond, transaction } = receiving('INVITE');
    respond(180);
    receive(request('CANCEL'));
    receive(request('CANCEL'));
    expect(cancels).toHaveLength(1);
    expect(cancels[0]?.invite).toBe(transaction);
    expect(requests).toHaveLength(1);
  });

  it('is answered apart from its INVITE', () => {
    const { receive, cancels, names, respond, transaction } = receiving('INVITE');
    receive(request('CANCEL'));
    const cancel = cancels[0]?.cancel;
    cancel?.respond(answer(cancel.received.message, 200));
    respond(487);
    expect(names()).toEqual(['200', '487']);
    expect(transaction.state).toBe('completed');
  });

  it('comes with an INVITE that has its answer already, which tells so by its state', () => {
    const { receive, cancels, respond } = receiving('INVITE');
    respond(200);
    receive(request('CANCEL'));
    expect(cancels[0]?.invite?.state).toBe('accepted');
  });

  it('comes alone when there is no INVITE, or only another one', () => {
    const { receive, cancels } = receiving('INVITE');
    receive(request('CANCEL', { Via: 'SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKother' }));
    receive(request('CANCEL', { Via: 'SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bKpeer' }));
    expect(cancels.map(({ invite }) => invite)).toEqual([undefined, undefined]);
  });
});

describe('other server transactions', () => {
  it('repeat the last response when asked, for 64 T1', () => {
    const { clock, names, receive, respond, requests, layer } = receiving('BYE');
    receive(request('BYE'));
    expect(names()).toEqual([]);
    clock.advance(100);
    respond(100);
    receive(request('BYE'));
    respond(200);
    receive(request('BYE'));
    expect(names()).toEqual(['100', '100', '200', '200']);
    clock.advance(31_999);
    expect(layer.counts().server).toBe(1);
    clock.advance(1);
    expect(layer.counts().server).toBe(0);
    receive(request('BYE'));
    expect(requests).toHaveLength(2);
  });

  it('are over with the final response over TCP', () => {
    const { clock, respond, layer } = receiving('BYE', 'tcp');
    respond(200);
    expect(layer.counts().server).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('do not allow a second final response', () => {
    for (const protocol of ['udp', 'tcp'] as const) {
      const { respond } = receiving('BYE', protocol);
      respond(200);
      expect(() => respond(500)).toThrow(TransactionError);
    }
  });

  it('are forgotten after 64 T1 when nobody answers; a later answer is lost', () => {
    const { clock, names, respond, layer } = receiving('INFO');
    clock.advance(32_000);
    expect(layer.counts().server).toBe(0);
    expect(() => respond(200)).not.toThrow();
    expect(names()).toEqual([]);
  });
});

describe('matching', () => {
  it('tells requests of one branch apart by sender and method', () => {
    const { receive, requests } = receiving('INVITE');
    receive(request('INVITE', { Via: 'SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bKpeer' }));
    receive(request('OPTIONS'));
    expect(requests).toHaveLength(3);
  });

  it('knows peers of RFC 2543 by their dialog fields', () => {
    const { receive, requests } = bench('udp');
    for (const via of ['SIP/2.0/UDP 127.0.0.1', 'SIP/2.0/UDP 127.0.0.1;branch=1']) {
      receive(request('INVITE', { Via: via }));
      receive(request('INVITE', { Via: via }));
      receive(request('INVITE', { Via: via, CSeq: '2 INVITE' }));
      receive(request('INVITE', { Via: via, 'Call-ID': 'other' }));
    }
    expect(requests).toHaveLength(6);
  });

  it('absorbs the ACK of an RFC 2543 peer, whose To has our tag', () => {
    const { receive, requests, acks } = bench('udp');
    const via = { Via: 'SIP/2.0/UDP 127.0.0.1' };
    receive(request('INVITE', via));
    const [transaction] = requests;
    transaction?.respond(answer(transaction.received.message, 486));
    receive(request('ACK', { ...via, To: '<sip:b@127.0.0.1>;tag=b' }));
    expect(acks).toEqual([]);
  });
});

describe('limits', () => {
  it('answers 503 to more requests than it may hold, and forgets them', () => {
    const { receive, requests, sent, layer } = bench('udp', { maxServerTransactions: 1 });
    receive(request('OPTIONS'));
    receive(request('OPTIONS', { Via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK2' }));
    expect(requests).toHaveLength(1);
    expect(sent[0]?.message).toMatchObject({ status: 503 });
    expect(sent[0] && header(sent[0].message, 'To')).toMatch(/;tag=/);
    expect(layer.counts().server).toBe(1);
  });

  it('leaves no timer behind when it is closed', async () => {
    const { clock, layer, names } = receiving('INVITE');
    await layer.close();
    clock.advance(1000);
    expect(clock.pending).toBe(0);
    expect(names()).toEqual([]);
  });
});
