import { parseEvent, type ServerEvent } from '../../../src/protocol/drachtio/event.ts';

const TIME = /^\d\d:\d\d:\d\d\.\d{6}$/;
const IDENTIFIER = /^[A-Za-z0-9_-]{6,}$/;
const TOKEN = /[A-Za-z0-9_-]+|[^A-Za-z0-9_-]/g;

/**
 * Compares what was recorded with what is sent now. Identifiers that the server makes (transaction ids, tags,
 * branches, Call-IDs, numbers) differ, but one recorded name must always stand for the same new one.
 */
export class Likeness {
  readonly #newNames = new Map<string, string>();
  readonly #oldNames = new Map<string, string>();

  /** A recorded text with the names of this run. */
  translate(text: string): string {
    return text.replaceAll(TOKEN, (token) => this.#newNames.get(token) ?? token);
  }

  /** Why two frames differ; nothing when they do not. */
  compareFrames(recorded: Buffer, sent: Buffer): string | undefined {
    const [old, now] = [parseEvent(recorded), parseEvent(sent)];
    return (
      this.#compareTexts(fieldsOf(old), fieldsOf(now)) ??
      bytesDiffer(old, now) ??
      this.#compareSipOf(old, now)
    );
  }

  /** Why two SIP messages differ; nothing when they do not. Spacing and the place of Content-Length do not count. */
  compareSip(recorded: Buffer, sent: Buffer): string | undefined {
    return this.#compareTexts(normalized(recorded), normalized(sent));
  }

  #compareSipOf(old: ServerEvent, now: ServerEvent): string | undefined {
    if (old.sip === undefined && now.sip === undefined) return undefined;
    return this.compareSip(old.sip ?? Buffer.alloc(0), now.sip ?? Buffer.alloc(0));
  }

  #compareTexts(recorded: string, sent: string): string | undefined {
    const old = recorded.match(TOKEN) ?? [];
    const now = sent.match(TOKEN) ?? [];
    const same =
      old.length === now.length &&
      old.every((token, index) => this.#alike(token, now[index] ?? ''));
    return same ? undefined : `recorded:\n${recorded}\nsent:\n${sent}`;
  }

  #alike(old: string, now: string): boolean {
    const known = this.#newNames.get(old);
    if (known !== undefined) return known === now;
    if (old === now) return true;
    if (!IDENTIFIER.test(old) || !IDENTIFIER.test(now) || this.#oldNames.has(now)) return false;
    this.#newNames.set(old, now);
    this.#oldNames.set(now, old);
    return true;
  }
}

/** All fields of an event but its own id, its times and lengths. */
function fieldsOf(event: ServerEvent): string {
  const { messageId: _, sip: __, ...rest } = event;
  const plain = (key: string, value: unknown): unknown => {
    if (key === 'bytes') return undefined;
    return typeof value === 'string' && TIME.test(value) ? 'TIME' : value;
  };
  const flat = JSON.parse(JSON.stringify(rest, plain)) as Record<string, unknown>;
  if (event.type === 'response' && /^\d+$/.test(event.fields[1] ?? '')) {
    flat['fields'] = event.fields.map((field, index) =>
      index === 1 ? 'BYTES' : TIME.test(field) ? 'TIME' : field,
    );
  }
  return JSON.stringify(flat);
}

/** The number of bytes told must stand in the same relation to the message shown. */
function bytesDiffer(old: ServerEvent, now: ServerEvent): string | undefined {
  const [oldSurplus, newSurplus] = [surplus(old), surplus(now)];
  // "Content-Length:   115" is shown without its extra blanks.
  return Math.abs(oldSurplus - newSurplus) <= 8
    ? undefined
    : `bytes: ${oldSurplus} more than shown, now ${newSurplus}`;
}

function surplus(event: ServerEvent): number {
  if (event.type === 'cdr' || event.sip === undefined) return 0;
  const bytes = event.type === 'sip' ? event.meta.bytes : Number(event.fields[1]);
  return bytes === 0 ? 0 : bytes - event.sip.length;
}

function normalized(sip: Buffer): string {
  const [head = '', ...body] = sip.toString('utf8').split('\r\n\r\n');
  const [startLine = '', ...lines] = head.split('\r\n');
  const length = lines.find((line) => /^content-length:/i.test(line))?.replace(/\D+/g, '') ?? '0';
  const fields = lines
    .filter((line) => !/^content-length:/i.test(line))
    // Sofia leaves Max-Forwards out of the ACK a proxy makes; RFC 3261 section 8.1.1 asks for it.
    .filter((line) => !(startLine.startsWith('ACK ') && /^max-forwards:/i.test(line)))
    // Sofia writes a To it made up itself without brackets, into the 408 nobody sent.
    .map((line) => line.replace(/^To: (sip:[^;<>]+);/, 'To: <$1>;'))
    .map((line) => line.replace(/^(Authorization:.*)$/, (value) => value.replaceAll(', ', ',')));
  return [startLine, ...fields, `length ${length}`, '', body.join('\r\n\r\n')].join('\n');
}
