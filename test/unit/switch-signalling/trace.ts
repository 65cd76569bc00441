import { readFileSync } from 'node:fs';

/** One entry of a recorded exchange with a real drachtio-server. */
export interface TraceEntry {
  readonly atMs: number;
  readonly kind: 'CTL' | 'SIP' | 'TCP';
  readonly from: string;
  readonly to: string;
  /** A frame's payload, or a datagram. */
  readonly bytes: Buffer;
}

const HEADING = /^\+ +(\d+)\.(\d{3}) {2}(CTL|SIP|TCP) {2}(\S+) -> (\S+) {2}/;

/** Reads a recorded exchange, of test/fixtures/drachtio. */
export function readTrace(name: string): TraceEntry[] {
  const text = readFileSync(
    new URL(`../../fixtures/drachtio/${name}.txt`, import.meta.url),
    'utf8',
  );
  return text
    .replaceAll('z9hG4bK.', 'z9hG4bK') // Sofia's branch of what it forwards without a transaction
    .split(/\n(?=\+ )/)
    .slice(1)
    .map(readEntry);
}

function readEntry(block: string): TraceEntry {
  const [heading = '', ...lines] = block.split('\n');
  const match = HEADING.exec(heading);
  if (match === null) throw new Error(`not an entry: ${heading}`);
  const [, seconds, milliseconds, kind, from = '', to = ''] = match;
  const content = lines.map((line) => line.slice(4)).join('\r\n');
  return {
    atMs: Number(seconds) * 1000 + Number(milliseconds),
    kind: kind === 'CTL' ? 'CTL' : kind === 'SIP' ? 'SIP' : 'TCP',
    from,
    to,
    bytes: kind === 'CTL' ? payloadOf(content) : datagramOf(content),
  };
}

function payloadOf(content: string): Buffer {
  const [length = '0'] = content.split('#', 1);
  return Buffer.from(content).subarray(length.length + 1, length.length + 1 + Number(length));
}

/** The datagram ends where its Content-Length says. */
function datagramOf(content: string): Buffer {
  const bytes = Buffer.from(content);
  const head = bytes.indexOf('\r\n\r\n') + 4;
  const length = /^Content-Length: *(\d+)/im.exec(content)?.[1] ?? '0';
  return bytes.subarray(0, head + Number(length));
}
