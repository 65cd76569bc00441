/**
 * Scenarios for SIPp, written as steps. Words in brackets are SIPp's own: `[remote_ip]`,
 * `[call_id]`, and those that a run sets, such as `[dialled]`.
 */
export type Step = string;

export interface RequestParts {
  readonly headers?: readonly string[];
  /** Session description; undefined sends none. */
  readonly sdp?: string | undefined;
  /** Whether SIPp sends it again until it is answered; so it does by default. */
  readonly once?: boolean;
}

const FROM = 'From: <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]tag[call_number]';
const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]';
const CONTACT = 'Contact: <sip:[caller]@[local_ip]:[local_port];transport=[transport]>';
const FIRST_TO = 'To: <sip:[dialled]@[remote_ip]:[remote_port]>';

/** The whole of a scenario. */
export function scenario(...steps: readonly Step[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="test">\n${steps.join('\n')}\n</scenario>\n`;
}

/** An INVITE with some header lines as given, in place of what `invite` would write, or left out. */
export function oddInvite(odd: Readonly<Record<string, string | undefined>>, sdp: string): Step {
  const usual: Readonly<Record<string, string>> = {
    Via: VIA,
    From: FROM,
    To: FIRST_TO,
    'Call-ID': 'Call-ID: [call_id]',
    CSeq: 'CSeq: [cseq] INVITE',
    Contact: CONTACT,
    'Max-Forwards': 'Max-Forwards: 70',
    'Content-Type': 'Content-Type: application/sdp',
    'Content-Length': 'Content-Length: [len]',
  };
  const lines = Object.values({ ...usual, ...odd }).filter((line) => line !== undefined);
  const text = [
    'INVITE sip:[dialled]@[remote_ip]:[remote_port] SIP/2.0',
    ...lines,
    '',
    ...sdp.split('\r\n'),
  ];
  return written(text, '<send>');
}

/** A request outside any dialog. */
export function outsideDialog(method: string): Step {
  return send([
    `${method} sip:[dialled]@[remote_ip]:[remote_port] SIP/2.0`,
    VIA,
    FROM,
    FIRST_TO,
    'Call-ID: [call_id]',
    `CSeq: [cseq] ${method}`,
    CONTACT,
    'Max-Forwards: 70',
  ]);
}

/** The first INVITE of the call. */
export function invite({ headers = [], sdp }: RequestParts = {}): Step {
  return send(
    [
      'INVITE sip:[dialled]@[remote_ip]:[remote_port] SIP/2.0',
      VIA,
      ...(headers.some((header) => header.startsWith('From:')) ? [] : [FROM]),
      FIRST_TO,
      'Call-ID: [call_id]',
      'CSeq: [cseq] INVITE',
      ...(headers.some((header) => header.startsWith('Contact:')) ? [] : [CONTACT]),
      'Max-Forwards: 70',
      ...headers,
    ],
    { sdp },
  );
}

/** Registers by digest; `dialled` and `caller` must be the user. */
export function registration(user: string, secret: string): string {
  const register = (...headers: readonly string[]): Step =>
    send([
      'REGISTER sip:[dialled]@[remote_ip]:[remote_port] SIP/2.0',
      VIA,
      FROM,
      FIRST_TO,
      'Call-ID: [call_id]',
      'CSeq: [cseq] REGISTER',
      CONTACT,
      'Expires: 300',
      'Max-Forwards: 70',
      ...headers,
    ]);
  return scenario(
    register(),
    expectFinal(401, { auth: true }),
    register(`[authentication username=${user} password=${secret}]`),
    expectFinal(200),
  );
}

/** A request within the dialog. */
export function request(method: string, { headers = [], sdp }: RequestParts = {}): Step {
  return send([...withinDialog(method, '[cseq]'), CONTACT, ...headers], { sdp });
}

/** ACK to a 2xx. `sdp`: the answer to a late offer. */
export function ack(sdp?: string): Step {
  return send(withinDialog('ACK', '[cseq]'), { sdp, once: true });
}

/** ACK to a final response that is no 2xx; SIPp wants it written out. */
export function ackRefusal(): Step {
  return send(
    [
      'ACK sip:[dialled]@[remote_ip]:[remote_port] SIP/2.0',
      '[last_Via:]',
      '[last_From:]',
      '[last_To:]',
      'Call-ID: [call_id]',
      'CSeq: [cseq] ACK',
      'Max-Forwards: 70',
    ],
    { once: true },
  );
}

/**
 * A call that is withdrawn after `afterMs`, in place of `invite` and what follows it. If the answer
 * was faster than the CANCEL, the call is hung up.
 */
export function cancelledCall(afterMs: number, sdp: string): Step {
  const lines = (method: string): readonly string[] => [
    `${method} sip:[dialled]@[remote_ip]:[remote_port] SIP/2.0`,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[call_id]`,
    FROM,
    FIRST_TO,
    'Call-ID: [call_id]',
    `CSeq: 1 ${method}`,
    'Max-Forwards: 70',
  ];
  return [
    send([...lines('INVITE'), CONTACT], { sdp }).replace('<send', '<send start_txn="invite"'),
    // The answer may come before the CANCEL leaves, so this is no mere pause.
    '  <recv response="100" optional="global" response_txn="invite"/>',
    '  <recv response="200" optional="global" rrs="true" response_txn="invite" next="answered"/>',
    `  <recv request="MESSAGE" timeout="${afterMs}" ontimeout="withdraw"/>`,
    '  <label id="withdraw"/>',
    send(lines('CANCEL')).replace('<send', '<send start_txn="cancel"'),
    '  <recv response="481" optional="true" response_txn="cancel"/>',
    '  <recv response="200" optional="true" response_txn="cancel"/>',
    '  <recv response="487" response_txn="invite"/>',
    send([...lines('ACK').filter((line) => line !== FIRST_TO), '[last_To:]'], {
      once: true,
    }).replace('<send', '<send ack_txn="invite" next="withdrawn"'),
    '  <label id="answered"/>',
    ack().replace('<send', '<send ack_txn="invite"'),
    request('BYE').replace('<send', '<send start_txn="bye"'),
    '  <recv response="481" optional="true" response_txn="cancel"/>',
    '  <recv response="200" optional="true" response_txn="cancel"/>',
    '  <recv response="200" response_txn="bye"/>',
    '  <label id="withdrawn"/>',
  ].join('\n');
}

