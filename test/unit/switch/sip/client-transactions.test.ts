import { describe, expect, it } from 'vitest';
import { header, headers } from '../../../../src/protocol/sip/headers.ts';
import { topVia } from '../../../../src/protocol/sip/via-stack.ts';
import { TransactionError, TransportError } from '../../../../src/switch/sip/errors.ts';
import type { Hop } from '../../../../src/switch/sip/hop.ts';
import { answer, bench, cseqOf, notes, ownRequest } from './bench.ts';

function sending(method: string, protocol: Hop['protocol'] = 'udp') {
  const wire = bench(protocol);
  const { heard, listener } = notes();
  const transaction = wire.layer.send(ownRequest(method), wire.peer, listener);
  const respond = (status: number): void => wire.receive(answer(transaction.request, status));
  return { ...wire, heard, transaction, respond };
}

describe('any request', () => {
  it('goes out with our Via on top, asking for rport', () => {
    const { transaction, sent } = sending('OPTIONS');
    const via = topVia(transaction.request);
    expect(sent[0]?.message).toBe(transaction.request);
    expect(headers(transaction.request, 'Via')).toHaveLength(1);
    expect(via).toMatchObject({ transport: 'UDP', host: '127.0.0.1' });
    expect(via.parameters.get('branch')).toMatch(/^z9hG4bK./);
    expect(via.parameters.get('rport')).toBe('');
  });

  it('takes the branch it is given, once at a time', () => {
    const { layer, peer } = bench('udp');
    const options = { branch: 'z9hG4bKmine' };
    layer.send(ownRequest('OPTIONS'), peer, notes().listener, options);
    expect(() => layer.send(ownRequest('OPTIONS'), peer, notes().listener, options)).toThrow(
      TransactionError,
    );
    expect(() => layer.send(ownRequest('INFO'), peer, notes().listener, options)).not.toThrow();
  });

  it('ignores a response to another branch or method', () => {
    const { receive, transaction, heard } = sending('OPTIONS');
    receive(
      answer(
        {
          ...transaction.request,
          headers: ownRequest('OPTIONS').headers.concat({
            name: 'Via',
            value: 'SIP/2.0/UDP x;branch=z9hG4bKother',
          }),
        },
        200,
      ),
    );
    const other = transaction.request.headers.map((field) =>
      field.name === 'CSeq' ? { name: 'CSeq', value: '1 INFO' } : field,
    );
    receive(answer({ ...transaction.request, headers: other }, 200));
    expect(heard).toEqual([]);
  });

  it('is over when it cannot be sent', () => {
    const { sent, heard, clock, layer, peer } = sending('INVITE');
    sent[0]?.failed(new TransportError(peer, 'gone'));
    clock.advance(100_000);
    expect(heard).toEqual(['transport error']);
    expect(sent).toHaveLength(1);
    expect(layer.counts()).toEqual({ client: 0, server: 0 });
  });

  it('cannot be an ACK', () => {
    const { layer, peer } = bench('udp');
    expect(() => layer.send(ownRequest('ACK'), peer, notes().listener)).toThrow(TransactionError);
  });
});

