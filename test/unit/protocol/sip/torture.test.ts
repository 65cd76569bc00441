import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSipMessage } from '../../../../src/protocol/sip/parse.ts';
import { SipParseError } from '../../../../src/protocol/sip/parse-error.ts';

const FOLDER = new URL('../../../fixtures/sip/torture/', import.meta.url);

/** What RFC 4475 wants of a parser: the message taken, or refused with this status. */
type Verdict = 'taken' | 400 | 505;

const VERDICTS: Readonly<Record<string, Verdict>> = {
  // 3.1.1 valid messages
  wsinv: 'taken',
  intmeth: 'taken',
  esc01: 'taken',
  escnull: 'taken',
  esc02: 'taken',
  lwsdisp: 'taken',
  longreq: 'taken',
  dblreq: 'taken',
  semiuri: 'taken',
  transports: 'taken',
  mpart01: 'taken',
  unreason: 'taken',
  noreason: 'taken',
  // 3.1.2 invalid messages
  badinv01: 400,
  clerr: 400,
  ncl: 400,
  scalar02: 400,
  scalarlg: 400,
  quotbal: 400,
  ltgtruri: 400,
  lwsruri: 400,
  lwsstart: 400,
  trws: 400,
  escruri: 400,
  baddate: 'taken', // the Date may be ignored
  regbadct: 400,
  badaspec: 400,
  baddn: 400,
  badvers: 505,
  mismatch01: 400,
  mismatch02: 400, // 501 is allowed as well
  bigcode: 400,
  // 3.2 transaction layer, 3.3 application layer, 3.4 backward compatibility
  badbranch: 'taken',
  insuf: 400,
  unkscm: 'taken',
  novelsc: 'taken',
  unksm2: 'taken',
  bext01: 'taken',
  invut: 'taken',
  regaut01: 'taken',
  multi01: 400,
  mcl01: 400,
  bcast: 'taken',
  zeromf: 'taken',
  cparam01: 'taken',
  cparam02: 'taken',
  regescrt: 'taken',
  sdp01: 'taken',
  inv2543: 'taken',
};

/** Where we knowingly differ. An entry that starts to pass fails the test, so that the list stays true. */
const EXPECTED_FAILURES: Readonly<Record<string, string>> = {
  intmeth: 'escaped NUL, BEL and DEL in a display name: control characters are refused everywhere',
};

function verdictOn(bytes: Buffer): string | number {
  try {
    parseSipMessage(bytes);
    return 'taken';
  } catch (error) {
    if (error instanceof SipParseError) return error.status;
    throw error;
  }
}

describe('RFC 4475 torture messages', () => {
  it('are all in the table', () => {
    const files = readdirSync(FOLDER).map((file) => file.replace('.dat', ''));
    expect(files.toSorted()).toEqual(Object.keys(VERDICTS).toSorted());
  });

  it.each(Object.entries(VERDICTS))('%s: %s', (name, wanted) => {
    const verdict = verdictOn(readFileSync(new URL(`${name}.dat`, FOLDER)));
    if (name in EXPECTED_FAILURES) expect(verdict).not.toBe(wanted);
    else expect(verdict).toBe(wanted);
  });

  it('has no expected failure for a message that is not there', () => {
    expect(Object.keys(VERDICTS)).toEqual(expect.arrayContaining(Object.keys(EXPECTED_FAILURES)));
  });
});