/** A key by SIP INFO. */
export function infoKey(key: string): Step {
  return [
    send([...withinDialog('INFO', '[cseq]'), 'Content-Type: application/dtmf-relay'], {
      body: [`Signal=${key}`, 'Duration=160'],
    }),
    expectFinal(200),
  ].join('\n');
}

/** Waits for this final response, whatever provisional ones come before. */
export function expectFinal(status: number, options: { readonly auth?: boolean } = {}): Step {
  const auth = options.auth === true ? ' auth="true"' : '';
  return [
    ...[100, 180, 183].map((code) => `  <recv response="${code}" optional="true"/>`),
    `  <recv response="${status}" rrs="true"${auth}/>`,
  ].join('\n');
}

/** Waits until the test gives its cue (`SippRun.cue`). */
export function awaitCue(): Step {
  return '  <recv request="MESSAGE"/>';
}

export function pause(milliseconds: number): Step {
  return `  <pause milliseconds="${milliseconds}"/>`;
}

/** Waits for a request of the other side and answers it with 200. */
export function answer(method: string, parts: RequestParts = {}): Step {
  return [`  <recv request="${method}"/>`, send200(parts)].join('\n');
}

/** Answers the request that came last. */
function send200({ headers = [], sdp }: RequestParts): Step {
  return send(
    [
      'SIP/2.0 200 OK',
      '[last_Via:]',
      '[last_From:]',
      '[last_To:]',
      '[last_Call-ID:]',
      '[last_CSeq:]',
      CONTACT,
      ...headers,
    ],
    { sdp, once: true },
  );
}

/** Waits for a re-INVITE, accepts it, and waits for its ACK. */
export function answerReinvite(sdp: string, headers: readonly string[] = []): Step {
  return [answer('INVITE', { sdp, headers }), '  <recv request="ACK"/>'].join('\n');
}

/** Hangs up. */
export function bye(): Step {
  return [request('BYE'), expectFinal(200)].join('\n');
}

/** The server's BYE, or at the test's cue one of our own. */
export function endEitherWay(): Step {
  return [
    '  <recv request="MESSAGE" optional="true" next="hang-up"/>',
    '  <recv request="BYE"/>',
    send200({}).replace('<send>', '<send next="over">'),
    '  <label id="hang-up"/>',
    bye(),
    '  <label id="over"/>',
  ].join('\n');
}

/** Plays a file of packets to where the other side wants its sound. */
export function playPackets(path: string): Step {
  return `  <nop><action><exec play_pcap_audio="${path}"/></action></nop>`;
}

function withinDialog(method: string, cseq: string): readonly string[] {
  return [
    `${method} [next_url] SIP/2.0`,
    VIA,
    FROM,
    `${FIRST_TO}[peer_tag_param]`,
    '[routes]',
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    'Max-Forwards: 70',
  ];
}

function send(
  lines: readonly string[],
  { sdp, body, once }: RequestParts & { readonly body?: readonly string[] } = {},
): Step {
  const isRetransmitted = once !== true && !(lines[0] ?? '').startsWith('SIP/2.0');
  const content = sdp?.split('\r\n') ?? body ?? [];
  const text = [
    ...lines,
    ...(sdp === undefined ? [] : ['Content-Type: application/sdp']),
    'Content-Length: [len]',
    '',
    ...content,
  ];
  return written(text, isRetransmitted ? '<send retrans="500">' : '<send>');
}

function written(text: readonly string[], tag: string): Step {
  return [`  ${tag}<![CDATA[`, ...text.map((line) => `    ${line}`), '  ]]></send>'].join('\n');
}