describe('INVITE client transaction', () => {
  it('repeats at T1 doubling and gives up after 64 T1 over UDP', () => {
    const { clock, times, heard, layer } = sending('INVITE');
    clock.advance(31_999);
    expect(times('INVITE')).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    expect(heard).toEqual([]);
    clock.advance(1);
    expect(heard).toEqual(['timeout']);
    expect(clock.pending).toBe(0);
    expect(layer.counts().client).toBe(0);
  });

  it('does not repeat over TCP, but gives up all the same', () => {
    const { clock, times, heard } = sending('INVITE', 'tcp');
    clock.advance(32_000);
    expect(times('INVITE')).toEqual([0]);
    expect(heard).toEqual(['timeout']);
  });

  it('rings for as long as it takes after a provisional response', () => {
    const { clock, times, heard, respond } = sending('INVITE');
    respond(180);
    clock.advance(600_000);
    expect(times('INVITE')).toEqual([0]);
    expect(heard).toEqual(['180']);
  });

  it('tells every 2xx for 64 T1, and acknowledges none by itself', () => {
    const { clock, names, heard, respond, layer } = sending('INVITE');
    respond(183);
    respond(200);
    respond(180);
    clock.advance(31_999);
    respond(200);
    expect(heard).toEqual(['183', '200', '200']);
    clock.advance(1);
    respond(200);
    expect(heard).toHaveLength(3);
    expect(names()).toEqual(['INVITE']);
    expect(layer.counts().client).toBe(0);
  });

  it('acknowledges a refusal, and each repetition of it, for 64 T1', () => {
    const { clock, names, sent, heard, respond, transaction } = sending('INVITE');
    respond(486);
    respond(486);
    respond(200);
    expect(heard).toEqual(['486']);
    expect(names()).toEqual(['INVITE', 'ACK', 'ACK']);
    const ack = sent[1]?.message;
    expect(cseqOf(ack)).toBe('1 ACK');
    expect(ack && header(ack, 'Via')).toBe(header(transaction.request, 'Via'));
    expect(ack && header(ack, 'To')).toBe('<sip:b@127.0.0.1>;tag=b');
    clock.advance(32_000);
    respond(486);
    expect(names()).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  it('is over at once after a refusal over TCP', () => {
    const { clock, names, respond, layer } = sending('INVITE', 'tcp');
    respond(486);
    expect(names()).toEqual(['INVITE', 'ACK']);
    expect(layer.counts().client).toBe(0);
    expect(clock.pending).toBe(0);
  });
});

describe('cancelling an INVITE', () => {
  it('waits for a provisional response', () => {
    const { clock, names, times, sent, respond, transaction } = sending('INVITE');
    transaction.cancel([{ name: 'Reason', value: 'SIP;cause=200' }]);
    expect(names()).toEqual(['INVITE']);
    clock.advance(600);
    respond(100);
    expect(times('CANCEL')).toEqual([600]);
    const cancel = sent.at(-1)?.message;
    expect(cseqOf(cancel)).toBe('1 CANCEL');
    expect(cancel && header(cancel, 'Via')).toBe(header(transaction.request, 'Via'));
    expect(cancel && header(cancel, 'Reason')).toBe('SIP;cause=200');
  });

  it('sends one CANCEL at once while it rings', () => {
    const { names, respond, transaction } = sending('INVITE');
    respond(180);
    transaction.cancel();
    transaction.cancel();
    respond(180);
    expect(names()).toEqual(['INVITE', 'CANCEL']);
  });

  it('ends with the 487 of the INVITE, not with the 200 of the CANCEL', () => {
    const { sent, heard, names, receive, respond, transaction } = sending('INVITE');
    respond(180);
    transaction.cancel();
    const cancel = sent.at(-1)?.message;
    if (cancel?.kind !== 'request') throw new Error('no CANCEL');
    receive(answer(cancel, 200));
    expect(heard).toEqual(['180']);
    respond(487);
    expect(heard).toEqual(['180', '487']);
    expect(names()).toEqual(['INVITE', 'CANCEL', 'ACK']);
  });

  it('may lose the race against a 2xx, which is told', () => {
    const { heard, names, respond, transaction } = sending('INVITE');
    respond(180);
    transaction.cancel();
    respond(200);
    expect(heard).toEqual(['180', '200']);
    expect(names()).toEqual(['INVITE', 'CANCEL']);
  });

  it('does nothing after a final response', () => {
    for (const status of [200, 486]) {
      const { names, respond, transaction } = sending('INVITE');
      respond(status);
      transaction.cancel();
      respond(180);
      expect(names()).not.toContain('CANCEL');
    }
  });

  it('sends nothing when the final response comes before any provisional one', () => {
    const { heard, names, respond, transaction } = sending('INVITE');
    transaction.cancel();
    respond(200);
    expect(heard).toEqual(['200']);
    expect(names()).toEqual(['INVITE']);
  });

  it('gives up 64 T1 after a CANCEL nobody answers', () => {
    const { clock, heard, times, respond, transaction, layer } = sending('INVITE');
    respond(180);
    transaction.cancel();
    clock.advance(32_000);
    expect(heard).toEqual(['180', 'timeout']);
    expect(times('CANCEL').slice(0, 5)).toEqual([0, 500, 1500, 3500, 7500]);
    expect(layer.counts().client).toBe(0);
  });
});

describe('other client transactions', () => {
  it('repeat at T1 doubling up to T2 and give up after 64 T1 over UDP', () => {
    const { clock, times, heard } = sending('BYE');
    clock.advance(32_000);
    expect(times('BYE')).toEqual([
      0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    expect(heard).toEqual(['timeout']);
  });

  it('repeat at T2 after a provisional response', () => {
    const { clock, times, heard, respond } = sending('BYE');
    clock.advance(100);
    respond(100);
    respond(100);
    clock.advance(9000);
    expect(times('BYE')).toEqual([0, 4100, 8100]);
    clock.advance(22_900);
    expect(heard).toEqual(['100', '100', 'timeout']);
  });

  it('tell one final response and absorb its repetitions for T4', () => {
    const { clock, times, heard, respond, layer } = sending('BYE');
    respond(200);
    respond(200);
    clock.advance(4999);
    expect(layer.counts().client).toBe(1);
    clock.advance(1);
    expect(layer.counts().client).toBe(0);
    expect(heard).toEqual(['200']);
    expect(times('BYE')).toEqual([0]);
  });

  it('do not repeat over TCP and are over with the final response', () => {
    const { clock, times, heard, respond } = sending('BYE', 'tcp');
    clock.advance(31_000);
    respond(481);
    expect(times('BYE')).toEqual([0]);
    expect(heard).toEqual(['481']);
    expect(clock.pending).toBe(0);
  });

  it('are not cancelled', () => {
    const { names, respond, transaction } = sending('BYE');
    respond(100);
    transaction.cancel();
    expect(names()).toEqual(['BYE']);
  });
});

describe('sending without a transaction', () => {
  it('puts a Via on a request, none on a response', () => {
    const { layer, peer, sent, clock } = bench('udp');
    const ack = layer.sendStateless(ownRequest('ACK'), peer, { branch: 'z9hG4bKack' });
    expect(topVia(ack).parameters.get('branch')).toBe('z9hG4bKack');
    const response = answer(ack, 200);
    expect(layer.sendStateless(response, peer)).toBe(response);
    expect(sent.map(({ message }) => message)).toEqual([ack, response]);
    expect(clock.pending).toBe(0);
  });
});
