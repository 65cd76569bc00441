import type { SipAddress } from './server.ts';
import { type SippOptions, SippRun } from './sipp.ts';
import { answer, type Step, scenario } from './sipp-scenario.ts';

/** How a customer's telephone takes a call, without anybody answering it. */
export type Refusal =
  | { readonly how: 'refused'; readonly status: number }
  /** Rings until the caller gives up. */
  | { readonly how: 'unanswered' };

/**
 * A telephone that does not answer, played by SIPp; `port` of what comes back says where it takes its
 * one call.
 */
export function refusingCustomer(
  server: SipAddress,
  refusal: Refusal,
  options: Pick<SippOptions, 'port'> = {},
): Promise<SippRun> {
  const steps =
    refusal.how === 'refused'
      ? [receive('INVITE'), reply(refusal.status), receive('ACK')]
      : [receive('INVITE'), reply(180), ...givenUp()];
  return SippRun.start({
    ...options,
    server,
    dialled: 'nobody',
    scenario: scenario(...steps),
    limitSeconds: 60,
  });
}

/** A telephone that answers its one call, with `sdp`, until the other side hangs up. */
export function answeringCustomer(server: SipAddress, sdp: string): Promise<SippRun> {
  return SippRun.start({
    server,
    dialled: 'nobody',
    scenario: scenario(receive('INVITE'), reply(180), pickUp(sdp), receive('ACK'), answer('BYE')),
    limitSeconds: 60,
  });
}

function receive(method: string): Step {
  return `  <recv request="${method}"/>`;
}

function reply(status: number, cseq = '[last_CSeq:]'): Step {
  return [
    '  <send><![CDATA[',
    `    SIP/2.0 ${status} Test`,
    '    [last_Via:]',
    '    [last_From:]',
    '    [last_To:];tag=[pid]customer[call_number]',
    '    [last_Call-ID:]',
    `    ${cseq}`,
    '    Contact: <sip:customer@[local_ip]:[local_port]>',
    '    Content-Length: 0',
    '  ]]></send>',
  ].join('\n');
}

function pickUp(sdp: string): Step {
  const content = [
    'Content-Type: application/sdp',
    'Content-Length: [len]',
    '',
    ...sdp.split('\r\n'),
  ];
  return reply(200).replace(
    '    Content-Length: 0',
    content.map((line) => `    ${line}`).join('\n'),
  );
}

/** CANCEL: 200 to it, 487 to the INVITE, whose branch it shares. */
function givenUp(): readonly Step[] {
  return [
    receive('CANCEL').replace(
      '/>',
      '><action><ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="cseq"/></action></recv>',
    ),
    reply(200),
    reply(487, 'CSeq: [$cseq] INVITE'),
    receive('ACK'),
  ];
}
